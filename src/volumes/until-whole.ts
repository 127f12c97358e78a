import { isLayerWhole } from "./chunk-progress.ts";
import type { Engine } from "./engine.ts";
import type { StackLayer } from "./stack-layer.ts";

/** A source that reads nothing for so long is shown as far as it came, so that it does not hold back the others. */
export const STALL_SECONDS = 30;

const LOOK_AGAIN_MS = 16;

/** Wakes early when the signal aborts. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_AGAIN_MS);
    signal.addEventListener("abort", done);
  });
}

/**
 * Resolves with the layers that stalled when every other one is whole: all its chunks on screen are there, or have failed.
 * @throws the signal's reason when it aborts
 */
export async function untilWhole(
  engine: Engine,
  awaited: readonly StackLayer[],
  signal: AbortSignal,
): Promise<readonly StackLayer[]> {
  const { viewer } = engine;
  const reads = (layers: readonly StackLayer[]) => layers.reduce((sum, { source }) => sum + source.counts().reads, 0);
  let progress = -1;
  let since = performance.now();
  for (;;) {
    signal.throwIfAborted();
    viewer.chunkQueueManager.flushPendingChunkUpdates();
    const missing = awaited.filter(({ managed }) => managed.containers.size > 0 && !isLayerWhole(engine, managed));
    if (missing.length === 0) return [];
    const stalled = reads(missing) === progress && performance.now() - since > 1000 * STALL_SECONDS;
    if (stalled) return missing;
    if (reads(missing) !== progress) since = performance.now();
    progress = reads(missing);
    await pause(signal);
  }
}
