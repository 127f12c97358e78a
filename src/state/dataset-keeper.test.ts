import { describe, expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import type { AppState, RunState } from "./app-state.ts";
import { createDatasetKeeper } from "./dataset-keeper.ts";
import { loadedState } from "./fakes/run-state.ts";
import { shownOf } from "./selectors.ts";

async function watch(datasets: readonly string[], status: RunState["status"] = "ready") {
  const { state, run } = await loadedState([]);
  const unscored: RunState = { ...run, scores: { status: "absent" }, datasets, status };
  const store = createStore<AppState>(() => ({ ...state, runs: { [run.id]: unscored } }));
  createDatasetKeeper(store);
  const find = (found: readonly string[]) =>
    store.setState(({ runs }) => ({
      runs: { [run.id]: { ...(runs[run.id] ?? run), datasets: found, status: "ready" } },
    }));
  return { store, find, shown: () => shownOf(store.getState()).dataset };
}

describe("a dataset that turns up while another one is shown", () => {
  it("does not take its place", async () => {
    const { find, shown } = await watch(["b"]);
    find(["a", "b"]);
    expect(shown()).toBe("b");
  });

  it("takes it when the shown one is gone", async () => {
    const { find, shown } = await watch(["b"]);
    find(["a", "c"]);
    expect(shown()).toBe("a");
  });

  it("takes it while the run is being opened", async () => {
    const { find, shown } = await watch(["b"], "loading");
    find(["a", "b"]);
    expect(shown()).toBe("a");
  });

  it("leaves a choice alone", async () => {
    const { store, find, shown } = await watch(["b", "c"]);
    store.setState({ selection: { dataset: "c" } });
    find(["a", "b", "c"]);
    expect(shown()).toBe("c");
  });
});
