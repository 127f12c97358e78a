import { defaultCriterion } from "./best.ts";
import { criterionOf, splitCriterionName } from "./evaluation-scores.ts";
import {
  type PostProcessorParameters,
  type ThresholdParameters,
  toParametersString,
} from "./post-processor-parameters.ts";
import type { RunConfig } from "./run-config.ts";
import { type ChannelKind, channelValues, type TaskOutputs, taskOutputs } from "./task-outputs.ts";
import type { ValidationScores } from "./validation-scores.ts";

/** Something a reader of scores or volumes must know before trusting them. `subject` is what it is about. */
export type ScoreNote = {
  readonly code: "distorted-criterion" | "random-scores" | "empty-outputs" | "batch-norm" | "no-scores-upstream";
  readonly message: string;
  readonly subject: string;
};

/** What is to be expected of a thresholded prediction: nothing above, nothing below, or both. */
export type ThresholdOutcome = "empty" | "full" | "mixed";

/**
 * Whether a threshold can split a prediction, from its dtype (numpy's, "<f4" or "|u1") and the values its channels are
 * trained to give. Unsigned bytes hold predictions scaled to 0..255; floats hold them as the network gave them, about
 * -1..1, so that `threshold_127` leaves nothing.
 */
export function thresholdOutcome(threshold: number, outputs: TaskOutputs, dtype: string): ThresholdOutcome {
  const [low, high] = expectedValues(outputs, dtype);
  if (threshold >= high) return "empty";
  return threshold < low ? "full" : "mixed";
}

// Networks are not clamped, and logits have no limit, so twice the range and +-50 are allowed for; 127 is far beyond.
const UNCLAMPED_SLACK = 2;
const LARGEST_LOGIT = 50;

function expectedValues(outputs: TaskOutputs, dtype: string): readonly [number, number] {
  if (!/f\d/.test(dtype)) return dtype.endsWith("u1") ? [0, 255] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const ranges = outputs.channels.map(({ kind }) => expectedRange(kind));
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}

function expectedRange(kind: ChannelKind): readonly [number, number] {
  const { range, clamped } = channelValues[kind];
  const [low, high] = range;
  if (Number.isNaN(high)) return [-LARGEST_LOGIT, LARGEST_LOGIT];
  return clamped ? [low, high] : [-high * UNCLAMPED_SLACK, high * UNCLAMPED_SLACK];
}

/** Undefined when the output can be expected to hold something. */
export function emptyOutputNote(
  parameters: PostProcessorParameters,
  outputs: TaskOutputs,
  predictionDtype: string,
): ScoreNote | undefined {
  if (parameters.kind !== "threshold" || Number.isNaN(parameters.threshold)) return undefined;
  if (thresholdOutcome(parameters.threshold, outputs, predictionDtype) !== "empty") return undefined;
  return { code: "empty-outputs", subject: toParametersString(parameters), message: emptyMessage(parameters) };
}

function emptyMessage({ thresholdText }: ThresholdParameters): string {
  return `The threshold ${thresholdText} is meant for predictions scaled to 0-255, but validation stores them unscaled (about -1 to 1): nothing lies above it, so this output is empty everywhere and most of its scores are NaN.`;
}

/** What the name of a criterion does not tell, as a note; undefined when it means what it says. */
export function criterionNote(scores: ValidationScores["evaluationScores"], name: string): ScoreNote | undefined {
  const criterion = criterionOf(scores, name);
  if (!criterion?.note) return undefined;
  const code = criterion.meaningful || scores.kind === "unknown" ? "distorted-criterion" : "random-scores";
  return { code, subject: name, message: criterion.note };
}

/** Everything to be said of a run's scores and volumes at once, without one note for each of 21 criteria. */
export function toScoreNotes(
  config: Pick<RunConfig, "taskConfig" | "architectureConfig"> | undefined,
  scores: ValidationScores,
  predictionDtype = "<f4",
): readonly ScoreNote[] {
  const outputs = config?.taskConfig && taskOutputs(config.taskConfig);
  const empty = outputs
    ? scores.parameters.flatMap((each) => emptyOutputNote(each, outputs, predictionDtype) ?? [])
    : [];
  return [
    ...defaultNotes(scores),
    ...empty,
    ...batchNormNotes(config?.architectureConfig),
    ...upstreamNotes(config?.taskConfig),
  ];
}

function defaultNotes({ evaluationScores }: ValidationScores): readonly ScoreNote[] {
  const name = defaultCriterion(evaluationScores);
  const note = name === undefined ? undefined : criterionNote(evaluationScores, name);
  return note ? [{ ...note, subject: splitCriterionName(note.subject).base }] : [];
}

function batchNormNotes(architecture: RunConfig["architectureConfig"]): readonly ScoreNote[] {
  if (architecture?.type !== "CNNectomeUNetConfig" || !architecture.batchNorm) return [];
  const message =
    "This network has batch norm, whose running statistics DaCapo's validation itself changes: a checkpoint reproduces the stored prediction of the first dataset only, those of the others differ.";
  return [{ code: "batch-norm", subject: architecture.name, message }];
}

function upstreamNotes(task: RunConfig["taskConfig"]): readonly ScoreNote[] {
  if (task?.type !== "HotDistanceTaskConfig") return [];
  const message =
    "DaCapo cannot evaluate hot distances against ground truth with as many channels as the task names: it stops after writing the first output, so there are volumes but no scores.";
  return [{ code: "no-scores-upstream", subject: task.name, message }];
}
