// What DaCapo stored for one output, to be held against what is computed of it. Pure.
import { toParametersString } from "#dacapo/post-processor-parameters.ts";
import { scoreAt } from "#dacapo/validation-scores.ts";
import type { ErrorsTarget, RunState } from "./app-state.ts";
import { scoresOf } from "./selectors.ts";

/** By criterion; `undefined` where there are none, or it is not known which dataset they are of. */
export function storedScoresOf(
  run: RunState,
  { dataset, iteration, parameters }: Omit<ErrorsTarget, "run">,
): ReadonlyMap<string, number> | undefined {
  const state = scoresOf(run);
  if (state === undefined || state.datasetOrder === "resolving" || state.datasetOrder === "unknown") return undefined;
  const { scores } = state;
  const entry = scores.scores.findLast((each) => each.iteration === iteration);
  const slot = scores.datasets.indexOf(dataset);
  const index = scores.parameters.findIndex((each) => toParametersString(each) === parameters);
  if (entry === undefined || slot < 0 || index < 0) return undefined;
  return new Map(
    scores.evaluationScores.criteria.map(({ name }, criterion) => [name, scoreAt(entry, slot, index, criterion)]),
  );
}
