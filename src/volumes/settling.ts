import { isWholeViewReady } from "./chunk-progress.ts";
import type { Engine } from "./engine.ts";

export type Settling = {
  isSettled(): boolean;
  whenSettled(signal?: AbortSignal): Promise<void>;
  /** Something else has begun or ended that counts as loading. */
  touch(): void;
  dispose(): void;
};

const LOOK_AGAIN_MS = 50;

/**
 * Settled is: nothing is loading, and a frame has been drawn since the last chunk that is on screen came or failed.
 * Known at the end of a frame, forgotten as soon as anything changes that a frame would show.
 */
export function createSettling(engine: Engine, isBusy: () => boolean, onFlip: () => void): Settling {
  const { viewer, failures } = engine;
  let settled = false;

  function set(next: boolean): void {
    if (next === settled) return;
    settled = next;
    onFlip();
  }

  const touch = () => set(false);
  const look = () => set(!isBusy() && isWholeViewReady(engine));
  /** A layer without a chunk on screen, and a failed chunk, become whole without a frame. */
  const timer = setInterval(() => {
    if (!settled && !isBusy() && isWholeViewReady(engine)) viewer.display.scheduleRedraw();
  }, LOOK_AGAIN_MS);
  const removers = [
    viewer.chunkQueueManager.visibleChunksChanged.add(touch),
    viewer.layerManager.layersChanged.add(touch),
    engine.second.layerManager.layersChanged.add(touch),
    viewer.navigationState.changed.add(touch),
    viewer.perspectiveNavigationState.changed.add(touch),
    viewer.layout.changed.add(touch),
    viewer.display.updateFinished.add(look),
  ];
  failures.onFailure(touch);

  async function whenSettled(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      if (settled && !isBusy()) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS / 2));
    }
  }

  return {
    isSettled: () => settled && !isBusy(),
    whenSettled,
    touch,
    dispose() {
      clearInterval(timer);
      for (const remove of removers) remove();
    },
  };
}
