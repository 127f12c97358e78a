// Plays through the iterations: the next one comes when the shown one is drawn, so that a slow server slows the film
// instead of skipping through blanks.
import type { StoreApi } from "zustand/vanilla";
import type { AppState, SelectionPart } from "./app-state.ts";
import { scrubOf } from "./selectors.ts";

const frameMs = 700;

export type Player = { dispose(): void };

export function createPlayer(store: StoreApi<AppState>, select: (part: SelectionPart) => void): Player {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
  }

  function next(): void {
    timer = undefined;
    const state = store.getState();
    if (!state.playing) return;
    if (state.settled) advance(state);
    timer = setTimeout(next, frameMs);
  }

  function advance(state: AppState): void {
    const { all, shown, toPart } = scrubOf(state);
    const following = all.find((candidate) => shown !== undefined && candidate > shown) ?? all[0];
    if (following === undefined || all.length < 2) store.setState({ playing: false });
    else select(toPart(following));
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (state.playing === before.playing) return;
    stop();
    if (state.playing) timer = setTimeout(next, 0);
  });
  return {
    dispose() {
      unsubscribe();
      stop();
    },
  };
}
