import { countOverlap, type Overlap, toCountScores } from "./binary-scores.ts";
import { toDistances } from "./distance-transform.ts";
import { createRegionCounter, type ErrorRegion } from "./error-regions.ts";
import { createJointCounter } from "./joint-counter.ts";
import { findObjectErrors } from "./object-errors.ts";

/** One channel of both, 0 or in the mask, on one grid, in C order, with as much around the core as its distances depend on. */
export type MaskBlock = {
  readonly output: Uint8Array;
  readonly truth: Uint8Array;
  readonly shape: readonly number[];
  /** What of it counts; in voxels of the block, the end exclusive. */
  readonly core: { readonly begin: readonly number[]; readonly end: readonly number[] };
  /** Where the core begins in the whole. */
  readonly at: readonly number[];
};

export type MaskOptions = {
  /** World units, slowest axis first. */
  readonly spacing: readonly number[];
  /** DaCapo's `clip_distance` and `tol_distance`; undefined leaves out what is made of them. */
  readonly clip: number | undefined;
  readonly tolerance: number | undefined;
  /** Distances beyond it are not known, as blocks are seen without what lies further away; Infinity for a whole volume. */
  readonly reach: number;
};

export const regionKinds = { falsePositive: 1, falseNegative: 2 } as const;

export type MaskErrors = {
  /** Under DaCapo's names. */
  readonly scores: ReadonlyMap<string, number>;
  /** `sum` of false distances as DaCapo has them; `depth` from the true boundary. */
  readonly regions: readonly ErrorRegion[];
  readonly overlap: Overlap;
};

export type MaskCounter = { add(block: MaskBlock): void; finish(): MaskErrors };

type Sums = { false: number; clipped: number; tolerated: number };

/** Adds up what is wrong with one channel; the blocks of a volume in C order give the same as the whole. */
export function createMaskCounter(options: MaskOptions): MaskCounter {
  const joint = createJointCounter();
  const regions = createRegionCounter();
  let overlap: Overlap = { agreeing: 0, truth: 0, test: 0, background: 0, total: 0 };
  const positive: Sums = { false: 0, clipped: 0, tolerated: 0 };
  const negative: Sums = { false: 0, clipped: 0, tolerated: 0 };
  return {
    add(block) {
      const output = cropCore(block.output, block);
      const truth = cropCore(block.truth, block);
      const shape = coreShape(block);
      overlap = added(overlap, countOverlap(output, truth));
      joint.add(output, truth, shape, block.at);
      const { kinds, depths, distances } = toFalseVoxels(block, options);
      kinds.forEach((kind, voxel) => {
        if (kind !== 0)
          addDistance(kind === regionKinds.falsePositive ? positive : negative, distances[voxel] ?? 0, options);
      });
      regions.add({ kinds, depths, values: distances, shape, at: block.at });
    },
    finish() {
      const { split, merge } = findObjectErrors(joint.table()).voi;
      const distances = toDistanceScores(overlap, positive, negative, options);
      const empty = overlap.truth === 0 || overlap.test === 0;
      const scores = { ...toCounts(overlap), voi: empty ? Number.NaN : split + merge, ...distances };
      return { scores: new Map(Object.entries(scores)), regions: regions.regions(), overlap };
    },
  };
}

/** Those criteria that mean the same with every release of SimpleITK. */
function toCounts(overlap: Overlap) {
  const { dice, jaccard, false_negative_rate, recall } = toCountScores(overlap);
  return { dice, jaccard, false_negative_rate, recall };
}

function added(a: Overlap, b: Overlap): Overlap {
  return {
    agreeing: a.agreeing + b.agreeing,
    truth: a.truth + b.truth,
    test: a.test + b.test,
    background: a.background + b.background,
    total: a.total + b.total,
  };
}

function addDistance(sums: Sums, distance: number, { clip = 0, tolerance = 0 }: MaskOptions): void {
  sums.false += distance;
  sums.clipped += Math.min(distance, clip);
  if (distance > tolerance) sums.tolerated += 1;
}

export type FalseVoxels = {
  /** Of `regionKinds`, 0 where nothing is wrong. */
  readonly kinds: Uint8Array;
  /** Of what is wrong, from the true boundary: of false positives to the truth, of false negatives out of it. */
  readonly depths: Float64Array;
  /** As DaCapo has them: of false positives to the truth, of false negatives to the output. */
  readonly distances: Float64Array;
};

/** Of the core. */
export function toFalseVoxels(
  block: MaskBlock,
  { spacing, reach }: Pick<MaskOptions, "spacing" | "reach">,
): FalseVoxels {
  const { output, truth, shape } = block;
  const kinds = output.map((value, voxel) => toKind(value, truth[voxel] ?? 0));
  const toTruth = toDistances(truth.map(isZero), shape, spacing);
  const out = toDistances(truth, shape, spacing);
  const toOutput = toDistances(output.map(isZero), shape, spacing);
  const positive = (voxel: number) => kinds[voxel] === regionKinds.falsePositive;
  const pick = (negative: Float64Array) =>
    Float64Array.from(kinds, (kind, voxel) =>
      kind === 0 ? 0 : Math.min(reach, (positive(voxel) ? toTruth[voxel] : negative[voxel]) ?? 0),
    );
  return {
    kinds: cropCore(kinds, block),
    depths: cropCore(pick(out), block),
    distances: cropCore(pick(toOutput), block),
  };
}

const isZero = (value: number): number => (value === 0 ? 1 : 0);

function toKind(output: number, truth: number): number {
  if ((output !== 0) === (truth !== 0)) return 0;
  return output === 0 ? regionKinds.falseNegative : regionKinds.falsePositive;
}

const coreShape = ({ core }: Pick<MaskBlock, "core">): readonly number[] =>
  core.end.map((end, axis) => end - (core.begin[axis] ?? 0));

/** A copy of the core's values. */
export function cropCore<Data extends Uint8Array | Float64Array | Float32Array>(
  data: Data,
  { shape, core }: Pick<MaskBlock, "shape" | "core">,
): Data {
  const lengths = coreShape({ core });
  const row = lengths.at(-1) ?? 1;
  const count = lengths.reduce((product, length) => product * length, 1);
  const cropped = new (data.constructor as new (length: number) => Data)(count);
  for (let to = 0; to < count; to += row) {
    const from = toOffset(to / row, lengths, shape, core.begin);
    cropped.set(data.subarray(from, from + row), to);
  }
  return cropped;
}

/** Where a row of the core begins in the block. */
function toOffset(row: number, lengths: readonly number[], shape: readonly number[], begin: readonly number[]): number {
  let [rest, stride, offset] = [row, shape.at(-1) ?? 1, begin.at(-1) ?? 0];
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
    const length = lengths[axis] ?? 1;
    offset += ((rest % length) + (begin[axis] ?? 0)) * stride;
    rest = Math.floor(rest / length);
    stride *= shape[axis] ?? 1;
  }
  return offset;
}

/** dacapo-format 4.4: NaN where one of the masks is empty; what blocks cannot know is left out. */
function toDistanceScores(overlap: Overlap, positive: Sums, negative: Sums, options: MaskOptions) {
  const { clip, tolerance, reach } = options;
  const means = (of: "false" | "clipped") => {
    const [p, n] = [defined(overlap, positive[of] / overlap.test), defined(overlap, negative[of] / overlap.truth)];
    return { p, n, both: (p + n) / 2 };
  };
  const [whole, clipped] = [means("false"), means("clipped")];
  return {
    ...(reach === Number.POSITIVE_INFINITY && {
      mean_false_distance: whole.both,
      mean_false_negative_distance: whole.n,
      mean_false_positive_distance: whole.p,
    }),
    ...(clip !== undefined &&
      clip <= reach && {
        mean_false_distance_clipped: clipped.both,
        mean_false_negative_distance_clipped: clipped.n,
        mean_false_positive_distance_clipped: clipped.p,
      }),
    ...(tolerance !== undefined && tolerance <= reach && toTolerated(overlap, positive.tolerated, negative.tolerated)),
  };
}

/** DaCapo divides in single precision here. */
function toTolerated(overlap: Overlap, positive: number, negative: number) {
  const { truth, total, background } = overlap;
  const right = total - background - positive - negative;
  const ratio = (a: number, b: number) => defined(overlap, Math.fround(Math.fround(a) / Math.fround(b)));
  const precision = ratio(right, right + positive);
  const recall = ratio(right, right + negative);
  const f1 = precision === 0 && recall === 0 ? Number.NaN : (2 * (recall * precision)) / (recall + precision);
  return {
    false_negative_rate_with_tolerance: ratio(negative, truth),
    false_positive_rate_with_tolerance: ratio(positive, total - truth),
    precision_with_tolerance: precision,
    recall_with_tolerance: recall,
    f1_score_with_tolerance: f1,
  };
}

function defined({ truth, test }: Overlap, value: number): number {
  return truth === 0 || test === 0 ? Number.NaN : value;
}
