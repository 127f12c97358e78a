// Decides what changed between two looks at a running training; telling and swapping are done elsewhere.
import type { Best } from "#dacapo/best.ts";
import { trainedUntil } from "#dacapo/training-stats.ts";
import type { RunId, RunState } from "./app-state.ts";
import { validationIterations } from "./selectors.ts";

export type FollowEvent =
  | { readonly kind: "validation"; readonly run: RunId; readonly iteration: number }
  | { readonly kind: "best"; readonly run: RunId; readonly best: Best }
  | { readonly kind: "rewind"; readonly run: RunId; readonly from: number; readonly to: number }
  | { readonly kind: "finished"; readonly run: RunId; readonly iteration: number }
  | { readonly kind: "stale"; readonly run: RunId; readonly iteration: number }
  | { readonly kind: "resumed"; readonly run: RunId; readonly iteration: number };

/** What a person wants to be told, but for new bests; nothing on the first look, when everything is new. */
export function compareRuns(before: RunState, after: RunState): FollowEvent[] {
  if (before.status === "loading") return [];
  return [...rewinds(before, after), ...newValidations(before, after), ...phases(before, after)];
}

function rewinds(before: RunState, after: RunState): FollowEvent[] {
  if (!isRewound(before, after)) return [];
  return [{ kind: "rewind", run: after.id, from: until(before), to: until(after) }];
}

/** Losses that were there are not any more: volumes under the same paths may be written anew from here on. */
export function isRewound(before: RunState, after: RunState): boolean {
  return after.training.status === "ready" && until(after) < until(before);
}

function until(run: RunState): number {
  return run.training.status === "ready" ? trainedUntil(run.training.value) : 0;
}

function newValidations(before: RunState, after: RunState): FollowEvent[] {
  const known = new Set(validationIterations(before));
  return validationIterations(after)
    .filter((iteration) => !known.has(iteration))
    .map((iteration) => ({ kind: "validation", run: after.id, iteration }));
}

/** A best that another iteration or other parameters have taken over; the first best of a dataset and criterion is one too. */
export function newBests(run: RunId, before: readonly Best[], after: readonly Best[]): FollowEvent[] {
  const known = new Map(before.map((best) => [keyOf(best), best]));
  return after.filter((best) => !isSame(known.get(keyOf(best)), best)).map((best) => ({ kind: "best", run, best }));
}

function keyOf({ dataset, criterion }: Best): string {
  return JSON.stringify([dataset, criterion]);
}

function isSame(known: Best | undefined, best: Best): boolean {
  return known?.iteration === best.iteration && known.parameters === best.parameters && known.score === best.score;
}

function phases(before: RunState, after: RunState): FollowEvent[] {
  if (before.phase === after.phase) return [];
  const event = { run: after.id, iteration: until(after) };
  if (after.phase === "finished" && before.phase !== "unknown") return [{ kind: "finished", ...event }];
  if (after.phase === "stale" && before.phase === "training") return [{ kind: "stale", ...event }];
  if (after.phase === "training" && before.phase === "stale") return [{ kind: "resumed", ...event }];
  return [];
}
