// Datasets turn up one after another while a training validates for the first time: who looks at one is not moved to another.
import type { StoreApi } from "zustand/vanilla";
import type { AppState } from "./app-state.ts";
import { selectedRun, shownOf } from "./selectors.ts";

export type DatasetKeeper = { dispose(): void };

/** Chooses what is shown by default before another default would take its place. Watches the store before all others. */
export function createDatasetKeeper(store: StoreApi<AppState>): DatasetKeeper {
  const stop = store.subscribe((state, before) => {
    const [run, runBefore] = [selectedRun(state), selectedRun(before)];
    if (run === runBefore || run?.id !== runBefore?.id || runBefore?.status === "loading") return;
    if (state.selection.dataset !== undefined || before.selection.dataset !== undefined) return;
    const { dataset } = shownOf(before);
    if (dataset === undefined || dataset === shownOf(state).dataset || !run?.datasets.includes(dataset)) return;
    store.setState(({ selection }) => ({ selection: { ...selection, dataset } }));
  });
  return { dispose: stop };
}
