// Decides when the arrays on disk are looked for again: listing is dear, and an unchanged run must cost conditional requests only.
import { likelyValidateNames, recordedValidateNames } from "#dacapo/datasplit.ts";
import { toParametersString } from "#dacapo/post-processor-parameters.ts";
import { isPlaceholder } from "#dacapo/recover-datasets.ts";
import { trainedUntil } from "#dacapo/training-stats.ts";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import type { RunState, Selection } from "./app-state.ts";
import type { Implied } from "./run-source.ts";
import { resolveSelection, scoresOf, validationIterations } from "./selectors.ts";

export type Changed = { readonly training: boolean; readonly scores: boolean };

/** On the first look, when a file changed, and while a validation is under way (losses are flushed just before it). */
export function planVolumesLook(before: RunState, after: RunState, changed: Changed): boolean {
  return (
    before.status === "loading" ||
    before.status === "error" ||
    changed.training ||
    changed.scores ||
    isValidating(after)
  );
}

/** Volumes half-written, or losses ahead of the scores in a training that still gives signs of life. */
function isValidating(run: RunState): boolean {
  if (run.phase === "stale") return false;
  const partial = run.volumes.some(({ datasets }) =>
    datasets.some(({ prediction, outputs }) => prediction === "partial" || outputs.some(({ whole }) => !whole)),
  );
  return partial || (run.phase === "training" && awaitsScores(run));
}

/** By its losses a validation has begun of which there are no scores yet. */
export function awaitsScores(run: RunState): boolean {
  const trained = run.training.status === "ready" ? trainedUntil(run.training.value) : 0;
  const interval = run.config.status === "ready" ? run.config.value.validationInterval : undefined;
  if (interval === undefined || interval <= 0) return false;
  const due = Math.floor(trained / interval) * interval;
  return due > (validationIterations(run).at(-1) ?? 0);
}

/** What is looked at before all else: the chosen iteration, known or not yet, and what is shown for want of it. */
export function toWanted(run: RunState, selection: Selection): readonly number[] {
  const { iteration } = resolveSelection(run, selection);
  return [selection.iteration, iteration].filter((wish) => typeof wish === "number");
}

/** All that the configuration and the scores say must be on disk. `wanted`: a dataset that a link names. */
export function toImplied(
  run: RunState,
  entries: readonly ValidationIterationScores[],
  wanted: string | undefined,
): Implied {
  const scored = [...new Set(entries.map(({ iteration }) => iteration))];
  const scores = scoresOf(run)?.scores;
  return {
    generation: run.generation,
    scored,
    iterations: [...new Set([...scored, ...dueIterations(run)])].sort((a, b) => a - b),
    datasets: [...new Set([...namedDatasets(run), ...configuredDatasets(run)])],
    likelyDatasets: [...likelyDatasets(run), ...(wanted === undefined ? [] : [wanted])],
    parameters: scores?.parameters.map(toParametersString) ?? [],
    criteria: scores?.evaluationScores.criteria.map(({ name }) => name) ?? [],
  };
}

/** At most so many iterations are sought one by one where a server lists nothing. */
const maxDue = 1000;

function dueIterations(run: RunState): number[] {
  const trained = run.training.status === "ready" ? trainedUntil(run.training.value) : 0;
  const interval = run.config.status === "ready" ? run.config.value.validationInterval : 0;
  if (interval <= 0) return [];
  const count = Math.min(Math.floor(trained / interval), maxDue);
  return Array.from({ length: count }, (_, index) => (index + 1) * interval);
}

/** Those of the scores, without the names that were made up for want of better ones. */
function namedDatasets(run: RunState): readonly string[] {
  return (scoresOf(run)?.scores.datasets ?? []).filter((name) => !isPlaceholder(name));
}

function configuredDatasets({ config }: RunState): readonly string[] {
  return config.status === "ready" ? (recordedValidateNames(config.value.datasplitConfig) ?? []) : [];
}

function likelyDatasets({ config }: RunState): readonly string[] {
  return config.status === "ready" ? likelyValidateNames(config.value.datasplitConfig) : [];
}
