import { seenBy, toBitDistances } from "./bit-distances.ts";
import { type BitVolume, type Box, type BoxPart, hasBit, rowOf } from "./bit-volume.ts";

export const regionKinds = { falsePositive: 1, falseNegative: 2 } as const;

/** What both masks of a channel hold; `reach` as for `toBitDistances`. */
export type MaskPair = {
  readonly output: BitVolume;
  readonly truth: BitVolume;
  readonly spacing: Box;
  readonly reach?: number;
};

/** Cut across the last axis, so that what distances of each are found in has at most so many voxels, or one layer. */
export function toSlabs({ truth, spacing, reach }: MaskPair, part: BoxPart, voxels: number): readonly BoxPart[] {
  const { begin, shape } = part;
  const [depth, height] = seenBy(truth.shape, part, spacing, reach).shape;
  const width = Math.max(1, Math.floor(voxels / (depth * height)));
  return Array.from({ length: Math.ceil(shape[2] / width) }, (_, slab) => ({
    begin: [begin[0], begin[1], begin[2] + slab * width],
    shape: [shape[0], shape[1], Math.min(width, shape[2] - slab * width)],
  }));
}

/** Of `regionKinds`, 0 where nothing is wrong. */
export function toKinds({ output, truth }: MaskPair, { begin, shape }: BoxPart): Uint8Array {
  const [depth, height, width] = shape;
  const kinds = new Uint8Array(depth * height * width);
  for (let line = 0; line < depth * height; line += 1) {
    const row = rowOf(truth, begin[0] + Math.floor(line / height), begin[1] + (line % height));
    for (let x = 0; x < width; x += 1) {
      const is = hasBit(output, row, begin[2] + x);
      if (is === hasBit(truth, row, begin[2] + x)) continue;
      kinds[line * width + x] = is ? regionKinds.falsePositive : regionKinds.falseNegative;
    }
  }
  return kinds;
}

/** As DaCapo has them: of false positives to the truth, of false negatives to the output; 0 where nothing is wrong. */
export function toFalseDistances(masks: MaskPair, part: BoxPart, kinds: Uint8Array): Float64Array {
  const distances = new Float64Array(kinds.length);
  const find = (bits: BitVolume) => toBitDistances(bits, part, { ...masks, to: "mask" });
  putDistances(distances, kinds, regionKinds.falsePositive, () => find(masks.truth));
  putDistances(distances, kinds, regionKinds.falseNegative, () => find(masks.output));
  return distances;
}

/** From the true boundary: of false positives to the truth, which may be known already, of false negatives out of it. */
export function toDepths(masks: MaskPair, part: BoxPart, kinds: Uint8Array, toTruth?: Float64Array): Float64Array {
  const depths = new Float64Array(kinds.length);
  const find = (to: "mask" | "rest") => toBitDistances(masks.truth, part, { ...masks, to });
  putDistances(depths, kinds, regionKinds.falsePositive, () => toTruth ?? find("mask"));
  putDistances(depths, kinds, regionKinds.falseNegative, () => find("rest"));
  return depths;
}

/** Negative where something was missed; 0 where nothing is wrong. */
export function toPainted(masks: MaskPair, part: BoxPart): Float32Array {
  const kinds = toKinds(masks, part);
  const depths = toDepths(masks, part, kinds);
  return Float32Array.from(kinds, (kind, voxel) => {
    const depth = Math.min(depths[voxel] ?? 0, largestDistance);
    return kind === regionKinds.falseNegative ? -depth : depth;
  });
}

/** Where there is no boundary at all; finite, so that it can be drawn. */
const largestDistance = 1e9;

function putDistances(values: Float64Array, kinds: Uint8Array, wanted: number, find: () => Float64Array): void {
  if (!kinds.includes(wanted)) return;
  const found = find();
  for (let voxel = 0; voxel < kinds.length; voxel += 1) if (kinds[voxel] === wanted) values[voxel] = found[voxel] ?? 0;
}

/** Cells have 2^6 voxels along each axis. */
const cellBits = 6;

/** The greatest depths of the cells of a volume: what lies further away than that matters to none of a cell's voxels. */
export type Depths = { add(part: BoxPart, depths: Float64Array): void; most(part: BoxPart): number };

export function createDepths(shape: Box): Depths {
  const [, rows, columns] = shape.map((length) => Math.ceil(length / 2 ** cellBits));
  const cells = new Map<number, number>();
  const toCell = (z: number, y: number, x: number) => (z * (rows ?? 1) + y) * (columns ?? 1) + x;
  return {
    add({ begin, shape: [, height, width] }, depths) {
      depths.forEach((depth, voxel) => {
        if (depth === 0) return;
        const line = Math.floor(voxel / width);
        const [z, y, x] = [Math.floor(line / height), line % height, voxel % width];
        const cell = toCell((begin[0] + z) >> cellBits, (begin[1] + y) >> cellBits, (begin[2] + x) >> cellBits);
        if (depth > (cells.get(cell) ?? 0)) cells.set(cell, depth);
      });
    },
    most({ begin, shape: [depth, height, width] }) {
      let most = 0;
      for (let z = begin[0] >> cellBits; z <= (begin[0] + depth - 1) >> cellBits; z += 1)
        for (let y = begin[1] >> cellBits; y <= (begin[1] + height - 1) >> cellBits; y += 1)
          for (let x = begin[2] >> cellBits; x <= (begin[2] + width - 1) >> cellBits; x += 1)
            most = Math.max(most, cells.get(toCell(z, y, x)) ?? 0);
      return most;
    },
  };
}
