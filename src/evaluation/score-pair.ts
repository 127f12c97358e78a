import { equals } from "#dacapo/coordinate.ts";
import { type EvaluationKind, splitCriterionName } from "#dacapo/evaluation-scores.ts";
import { type AlignedPair, alignArrays, countChannels, type PlacedArray } from "./align.ts";
import { countOverlap, toCountScores } from "./binary-scores.ts";
import { EvaluationError } from "./errors.ts";
import type { LabelData } from "./label-data.ts";
import { createMaskCounter, type MaskOptions } from "./mask-errors.ts";
import type { ScoreOptions } from "./mask-scores.ts";
import { toBinaryVoi, toInstanceScores } from "./voi.ts";

/** The evaluations whose scores can be computed again; DaCapo's dummy evaluator writes random numbers. */
export type ScoredKind = Exclude<EvaluationKind, "dummy" | "unknown">;

/** One stored output and the ground truth of the same dataset. */
export type LabelPair = { readonly output: PlacedArray; readonly gt: PlacedArray };

/** One value a criterion, in the order of the criteria; undefined where this room does not compute it. */
export type CriterionValues = readonly (number | undefined)[];

/**
 * Scores an output against its ground truth on their common grid. `criteria` is the innermost axis of the stored scores:
 * channels outer (`mito__dice`, …), criteria inner. Without `whole` those made of distances are left out, and those that hang on
 * the SimpleITK release (false_discovery_rate and what is made of it), so that the answer compares with every release.
 * Throws EvaluationError when the volumes do not meet or their channels differ.
 */
export function scorePair(
  kind: ScoredKind,
  pair: LabelPair,
  criteria: readonly string[],
  whole?: ScoreOptions,
): CriterionValues {
  const aligned = toOneGrid(pair);
  const { shape, voxelSize: spacing } = aligned.gt;
  const grid = { shape: shape.slice(-spacing.length), spacing };
  const channels = toChannels(aligned).map(([output, gt]) => {
    if (whole === undefined || kind.startsWith("instance")) return scoresOf(kind, output, gt);
    return toWholeScores(output, gt, { ...grid, ...whole });
  });
  const perChannel = criteria.length / channels.length;
  return criteria.map((criterion, index) => {
    return channels[Math.floor(index / perChannel)]?.get(splitCriterionName(criterion).base);
  });
}

/** DaCapo compares volumes of one shape voxel by voxel and never looks at their offsets, which old releases wrote wrong. */
function toOneGrid({ output, gt }: LabelPair): AlignedPair {
  const space = (array: PlacedArray) => array.shape.slice(-array.voxelSize.length);
  return equals(space(output), space(gt)) ? { output, gt } : alignArrays(output, gt);
}

/** Each channel of both. Throws EvaluationError when they have not equally many. */
export function toChannels({ output, gt }: AlignedPair): readonly (readonly [LabelData, LabelData])[] {
  const channels = countChannels(gt);
  if (channels !== countChannels(output)) throw unequalChannels(countChannels(output), channels);
  const stride = gt.data.length / channels;
  return Array.from({ length: channels }, (_, channel) => [
    output.data.subarray(channel * stride, (channel + 1) * stride),
    gt.data.subarray(channel * stride, (channel + 1) * stride),
  ]);
}

function scoresOf(kind: ScoredKind, output: LabelData, gt: LabelData): ReadonlyMap<string, number> {
  if (kind === "instance" || kind === "instance-avg-iou") return new Map(Object.entries(toInstanceScores(output, gt)));
  const overlap = countOverlap(output, gt);
  const { dice, jaccard, false_negative_rate, recall } = toCountScores(overlap);
  const empty = overlap.truth === 0 || overlap.test === 0;
  const voi = empty ? Number.NaN : toBinaryVoi(output, gt);
  return new Map(Object.entries({ dice, jaccard, false_negative_rate, recall, voi }));
}

function toWholeScores(output: LabelData, gt: LabelData, options: MaskOptions): ReadonlyMap<string, number> {
  const counter = createMaskCounter(options);
  const { shape } = options;
  counter.add(
    output,
    gt,
    shape,
    shape.map(() => 0),
  );
  return counter.finish().scores;
}

function unequalChannels(output: number, gt: number): EvaluationError {
  return new EvaluationError(
    "channels",
    "channels",
    `The output has ${output} channels and the ground truth ${gt}, so they cannot be scored channel by channel.`,
  );
}
