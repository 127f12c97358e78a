import { countOverlap, type FalsePositiveError, toCountScores } from "./binary-scores.ts";
import { toDistances } from "./distance-transform.ts";
import type { LabelData } from "./label-data.ts";
import { createMaskCounter } from "./mask-errors.ts";

/** What the criteria are made with besides the two masks. */
export type WholeOptions = {
  readonly definition: FalsePositiveError;
  /** DaCapo's `clip_distance` and `tol_distance`, in world units; undefined leaves out what is made of them. */
  readonly clip: number | undefined;
  readonly tolerance: number | undefined;
};

type Grid = { readonly shape: readonly number[]; readonly spacing: readonly number[] };

/** Distances take several numbers a voxel: of larger volumes they are left out. */
const maxVoxels = 2 ** 25;

/** Every criterion of DaCapo's binary evaluation but `voi`, of one channel; `shape` and `spacing` slowest axis first. */
export function toWholeScores(
  output: LabelData,
  gt: LabelData,
  grid: Grid,
  options: WholeOptions,
): Readonly<Record<string, number>> {
  const counts = toCountScores(countOverlap(output, gt), options.definition);
  if (output.length > maxVoxels) return counts;
  const masks = { output: toMask(output), truth: toMask(gt) };
  const hausdorff = toHausdorff(masks.output, masks.truth, grid);
  return { ...toDistanceScores(masks, grid, options), ...counts, hausdorff };
}

function toMask(data: LabelData): Uint8Array {
  const mask = new Uint8Array(data.length);
  for (let voxel = 0; voxel < mask.length; voxel += 1) mask[voxel] = Number(data[voxel]) === 0 ? 0 : 1;
  return mask;
}

function toDistanceScores(
  masks: { readonly output: Uint8Array; readonly truth: Uint8Array },
  { shape, spacing }: Grid,
  { clip, tolerance }: WholeOptions,
): Readonly<Record<string, number>> {
  const counter = createMaskCounter({ spacing, clip, tolerance, reach: Number.POSITIVE_INFINITY });
  const begin = shape.map(() => 0);
  counter.add({ ...masks, shape, core: { begin, end: shape }, at: begin });
  const { voi: _, ...scores } = Object.fromEntries(counter.finish().scores);
  return scores;
}

/**
 * The largest distance from a voxel of one mask to the other, whichever way it is larger. SimpleITK is given the spacing in
 * reverse (dacapo-format 4.4), and so it is here. NaN where one mask alone is empty, 0 where both are.
 */
function toHausdorff(output: Uint8Array, truth: Uint8Array, { shape, spacing }: Grid): number {
  const [some, any] = [output.includes(1), truth.includes(1)];
  if (!some || !any) return some === any ? 0 : Number.NaN;
  const reversed = spacing.toReversed();
  return Math.max(farthest(output, truth, shape, reversed), farthest(truth, output, shape, reversed));
}

function farthest(from: Uint8Array, to: Uint8Array, shape: readonly number[], spacing: readonly number[]): number {
  const distances = toDistances(
    to.map((value) => 1 - value),
    shape,
    spacing,
  );
  return from.reduce((most, value, voxel) => (value === 0 ? most : Math.max(most, distances[voxel] ?? 0)), 0);
}
