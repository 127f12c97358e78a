import { unequalLengths } from "./errors.ts";
import { type LabelData, toUint8Labels } from "./label-data.ts";

/** Voxel counts of one channel's truth T and test S, after the cast to uint8 (ITK's view of them). */
export type Overlap = {
  /** Voxels where both hold the same label other than 0 (true positives of two masks). */
  readonly agreeing: number;
  /** Voxels with T ≠ 0 and with S ≠ 0. */
  readonly truth: number;
  readonly test: number;
  /** Voxels where both are 0. */
  readonly background: number;
  readonly total: number;
};

/** Which SimpleITK wrote the scores: its `GetFalsePositiveError` divides by FP + TN since 2.2, by TP + FP before. */
export type FalsePositiveError = "simpleitk-2.2" | "before-simpleitk-2.2";

/** Scores that follow from counts alone, under DaCapo's names; NaN where DaCapo writes NaN. */
export type CountScores = {
  readonly dice: number;
  readonly jaccard: number;
  readonly false_negative_rate: number;
  readonly false_positive_rate: number;
  readonly false_discovery_rate: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1_score: number;
};

/** Counts of two masks of equal length; throws EvaluationError when the lengths differ. */
export function countOverlap(output: LabelData, gt: LabelData): Overlap {
  const test = toUint8Labels(output);
  const truth = toUint8Labels(gt);
  if (test.length !== truth.length) throw unequalLengths(test.length, truth.length);
  const counts = { agreeing: 0, truth: 0, test: 0, background: 0, total: truth.length };
  for (let voxel = 0; voxel < truth.length; voxel += 1) {
    const t = truth[voxel] ?? 0;
    const s = test[voxel] ?? 0;
    if (t !== 0) counts.truth += 1;
    if (s !== 0) counts.test += 1;
    if (t === s && t !== 0) counts.agreeing += 1;
    if (t === 0 && s === 0) counts.background += 1;
  }
  return counts;
}

/** The count-based criteria of dacapo-format 4.4, with its NaN rules and its float32 divisions. */
export function toCountScores(overlap: Overlap, definition: FalsePositiveError = "simpleitk-2.2"): CountScores {
  const { agreeing, truth, test, background, total } = overlap;
  const bothEmpty = truth === 0 && test === 0;
  const oneEmpty = truth === 0 || test === 0;
  const falsePositiveError = bothEmpty ? Number.NaN : falsePositives(overlap, definition);
  const falseNegativeRate = oneEmpty ? Number.NaN : (truth - agreeing) / truth;
  const precision = oneEmpty ? Number.NaN : keptFraction(test, falsePositiveError);
  const recall = oneEmpty ? Number.NaN : keptFraction(truth, falseNegativeRate);
  return {
    dice: bothEmpty ? Number.NaN : (2 * agreeing) / (truth + test),
    jaccard: bothEmpty ? Number.NaN : agreeing / (total - background),
    false_negative_rate: falseNegativeRate,
    false_positive_rate: oneEmpty ? Number.NaN : (falsePositiveError * test) / (total - truth),
    false_discovery_rate: falsePositiveError,
    precision,
    recall,
    f1_score: harmonicMean(precision, recall),
  };
}

function falsePositives({ agreeing, test, background }: Overlap, definition: FalsePositiveError): number {
  const false_ = test - agreeing;
  if (definition === "simpleitk-2.2") return false_ + background === 0 ? 0 : false_ / (false_ + background);
  return test === 0 ? Number.MAX_VALUE : false_ / test;
}

/** float32(n − error·n) / float32(n), as DaCapo writes precision and recall. */
function keptFraction(count: number, error: number): number {
  return Math.fround(Math.fround(count - error * count) / Math.fround(count));
}

function harmonicMean(precision: number, recall: number): number {
  return precision === 0 && recall === 0 ? Number.NaN : (2 * (recall * precision)) / (recall + precision);
}

/** What a reader of papers means by precision, TP / (TP + FP); undefined when nothing was found. */
export function toTextbookPrecision({ agreeing, test }: Overlap): number | undefined {
  return test === 0 ? undefined : agreeing / test;
}
