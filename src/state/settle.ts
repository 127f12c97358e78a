// Keeps `settled` exact: true when nothing is loading or being computed and every visible chunk has been drawn.
import type { StoreApi } from "zustand/vanilla";
import { isAbort } from "#storage/errors.ts";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { AppState } from "./app-state.ts";
import { awaitsComparison } from "./comparison.ts";
import { selectedRun } from "./selectors.ts";

export type SettleTracker = {
  /** Looks again; to be called whenever work starts or ends. */
  update(): void;
  attach(viewer: VolumeViewer): () => void;
  dispose(): void;
};

export function createSettleTracker(store: StoreApi<AppState>, isWorking: () => boolean): SettleTracker {
  let viewer: VolumeViewer | undefined;
  let waiting: AbortController | undefined;

  function update(): void {
    const state = store.getState();
    const settled = isIdle(state, viewer !== undefined) && !isWorking() && (viewer?.isSettled() ?? true);
    if (settled !== state.settled) store.setState({ settled });
    if (viewer !== undefined && !viewer.isSettled() && waiting === undefined) void wait(viewer);
  }

  async function wait(target: VolumeViewer): Promise<void> {
    waiting = new AbortController();
    const { signal } = waiting;
    try {
      await target.whenSettled(signal);
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    }
    if (waiting?.signal !== signal) return;
    waiting = undefined;
    if (!signal.aborted && target.isSettled()) update();
  }

  const unsubscribe = store.subscribe(update);
  return {
    update,
    attach(next) {
      viewer = next;
      const stop = next.onChange(update);
      update();
      return () => {
        stop();
        waiting?.abort();
        waiting = undefined;
        viewer = undefined;
        update();
      };
    },
    dispose() {
      unsubscribe();
      waiting?.abort();
    },
  };
}

/** Everything outside the viewer has come to rest; a viewer that is needed is there or has failed. */
function isIdle(state: AppState, hasViewer: boolean): boolean {
  const runs = Object.values(state.runs);
  const isLoading = runs.some((run) => run.status === "loading" || isResolving(run)) || state.base.status === "loading";
  const isComputing = state.inference?.status === "loading" || state.inference?.status === "running";
  const isComparing = state.errors?.status === "waiting" || state.errors?.status === "computing";
  const awaitsSnapshots =
    state.selection.snapshot !== undefined && (selectedRun(state)?.snapshots?.status ?? "loading") === "loading";
  const awaitsViewer = runs.length > 0 && !hasViewer && state.viewer !== "failed";
  const isDrawn = hasViewer && state.layers.some(({ status }) => status === "ready");
  const awaitsPlace = isDrawn && state.view.position === undefined; // told a moment after the layers
  const isWorking = isLoading || isComputing || isComparing || awaitsComparison(state);
  return !isWorking && !awaitsSnapshots && !awaitsViewer && !awaitsPlace;
}

function isResolving({ scores }: AppState["runs"][string]): boolean {
  return scores.status === "ready" && scores.value.datasetOrder === "resolving";
}
