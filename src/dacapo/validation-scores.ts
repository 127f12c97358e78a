import type { EvaluationScores } from "./evaluation-scores.ts";
import type { PostProcessorParameters } from "./post-processor-parameters.ts";

/** `scores[dataset][parameters][criterion]`; `iteration` counts completed iterations (last loss index + 1). */
export type ValidationIterationScores = {
  readonly iteration: number;
  readonly scores: readonly (readonly (readonly number[])[])[];
};

/** Scores with the names of their axes, which DaCapo does not store. */
export type ValidationScores = {
  readonly parameters: readonly PostProcessorParameters[];
  readonly datasets: readonly string[];
  readonly evaluationScores: EvaluationScores;
  /** In file order; an iteration that was validated twice appears twice. */
  readonly scores: readonly ValidationIterationScores[];
};

/** The same axes over other entries. */
export function subscores(scores: ValidationScores, entries: readonly ValidationIterationScores[]): ValidationScores {
  return { ...scores, scores: entries };
}

/** Appends; like DaCapo, checks neither order nor duplicates. */
export function addIterationScores(scores: ValidationScores, added: ValidationIterationScores): ValidationScores {
  return subscores(scores, [...scores.scores, added]);
}

/** Keeps the entries strictly below `iteration`. */
export function deleteAfter(scores: ValidationScores, iteration: number): ValidationScores {
  return subscores(
    scores,
    scores.scores.filter((entry) => entry.iteration < iteration),
  );
}

/** Largest iteration + 1, or 0 when there is none. */
export function validatedUntil(scores: Pick<ValidationScores, "scores">): number {
  return scores.scores.reduce((until, entry) => Math.max(until, entry.iteration + 1), 0);
}

/**
 * What a store has to do when `existing` entries are in it: `dropExisting` says that they reach further than these
 * and must go, `from` is the first iteration to write.
 */
export function compare(
  scores: ValidationScores,
  existing: readonly ValidationIterationScores[],
): { readonly dropExisting: boolean; readonly from: number } {
  const existingUntil = validatedUntil({ scores: existing });
  if (existingUntil > validatedUntil(scores)) return { dropExisting: true, from: 0 };
  return { dropExisting: false, from: existingUntil };
}

/** The names along the last axis. */
export function criteria(scores: ValidationScores): readonly string[] {
  return scores.evaluationScores.criteria.map((criterion) => criterion.name);
}

/** One stored score; NaN where the entry has none. */
export function scoreAt(
  entry: ValidationIterationScores,
  dataset: number,
  parameters: number,
  criterion: number,
): number {
  return entry.scores[dataset]?.[parameters]?.[criterion] ?? Number.NaN;
}
