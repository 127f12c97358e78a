import { type DataSplitConfig, recordedValidateNames } from "./datasplit.ts";
import {
  enumerateKind,
  enumerateParameters,
  type PostProcessorKind,
  postProcessorKind,
} from "./enumerate-parameters.ts";
import {
  binaryScores,
  criteriaPerChannel,
  dummyScores,
  type EvaluationScores,
  instanceScores,
  instanceScoresWithAverageIou,
  multichannelBinaryScores,
  unknownScores,
} from "./evaluation-scores.ts";
import { type PostProcessorParameters, parseParametersString } from "./post-processor-parameters.ts";
import { type Release, releases } from "./release.ts";
import type { RunConfig } from "./run-config.ts";
import type { TaskConfig } from "./task.ts";
import { taskOutputs } from "./task-outputs.ts";
import type { ValidationIterationScores, ValidationScores } from "./validation-scores.ts";

/** What is at hand to name the axes of stored scores; only the scores themselves are needed. */
export type AxesEvidence = {
  readonly config?: Pick<RunConfig, "taskConfig" | "datasplitConfig">;
  readonly scores: readonly ValidationIterationScores[];
  /** Folders under `output/`, in any order. */
  readonly outputNames?: readonly string[];
  /** Names of the datasets that have volumes, in any order. */
  readonly datasetNames?: readonly string[];
  readonly release?: Release;
};

export type RecoveredAxes = Omit<ValidationScores, "scores"> & {
  /** `unknown`: the names are right, which index is which is not known. */
  readonly datasetOrder: "recorded" | "single" | "unknown";
  /** Iterations whose lists are shorter than the axes: a failed evaluation leaves no trace of which one it was. */
  readonly raggedIterations: readonly number[];
  /** A sentence for everything that was assumed. */
  readonly notes: readonly string[];
};

type Lengths = { readonly datasets: number; readonly parameters: number; readonly criteria: number };
type Named<T> = { readonly value: T; readonly notes: readonly string[] };

/** Scores are stored without names: this names their axes from the config, the folders, and at last the lengths. */
export function recoverAxes(evidence: AxesEvidence): RecoveredAxes {
  const lengths = lengthsOf(evidence.scores);
  const task = evidence.config?.taskConfig;
  const evaluation = recoverCriteria(task, lengths.criteria);
  const parameters = recoverParameters(evidence, kindOf(task, evaluation.value), lengths.parameters);
  const { datasetOrder, ...datasets } = recoverDatasets(evidence, lengths.datasets);
  const raggedIterations = findRagged(evidence.scores, lengths);
  const notes = [...evaluation.notes, ...parameters.notes, ...datasets.notes, ...raggedNotes(raggedIterations)];
  return {
    parameters: parameters.value,
    datasets: datasets.value,
    evaluationScores: evaluation.value,
    datasetOrder,
    raggedIterations,
    notes,
  };
}

/** Scores with recovered axes, padded with NaN where an evaluation failed. */
export function toValidationScores(
  axes: RecoveredAxes,
  scores: readonly ValidationIterationScores[],
): ValidationScores {
  const { parameters, datasets, evaluationScores } = axes;
  const lengths = {
    datasets: datasets.length,
    parameters: parameters.length,
    criteria: evaluationScores.criteria.length,
  };
  const ragged = new Set(axes.raggedIterations);
  const padded = scores.map((entry) => (ragged.has(entry.iteration) ? padEntry(entry, lengths) : entry));
  return { parameters, datasets, evaluationScores, scores: padded };
}

const longest = (lists: readonly (readonly unknown[])[]) =>
  lists.reduce((most, list) => Math.max(most, list.length), 0);

function lengthsOf(scores: readonly ValidationIterationScores[]): Lengths {
  const datasets = scores.map((entry) => entry.scores);
  const parameters = datasets.flat();
  return { datasets: longest(datasets), parameters: longest(parameters), criteria: longest(parameters.flat()) };
}

function padEntry(entry: ValidationIterationScores, lengths: Lengths): ValidationIterationScores {
  const range = (length: number) => Array.from({ length }, (_, index) => index);
  const scores = range(lengths.datasets).map((dataset) =>
    range(lengths.parameters).map((parameters) =>
      range(lengths.criteria).map((criterion) => entry.scores[dataset]?.[parameters]?.[criterion] ?? Number.NaN),
    ),
  );
  return { iteration: entry.iteration, scores };
}

function findRagged(scores: readonly ValidationIterationScores[], lengths: Lengths): readonly number[] {
  const isWhole = ({ scores: datasets }: ValidationIterationScores) =>
    datasets.length === lengths.datasets &&
    datasets.every((rows) => rows.length === lengths.parameters && rows.length > 0) &&
    datasets.flat().every((row) => row.length === lengths.criteria);
  return scores.filter((entry) => !isWhole(entry)).map((entry) => entry.iteration);
}

function raggedNotes(iterations: readonly number[]): readonly string[] {
  if (iterations.length === 0) return [];
  const shown = iterations.slice(0, 5).join(", ") + (iterations.length > 5 ? ", ..." : "");
  return [
    `Evaluations failed at iteration ${shown}: missing scores are left empty, and DaCapo does not say for which parameters they failed, so those that are there may stand one place too early.`,
  ];
}

// Criteria

function recoverCriteria(task: TaskConfig | undefined, length: number): Named<EvaluationScores> {
  const expected = task && taskOutputs(task)?.evaluationScores;
  if (expected && (length === 0 || expected.criteria.length === length)) return { value: expected, notes: [] };
  const value = criteriaByLength(length, expected);
  if (!expected) return { value, notes: value.kind === "unknown" && length === 0 ? [] : [guessed(value, length)] };
  const note = `The task has ${expected.criteria.length} criteria but ${length} scores are stored; ${guessed(value, length)}`;
  return { value, notes: [note] };
}

function guessed(scores: EvaluationScores, length: number): string {
  if (scores.kind === "unknown") return `What the ${length} stored scores measure is not known.`;
  return `The criteria are taken for those of a ${scores.kind} evaluation because there are ${length}.`;
}

function criteriaByLength(length: number, expected: EvaluationScores | undefined): EvaluationScores {
  if (length === criteriaPerChannel) return binaryScores;
  if (length > 0 && length % criteriaPerChannel === 0) return numberedChannels(length / criteriaPerChannel);
  if (length === instanceScores.criteria.length) return instanceScores;
  if (length === instanceScoresWithAverageIou.criteria.length) return instanceScoresWithAverageIou;
  if (length === dummyScores.criteria.length) return dummyScores;
  return length === 0 && expected ? expected : unknownScores(length);
}

// As DaCapo names channels while it evaluates.
function numberedChannels(count: number): EvaluationScores {
  return multichannelBinaryScores(Array.from({ length: count }, (_, index) => String(index)));
}

function kindOf(task: TaskConfig | undefined, scores: EvaluationScores): PostProcessorKind | undefined {
  const fromTask = task && postProcessorKind(task);
  if (fromTask) return fromTask;
  if (scores.kind === "binary" || scores.kind === "multichannel-binary") return "threshold";
  return scores.kind === "instance" || scores.kind === "instance-avg-iou" ? "watershed" : undefined;
}

// Parameters

type Parameters = readonly PostProcessorParameters[];

function recoverParameters(
  evidence: AxesEvidence,
  kind: PostProcessorKind | undefined,
  length: number,
): Named<Parameters> {
  const stored = toSortedParameters(evidence.outputNames ?? []);
  if (stored.length > 0 && (length === 0 || stored.length === length))
    return { value: stored, notes: orderNotes(stored) };
  const enumerated = findEnumeration(evidence, kind, length);
  if (enumerated) return { value: enumerated, notes: [] };
  const value = Array.from({ length }, (_, index) => parseParametersString(`parameters ${index}`));
  const note = `Scores are stored for ${length} parameters whose names are not known, since no output folders match them.`;
  return { value, notes: length === 0 ? [] : [note] };
}

function toSortedParameters(names: readonly string[]): Parameters {
  const parsed = names.map((name) => parseParametersString(name)).filter((parameters) => parameters.kind !== "unknown");
  return parsed.toSorted((a, b) => rank(a) - rank(b)).map(withId);
}

function rank(parameters: PostProcessorParameters): number {
  if (parameters.kind === "unknown") return Number.POSITIVE_INFINITY;
  return parameters.kind === "threshold" && parameters.form === "named" ? parameters.threshold : parameters.id;
}

// The folder of a named threshold does not tell its id: it is its place.
function withId(parameters: PostProcessorParameters, index: number): PostProcessorParameters {
  return parameters.kind === "threshold" && parameters.form === "named" ? { ...parameters, id: index } : parameters;
}

function orderNotes(parameters: Parameters): readonly string[] {
  const isNamed = parameters.some((each) => each.kind === "threshold" && each.form === "named");
  if (!isNamed || parameters.length < 2) return [];
  return [
    "The thresholds are taken to be scored in ascending order, since neither their folders nor the scores say so.",
  ];
}

// The release that is known, else the newest whose enumeration has that many.
function findEnumeration(
  evidence: AxesEvidence,
  kind: PostProcessorKind | undefined,
  length: number,
): Parameters | undefined {
  const task = evidence.config?.taskConfig;
  const candidates = evidence.release ? [evidence.release] : releases.toReversed();
  const lists = candidates.map((release) =>
    task ? enumerateParameters(task, release) : kind ? enumerateKind(kind, release) : [],
  );
  return lists.find((list) => list.length > 0 && (length === 0 || list.length === length)) ?? byLength(kind, length);
}

function byLength(kind: PostProcessorKind | undefined, length: number): Parameters | undefined {
  if (kind !== undefined || length !== 10) return undefined;
  return enumerateKind("dummy", "current");
}

// Datasets

type RecoveredDatasets = Named<readonly string[]> & { readonly datasetOrder: RecoveredAxes["datasetOrder"] };

function recoverDatasets(evidence: AxesEvidence, length: number): RecoveredDatasets {
  const recorded = recordedValidateNames(evidence.config?.datasplitConfig);
  const found = (evidence.datasetNames ?? []).toSorted();
  if (recorded && (length === 0 || recorded.length === length)) return settled(recorded, "recorded");
  if (found.length > 0 && (length === 0 || found.length === length)) return settled(found, "unknown");
  const value = Array.from({ length }, (_, index) => `dataset ${index}`);
  return {
    ...settled(value, "unknown"),
    notes: [countNote(evidence.config?.datasplitConfig, length, found.length)].flat(),
  };
}

function settled(value: readonly string[], order: RecoveredAxes["datasetOrder"]): RecoveredDatasets {
  if (value.length === 1) return { value, notes: [], datasetOrder: "single" };
  const note =
    "The order of the datasets in the scores is that of the training machine's file system, recorded nowhere; they are listed by name until their outputs have been scored again.";
  return { value, notes: order === "unknown" && value.length > 1 ? [note] : [], datasetOrder: order };
}

function countNote(datasplit: DataSplitConfig | undefined, length: number, found: number): readonly string[] {
  if (length === 0) return [];
  const recorded = recordedValidateNames(datasplit)?.length;
  const listed = recorded === undefined ? "the config lists none" : `the config lists ${recorded}`;
  return [`Scores are stored for ${length} datasets whose names are not known: ${listed}, and ${found} have volumes.`];
}
