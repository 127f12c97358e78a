// A loaded run for tests that need a state and no following.
import { createStore } from "zustand/vanilla";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import type { AppState, RunState } from "../app-state.ts";
import { emptyState } from "../empty-state.ts";
import { createRunFollower } from "../run-follower.ts";
import { newRun } from "../run-registry.ts";
import { fakeSource, found, losses, wholeVolumes } from "./fake-run.ts";

/** A state with one run that was looked at once; volumes at every scored iteration. */
export async function loadedState(
  entries: readonly ValidationIterationScores[],
  volumes = entries.map(({ iteration }) => wholeVolumes(iteration)),
): Promise<{ readonly state: AppState; readonly run: RunState }> {
  const source = fakeSource({ training: found(losses(400)), scores: found(entries), volumes });
  const store = createStore<AppState>(() => ({
    ...emptyState,
    runs: { [source.url]: newRun(source) },
    runOrder: [source.url],
  }));
  const effects = { now: () => 0, onEvents: () => undefined, knownOrder: () => undefined };
  await createRunFollower(store, source, effects).check(new AbortController().signal);
  const state = store.getState();
  return { state, run: state.runs[source.url] as RunState };
}
