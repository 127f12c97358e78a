import { criterionOf } from "#dacapo/evaluation-scores.ts";
import { toParametersString, toShortLabel } from "#dacapo/post-processor-parameters.ts";
import { isBetter } from "#dacapo/scores-array.ts";
import { criteria, scoreAt, type ValidationScores } from "#dacapo/validation-scores.ts";

export type ScoreRow = {
  readonly iteration: number;
  /** By parameters, in enumeration order. */
  readonly scores: readonly number[];
  /** Index of the best of the row; -1 when all are NaN. */
  readonly best: number;
};

/** Newest first; a validation that was repeated shows its last scores. */
export function toScoreRows(scores: ValidationScores, dataset: string, criterion: string): readonly ScoreRow[] {
  const datasetIndex = scores.datasets.indexOf(dataset);
  const criterionIndex = criteria(scores).indexOf(criterion);
  const up = criterionOf(scores.evaluationScores, criterion)?.higherIsBetter ?? true;
  const rows = scores.scores.map((entry): [number, ScoreRow] => {
    const values = scores.parameters.map((_, index) => scoreAt(entry, datasetIndex, index, criterionIndex));
    return [entry.iteration, { iteration: entry.iteration, scores: values, best: indexOfBest(values, up) }];
  });
  return [...new Map(rows).values()].sort((a, b) => b.iteration - a.iteration);
}

function indexOfBest(values: readonly number[], up: boolean): number {
  return values.reduce((best, value, index) => (isBetter(value, values[best] ?? Number.NaN, up) ? index : best), -1);
}

export type ScoreColumns = {
  /** What the parameters have in common ("threshold"), where each is that word and a value. */
  readonly word: string | undefined;
  readonly columns: readonly { readonly parameters: string; readonly label: string }[];
};

export function toColumns(scores: ValidationScores): ScoreColumns {
  const labels = scores.parameters.map(toShortLabel);
  const words = new Set(labels.map((label) => label.split(" ")[0]));
  const [word] = words.size === 1 && labels.every((label) => label.includes(" ")) ? words : [undefined];
  const columns = scores.parameters.map((parameters, index) => ({
    parameters: toParametersString(parameters),
    label: (labels[index] ?? "").slice(word === undefined ? 0 : word.length + 1),
  }));
  return { word, columns };
}
