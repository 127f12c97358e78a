import { type FalsePositiveError, type Overlap, toCountScores } from "./binary-scores.ts";

export type ScoreOptions = {
  /** DaCapo's `clip_distance` and `tol_distance`, in world units; undefined leaves out what is made of them. */
  readonly clip: number | undefined;
  readonly tolerance: number | undefined;
  readonly definition: FalsePositiveError;
};

/** Of the distances of false voxels of one kind. */
export type DistanceSums = { false: number; clipped: number; tolerated: number };

/** All that the criteria of a mask are made of. */
export type MaskSums = {
  readonly overlap: Overlap;
  /** Bits. */
  readonly voi: number;
  readonly positive: DistanceSums;
  readonly negative: DistanceSums;
  /** The largest distance of a voxel of one mask from the other. */
  readonly farthest: number;
};

export function addDistance(sums: DistanceSums, distance: number, { clip = 0, tolerance = 0 }: ScoreOptions): void {
  sums.false += distance;
  sums.clipped += Math.min(distance, clip);
  if (distance > tolerance) sums.tolerated += 1;
}

/** Every criterion of DaCapo's binary evaluation, under its names (dacapo-format 4.4). */
export function toMaskScores(sums: MaskSums, options: ScoreOptions): ReadonlyMap<string, number> {
  const { overlap, voi } = sums;
  return new Map(
    Object.entries({
      ...toCountScores(overlap, options.definition),
      hausdorff: toHausdorff(sums),
      voi: defined(overlap, voi),
      ...toMeans(sums, "false"),
      ...(options.clip !== undefined && toMeans(sums, "clipped")),
      ...(options.tolerance !== undefined && toTolerated(sums)),
    }),
  );
}

/** NaN where one mask alone is empty, 0 where both are. */
function toHausdorff({ overlap: { truth, test }, farthest }: MaskSums): number {
  if (truth === 0 || test === 0) return truth === test ? 0 : Number.NaN;
  return farthest;
}

function toMeans({ overlap, positive, negative }: MaskSums, of: "false" | "clipped") {
  const end = of === "clipped" ? "_clipped" : "";
  const [p, n] = [defined(overlap, positive[of] / overlap.test), defined(overlap, negative[of] / overlap.truth)];
  return {
    [`mean_false_distance${end}`]: (p + n) / 2,
    [`mean_false_negative_distance${end}`]: n,
    [`mean_false_positive_distance${end}`]: p,
  };
}

/** DaCapo divides in single precision here. */
function toTolerated({ overlap, positive: { tolerated: p }, negative: { tolerated: n } }: MaskSums) {
  const { truth, total, background } = overlap;
  const right = total - background - p - n;
  const ratio = (a: number, b: number) => defined(overlap, Math.fround(Math.fround(a) / Math.fround(b)));
  const precision = ratio(right, right + p);
  const recall = ratio(right, right + n);
  const f1 = precision === 0 && recall === 0 ? Number.NaN : (2 * (recall * precision)) / (recall + precision);
  return {
    false_negative_rate_with_tolerance: ratio(n, truth),
    false_positive_rate_with_tolerance: ratio(p, total - truth),
    precision_with_tolerance: precision,
    recall_with_tolerance: recall,
    f1_score_with_tolerance: f1,
  };
}

/** NaN where one of the masks is empty. */
function defined({ truth, test }: Overlap, value: number): number {
  return truth === 0 || test === 0 ? Number.NaN : value;
}
