import type { VoxelData } from "#storage/open-array.ts";

const MAX_SAMPLES = 65_536;

/** At most `MAX_SAMPLES` finite values, spread evenly, in ascending order. */
function toSortedSample(blocks: readonly VoxelData[]): Float64Array {
  const total = blocks.reduce((sum, block) => sum + block.length, 0);
  const step = Math.max(1, Math.ceil(total / MAX_SAMPLES));
  const sample: number[] = [];
  let next = 0;
  for (const block of blocks) {
    for (; next < block.length; next += step) {
      const value = Number(block[next]);
      if (Number.isFinite(value)) sample.push(value);
    }
    next -= block.length;
  }
  return Float64Array.from(sample).sort();
}

/**
 * The values to draw black and white: the 0.5th and 99.5th percentile of what is given, widened where they are equal.
 * `undefined` where there is no finite value.
 */
export function toContrastRange(
  blocks: readonly VoxelData[],
  [low, high]: readonly [number, number] = [0.005, 0.995],
): readonly [black: number, white: number] | undefined {
  const sorted = toSortedSample(blocks);
  const at = (fraction: number) => sorted[Math.round(fraction * (sorted.length - 1))];
  const black = at(low);
  const white = at(high);
  if (black === undefined || white === undefined) return undefined;
  if (white > black) return [black, white];
  const least = sorted[0] ?? black;
  const most = sorted.at(-1) ?? white;
  return most > least ? [least, most] : [black, black + Math.max(1, Math.abs(black))];
}
