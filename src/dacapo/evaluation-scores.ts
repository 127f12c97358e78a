/** A scalar that says how good an output is. A NaN bound means "none". */
export type Criterion = {
  /** As in the score axis: with the channel in front where there are channels ("mito__f1_score"). */
  readonly name: string;
  readonly higherIsBetter: boolean;
  /** As DaCapo declares them. */
  readonly bounds: readonly [number, number];
  /** What the stored values really span, where the declared bounds are wrong. */
  readonly range: readonly [number, number];
  /** Whether DaCapo keeps a best iteration for it. */
  readonly storeBest: boolean;
  /** False for the placeholder scores, which are random numbers. */
  readonly meaningful: boolean;
  /** A sentence on how the stored value differs from what its name says. */
  readonly note?: string;
};

export type EvaluationKind = "binary" | "multichannel-binary" | "instance" | "instance-avg-iou" | "dummy" | "unknown";

/** The criteria in the order in which the scores are stored. */
export type EvaluationScores = { readonly kind: EvaluationKind; readonly criteria: readonly Criterion[] };

const UNIT = [0, 1] as const;
const POSITIVE = [0, Number.NaN] as const;

const FALSE_DISCOVERY =
  "With SimpleITK 2.2 and newer this is FP / (FP + TN), which others call false positive rate; only with older versions is it FP / (TP + FP).";
const FALSE_POSITIVE =
  "Computed from false_discovery_rate, whose meaning depends on the SimpleITK version, so this is not FP / (FP + TN) and can exceed 1.";
const PRECISION =
  "Computed as 1 - false_discovery_rate: with SimpleITK 2.2 and newer that is TN / (FP + TN), close to 1 for sparse objects, not TP / (TP + FP).";
const F1 =
  "Uses the precision of SimpleITK 2.2 and newer (1 - FP / (FP + TN)), so it is too high for sparse objects; dice is the textbook F1.";
const HAUSDORFF =
  "DaCapo hands the voxel size to SimpleITK in reverse axis order, so with anisotropic voxels this distance is off; it is 0 when both masks are empty.";
const BINARY_VOI =
  "The sum of split and merge (instance tasks store half of it), with background as an object of its own; it has no upper bound though DaCapo declares 1.";
const INSTANCE_VOI =
  "Entropy in bits, with background as an object of its own; it has no upper bound though DaCapo declares 1.";
const INSTANCE_MEAN =
  "Half the sum of voi_split and voi_merge, in bits, with background as an object of its own; no upper bound though DaCapo declares 1.";
const RANDOM =
  "DaCapo has no evaluation for this task yet and stores a random number here: it says nothing about the network.";

type Row = readonly [name: string, direction: "up" | "down", bounds: readonly [number, number], note?: string];

const BINARY_ROWS: readonly Row[] = [
  ["dice", "up", UNIT],
  ["jaccard", "up", UNIT],
  ["hausdorff", "down", POSITIVE, HAUSDORFF],
  ["false_negative_rate", "down", UNIT],
  ["false_negative_rate_with_tolerance", "down", UNIT],
  ["false_positive_rate", "down", UNIT, FALSE_POSITIVE],
  ["false_discovery_rate", "down", UNIT, FALSE_DISCOVERY],
  ["false_positive_rate_with_tolerance", "down", UNIT],
  ["voi", "down", UNIT, BINARY_VOI],
  ["mean_false_distance", "down", POSITIVE],
  ["mean_false_negative_distance", "down", POSITIVE],
  ["mean_false_positive_distance", "down", POSITIVE],
  ["mean_false_distance_clipped", "down", POSITIVE],
  ["mean_false_negative_distance_clipped", "down", POSITIVE],
  ["mean_false_positive_distance_clipped", "down", POSITIVE],
  ["precision_with_tolerance", "up", UNIT],
  ["recall_with_tolerance", "up", UNIT],
  ["f1_score_with_tolerance", "up", UNIT],
  ["precision", "up", UNIT, PRECISION],
  ["recall", "up", UNIT],
  ["f1_score", "up", UNIT, F1],
];

const INSTANCE_ROWS: readonly Row[] = [
  ["voi_split", "down", UNIT, INSTANCE_VOI],
  ["voi_merge", "down", UNIT, INSTANCE_VOI],
  ["voi", "down", UNIT, INSTANCE_MEAN],
];

const DUMMY_ROWS: readonly Row[] = [
  ["frizz_level", "up", UNIT, RANDOM],
  ["blipp_score", "down", UNIT, RANDOM],
];

const UNBOUNDED = new Set(["voi", "voi_split", "voi_merge", "false_positive_rate"]);

function toCriterion([name, direction, bounds, note]: Row, storeBest: boolean, meaningful = true): Criterion {
  const range = UNBOUNDED.has(name) ? POSITIVE : bounds;
  const base = { name, higherIsBetter: direction === "up", bounds, range, storeBest, meaningful };
  return note === undefined ? base : { ...base, note };
}

const BINARY_CRITERIA = BINARY_ROWS.map((row) => toCriterion(row, row[0] === "voi" || row[0] === "f1_score"));
const INSTANCE_CRITERIA = INSTANCE_ROWS.map((row) => toCriterion(row, true));
const AVERAGE_IOU = toCriterion(["avg_iou", "up", UNIT], true);

/** One channel without a name: 21 criteria. */
export const binaryScores: EvaluationScores = { kind: "binary", criteria: BINARY_CRITERIA };
export const instanceScores: EvaluationScores = { kind: "instance", criteria: INSTANCE_CRITERIA };
/** Release 0.2.2 only. */
export const instanceScoresWithAverageIou: EvaluationScores = {
  kind: "instance-avg-iou",
  criteria: [...INSTANCE_CRITERIA, AVERAGE_IOU],
};
export const dummyScores: EvaluationScores = {
  kind: "dummy",
  criteria: DUMMY_ROWS.map((row) => toCriterion(row, true, false)),
};

/** How many criteria each channel of a binary evaluation has. */
export const criteriaPerChannel = BINARY_CRITERIA.length;

/** `<channel>__<criterion>`, channels outside, criteria inside. */
export function multichannelBinaryScores(channels: readonly string[]): EvaluationScores {
  const criteria = channels.flatMap((channel) =>
    BINARY_CRITERIA.map((criterion) => ({ ...criterion, name: `${channel}__${criterion.name}` })),
  );
  return { kind: "multichannel-binary", criteria };
}

/** Criteria that nothing names: kept, but without a known meaning. Higher is taken as better. */
export function unknownScores(count: number): EvaluationScores {
  const criteria = Array.from({ length: count }, (_, index) => unknownCriterion(`criterion ${index}`));
  return { kind: "unknown", criteria };
}

function unknownCriterion(name: string): Criterion {
  const open = [Number.NaN, Number.NaN] as const;
  const note = "DaCapo stores scores without names and nothing in this run says what this one is.";
  return { name, higherIsBetter: true, bounds: open, range: open, storeBest: false, meaningful: false, note };
}

export type CriterionName = { readonly channel: string | undefined; readonly base: string };

/** Splits at the last `__`, since a channel's name may contain it and a criterion's does not. */
export function splitCriterionName(name: string): CriterionName {
  const at = name.lastIndexOf("__");
  return at < 0 ? { channel: undefined, base: name } : { channel: name.slice(0, at), base: name.slice(at + 2) };
}

const KNOWN = new Map(
  [...BINARY_CRITERIA, ...INSTANCE_CRITERIA.slice(0, 2), AVERAGE_IOU, ...dummyScores.criteria].map((criterion) => [
    criterion.name,
    criterion,
  ]),
);

/** The criterion of that name in this axis, else what DaCapo says about a criterion so called, with or without channel. */
export function criterionOf(scores: EvaluationScores, name: string): Criterion | undefined {
  const listed = scores.criteria.find((criterion) => criterion.name === name);
  const known = listed ?? KNOWN.get(splitCriterionName(name).base);
  return known && { ...known, name };
}
