import type { Coordinate } from "#dacapo/coordinate.ts";
import type { ChannelKind, OutputChannel } from "#dacapo/task-outputs.ts";
import type { EngineOutput } from "./engine.ts";

/** A symmetry of the image plane (the last two axes): first the axes are swapped, then turned round. */
export type Augmentation = { readonly swap: boolean; readonly flipY: boolean; readonly flipX: boolean };

/** "flips": four. "all": the eight flips and quarter turns, where blocks and voxels are as high as wide; else the flips. */
export type AugmentationChoice = "none" | "flips" | "all";

const ON_OFF = [false, true] as const;

export function planAugmentations(
  choice: AugmentationChoice,
  inputShape: Coordinate,
  voxelSize: Coordinate,
): readonly Augmentation[] {
  if (choice === "none") return [{ swap: false, flipY: false, flipX: false }];
  const square = inputShape.at(-1) === inputShape.at(-2) && voxelSize.at(-1) === voxelSize.at(-2);
  const swaps = choice === "all" && square ? ON_OFF : [false];
  return swaps.flatMap((swap) => ON_OFF.flatMap((flipY) => ON_OFF.map((flipX) => ({ swap, flipY, flipX }))));
}

const DIRECTIONAL: ReadonlySet<ChannelKind> = new Set(["affinity", "lsd", "embedding", "unknown"]);

/** Averaging over turned images makes sense for channels whose meaning has no direction: affinities have one. */
export function canAugment(channels: readonly OutputChannel[]): boolean {
  return channels.every(({ kind }) => !DIRECTIONAL.has(kind));
}

/**
 * The mean over the augmentations: each input is turned, computed, and its result turned back. `input` is [channel, ...spatial axes] and
 * may be taken away; the milliseconds are those of all runs.
 */
export async function runAugmented(
  run: (input: Float32Array<ArrayBuffer>) => Promise<EngineOutput>,
  input: Float32Array<ArrayBuffer>,
  inputShape: Coordinate,
  augmentations: readonly Augmentation[],
): Promise<EngineOutput> {
  const [first, second] = augmentations;
  if (first && !second && !(first.swap || first.flipY || first.flipX)) return run(input);
  const [height = 1, width = 1] = inputShape.slice(-2);
  let mean: EngineOutput | undefined;
  for (const augmentation of augmentations) {
    const output = await run(turn(input, height, width, augmentation));
    const [outputHeight = 1, outputWidth = 1] = output.shape.slice(-2);
    const data = turnBack(output.data, outputHeight, outputWidth, augmentation);
    mean = mean ? addTo(mean, { ...output, data }) : { ...output, data };
  }
  if (mean === undefined) throw new RangeError("There is nothing to average over.");
  return { ...mean, data: mean.data.map((sum) => sum / augmentations.length) };
}

/** Into `sum`'s own values; flaws of any of them are flaws of the sum. */
function addTo(sum: EngineOutput, { data, milliseconds, seen }: EngineOutput): EngineOutput {
  for (let i = 0; i < data.length; i++) sum.data[i] = (sum.data[i] ?? 0) + (data[i] ?? 0);
  const output = seen.output.nonFinite > sum.seen.output.nonFinite ? seen.output : sum.seen.output;
  return { ...sum, milliseconds: sum.milliseconds + milliseconds, seen: { ...sum.seen, output } };
}

/** A new array. */
function turn(data: Float32Array<ArrayBuffer>, height: number, width: number, { swap, flipY, flipX }: Augmentation) {
  const swapped = swap ? swapPlanes(data, height, width) : data;
  return flipPlanes(swapped, swap ? width : height, swap ? height : width, flipY, flipX);
}

function turnBack(
  data: Float32Array<ArrayBuffer>,
  height: number,
  width: number,
  { swap, flipY, flipX }: Augmentation,
) {
  const flipped = flipPlanes(data, height, width, flipY, flipX);
  return swap ? swapPlanes(flipped, height, width) : flipped;
}

function flipPlanes(data: Float32Array, height: number, width: number, flipY: boolean, flipX: boolean) {
  const result = new Float32Array(data.length);
  for (let row = 0; row < data.length / width; row++) {
    const y = row % height;
    const from = (row + (flipY ? height - 1 - 2 * y : 0)) * width;
    const line = data.subarray(from, from + width);
    result.set(flipX ? line.toReversed() : line, row * width);
  }
  return result;
}

function swapPlanes(data: Float32Array, height: number, width: number) {
  const result = new Float32Array(data.length);
  const plane = height * width;
  for (let at = 0; at < data.length; at += plane) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) result[at + x * height + y] = data[at + y * width + x] ?? 0;
    }
  }
  return result;
}
