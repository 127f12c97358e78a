import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import { PickleError } from "./format-error.ts";
import { numpyScalars } from "./numpy-pickle.ts";
import { readPickle } from "./pickle.ts";
import { PickleTuple, type PickleValue } from "./pickle-values.ts";
import { createScoreBudget, type ScoreBudget } from "./score-budget.ts";
import { toNumber } from "./stats-values.ts";

/**
 * `stats/validation_scores/<run>`: a list of {"iteration", "scores", "run_name"} in file order, scores as
 * [dataset][parameters][criterion]. Lists may be ragged or empty where evaluations failed. None becomes NaN.
 * Throws PickleError: torn (also when empty: DaCapo writes in place), refused, malformed, limit.
 */
export function parseValidationScores(bytes: Uint8Array): readonly ValidationIterationScores[] {
  const budget = createScoreBudget("pickle");
  return toItems(readPickle(bytes, { allow: numpyScalars() }), "the file").map((entry) =>
    toIterationScores(entry, budget),
  );
}

function toIterationScores(entry: PickleValue, budget: ScoreBudget): ValidationIterationScores {
  if (!(entry instanceof Map)) throw unexpected("an entry is not a dictionary");
  const iteration = toNumber(entry.get("iteration"));
  if (iteration === undefined || !Number.isSafeInteger(iteration))
    throw unexpected("an iteration is not a whole number");
  return {
    iteration,
    scores: toItems(entry.get("scores"), "scores").map((dataset) => toDatasetScores(dataset, budget)),
  };
}

function toDatasetScores(dataset: PickleValue, budget: ScoreBudget): readonly (readonly number[])[] {
  return toItems(dataset, "the scores of a dataset").map((parameters) => toCriteria(parameters, budget));
}

// A few bytes can name the same list again and again, so what is copied is counted, not what was read.
function toCriteria(parameters: PickleValue, budget: ScoreBudget): readonly number[] {
  const items = toItems(parameters, "the scores of one parameter");
  budget.spend(items.length + 1);
  return items.map((score) => toNumber(score) ?? unusable());
}

function toItems(value: PickleValue | undefined, what: string): readonly PickleValue[] {
  if (Array.isArray(value)) return value;
  if (value instanceof PickleTuple) return value.items;
  throw unexpected(`${what} is not a list`);
}

function unusable(): never {
  throw unexpected("a score is not a number");
}

function unexpected(found: string): PickleError {
  return new PickleError({
    tag: "malformed",
    message: `The pickle does not hold validation scores as DaCapo writes them: ${found}; check that this file is stats/validation_scores/<run>.`,
  });
}
