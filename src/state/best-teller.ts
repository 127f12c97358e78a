// Tells new bests once it is known whose they are: while the order of the datasets is sought, a score may be another's.
import type { Best } from "#dacapo/best.ts";
import type { RunState } from "./app-state.ts";
import { type FollowEvent, newBests } from "./follow-events.ts";
import { scoresOf } from "./selectors.ts";

export type BestTeller = {
  /** To be called after each look and after each search for the order. Nothing is new the first time. */
  tell(run: RunState): void;
};

export function createBestTeller(onEvents: (events: readonly FollowEvent[]) => void): BestTeller {
  let told: readonly Best[] | undefined;
  return {
    tell(run) {
      const scores = scoresOf(run);
      if (run.scores.status === "absent") told ??= [];
      if (scores === undefined || scores.datasetOrder === "resolving") return;
      const before = told;
      told = scores.best;
      if (before !== undefined) onEvents(newBests(run.id, before, scores.best));
    },
  };
}
