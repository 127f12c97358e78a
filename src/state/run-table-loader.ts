// Who opens a run needs no list of runs: what fills one is fetched with the first directory that is listed.
import type { StoreApi } from "zustand/vanilla";
import type { AppState } from "./app-state.ts";
import type { RunTableKeeper, TableEffects } from "./run-table-keeper.ts";

export function createRunTableLoader(store: StoreApi<AppState>, effects: TableEffects): RunTableKeeper {
  let keeper: Promise<RunTableKeeper> | undefined;
  const load = async () => {
    const { createRunTableKeeper } = await import("./run-table-keeper.ts");
    return createRunTableKeeper(store, effects);
  };
  const stop = store.subscribe(({ base }) => {
    if (base.status === "ready") keeper ??= load();
  });
  return {
    show: (names) => void keeper?.then((loaded) => loaded.show(names)),
    dispose() {
      stop();
      void keeper?.then((loaded) => loaded.dispose());
    },
  };
}
