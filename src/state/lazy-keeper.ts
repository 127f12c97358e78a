import type { StoreApi } from "zustand/vanilla";
import type { AppState } from "./app-state.ts";

/** A part that works on the state, whose code is fetched when the state first wants it. */
export function createLazyKeeper(
  store: StoreApi<AppState>,
  isWanted: (state: AppState) => boolean,
  load: () => Promise<{ dispose(): void }>,
): { dispose(): void } {
  let keeper: { dispose(): void } | undefined;
  let asked = false;
  let closed = false;

  async function start(): Promise<void> {
    asked = true;
    try {
      keeper = await load();
      if (closed) keeper.dispose();
    } catch {
      asked = false; // the code could not be fetched: the next change asks again
    }
  }

  function update(state: AppState): void {
    if (!asked && isWanted(state)) void start();
  }

  const unsubscribe = store.subscribe(update);
  update(store.getState());
  return {
    dispose() {
      closed = true;
      unsubscribe();
      keeper?.dispose();
    },
  };
}
