// Who opens a run needs no list of runs: what fills one is fetched with the first directory that is listed.
import type { StoreApi } from "zustand/vanilla";
import type { AppState } from "./app-state.ts";
import { createLazyKeeper } from "./lazy-keeper.ts";
import type { RunTableKeeper, TableEffects } from "./run-table-keeper.ts";

export function createRunTableLoader(store: StoreApi<AppState>, effects: TableEffects): RunTableKeeper {
  let keeper: RunTableKeeper | undefined;
  let shown: readonly string[] = [];
  const load = async () => {
    const { createRunTableKeeper } = await import("./run-table-keeper.ts");
    keeper = createRunTableKeeper(store, effects);
    keeper.show(shown);
    return keeper;
  };
  const { dispose } = createLazyKeeper(store, ({ base }) => base.status === "ready", load);
  return {
    show(names) {
      shown = names;
      keeper?.show(names);
    },
    dispose,
  };
}
