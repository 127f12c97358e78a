import { recoverCriteria } from "./recover-criteria.ts";
import { type DatasetOrder, recoverDatasets } from "./recover-datasets.ts";
import { recoverParameters } from "./recover-parameters.ts";
import type { Release } from "./release.ts";
import type { RunConfig } from "./run-config.ts";
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
  readonly datasetOrder: DatasetOrder;
  /** Iterations whose lists are shorter than the axes: a failed evaluation leaves no trace of which one it was. */
  readonly raggedIterations: readonly number[];
  /** A sentence for everything that was assumed. */
  readonly notes: readonly string[];
};

type Lengths = { readonly datasets: number; readonly parameters: number; readonly criteria: number };

/** Scores are stored without names: this names their axes from the config, the folders, and at last the lengths. */
export function recoverAxes(evidence: AxesEvidence): RecoveredAxes {
  const lengths = lengthsOf(evidence.scores);
  const evaluation = recoverCriteria(evidence.config?.taskConfig, lengths.criteria);
  const parameters = recoverParameters(evidence, evaluation.value, lengths.parameters);
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
