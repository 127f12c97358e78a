import type { EvaluationScores } from "./evaluation-scores.ts";
import { criterionOf, splitCriterionName } from "./evaluation-scores.ts";
import { toParametersString } from "./post-processor-parameters.ts";
import { isBetter } from "./scores-array.ts";
import type { ValidationIterationScores, ValidationScores } from "./validation-scores.ts";
import { criteria, scoreAt } from "./validation-scores.ts";

/** The best score of one criterion on one dataset, and where it was reached. `parameters` is their folder name. */
export type Best = {
  readonly dataset: string;
  readonly criterion: string;
  readonly iteration: number;
  readonly parameters: string;
  readonly score: number;
};

/** The best mean over all datasets that have a score at that iteration and with those parameters. */
export type MeanBest = Omit<Best, "dataset">;

type Found = { readonly entry: ValidationIterationScores; readonly parameters: number; readonly score: number };
type ScoreOf = (entry: ValidationIterationScores, parameters: number) => number;

// Entries by ascending iteration and parameters in order, so that a tie goes to the earliest, then to the first.
function findBest(scores: ValidationScores, higherIsBetter: boolean, scoreOf: ScoreOf): Found | undefined {
  let best: Found | undefined;
  for (const entry of scores.scores.toSorted((a, b) => a.iteration - b.iteration)) {
    for (const parameters of scores.parameters.keys()) {
      const score = scoreOf(entry, parameters);
      if (isBetter(score, best?.score ?? Number.NaN, higherIsBetter)) best = { entry, parameters, score };
    }
  }
  return best;
}

function toMeanBest(scores: ValidationScores, criterion: string, found: Found | undefined): MeanBest | undefined {
  const parameters = found && scores.parameters[found.parameters];
  if (!found || !parameters) return undefined;
  return {
    criterion,
    iteration: found.entry.iteration,
    parameters: toParametersString(parameters),
    score: found.score,
  };
}

function indexOfCriterion(scores: ValidationScores, criterion: string): number {
  return criteria(scores).indexOf(criterion);
}

function isHigherBetter(scores: ValidationScores, criterion: string): boolean {
  return criterionOf(scores.evaluationScores, criterion)?.higherIsBetter ?? true;
}

/** NaN is skipped; ties go to the earliest iteration, then to the first parameters. Undefined when all are NaN. */
export function bestScore(scores: ValidationScores, dataset: string, criterion: string): Best | undefined {
  const datasetIndex = scores.datasets.indexOf(dataset);
  const index = indexOfCriterion(scores, criterion);
  if (datasetIndex < 0 || index < 0) return undefined;
  const found = findBest(scores, isHigherBetter(scores, criterion), (entry, parameters) =>
    scoreAt(entry, datasetIndex, parameters, index),
  );
  const best = toMeanBest(scores, criterion, found);
  return best && { dataset, ...best };
}

/** Every best there is: datasets outside, criteria inside, both in axis order. */
export function allBest(scores: ValidationScores): Best[] {
  return scores.datasets.flatMap((dataset) =>
    criteria(scores).flatMap((criterion) => bestScore(scores, dataset, criterion) ?? []),
  );
}

/** Best of the mean over datasets; a dataset whose score is NaN does not count in the mean. */
export function meanBest(scores: ValidationScores, criterion: string): MeanBest | undefined {
  const index = indexOfCriterion(scores, criterion);
  if (index < 0) return undefined;
  const meanOf: ScoreOf = (entry, parameters) =>
    mean([...scores.datasets.keys()].map((dataset) => scoreAt(entry, dataset, parameters, index)));
  return toMeanBest(scores, criterion, findBest(scores, isHigherBetter(scores, criterion), meanOf));
}

/** NaN values do not count; NaN when nothing is left. */
function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((total, value) => total + value, 0) / known.length;
}

/** The criterion to look at first: f1_score (of the first channel) for binary tasks, voi for instances. */
export function defaultCriterion(scores: EvaluationScores): string | undefined {
  const wanted = scores.kind === "binary" || scores.kind === "multichannel-binary" ? "f1_score" : "voi";
  const found = scores.criteria.find((criterion) => splitCriterionName(criterion.name).base === wanted);
  return (found ?? scores.criteria[0])?.name;
}
