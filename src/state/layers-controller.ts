// Keeps the attached viewer showing what is selected: plans layers, opens their arrays, hands them over, reports what failed.
// One layer's failure costs that layer alone, and what is drawn stays drawn until its successor is whole.
import type { StoreApi } from "zustand/vanilla";
import { isAbort } from "#storage/errors.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { LayerRequest, VolumeViewer } from "#volumes/volume-viewer.ts";
import type { AppState, LayerState } from "./app-state.ts";
import { type LayerPlan, planLayers } from "./plan-layers.ts";
import { selectedRun, shownOf } from "./selectors.ts";
import { toLayerRequest } from "./to-layer-request.ts";

export type LayerSources = {
  /** Opens one array of a run; `undefined` when there is none. */
  openArray(plan: LayerPlan, signal: AbortSignal): Promise<RunArray | undefined>;
  /** Changes when the bytes behind a plan's path were written anew. */
  generationOf(plan: LayerPlan): string;
  report(plan: LayerPlan, error: unknown): void;
  /** Takes back what was reported before of this layer. */
  resolve(plan: LayerPlan): void;
};

export type LayersController = { attach(viewer: VolumeViewer): () => void; isBusy(): boolean; dispose(): void };

export function createLayersController(store: StoreApi<AppState>, sources: LayerSources): LayersController {
  let viewer: VolumeViewer | undefined;
  let shownPlans = "";
  let framedDataset: string | undefined;
  let current: AbortController | undefined;
  const opened = new Map<string, Promise<RunArray | undefined>>();

  const keyOf = (plan: LayerPlan) => JSON.stringify([plan.run, plan.path, sources.generationOf(plan)]);

  function update(): void {
    const state = store.getState();
    const run = selectedRun(state);
    if (viewer === undefined || run === undefined || run.status === "loading") return;
    const plans = planLayers(run, shownOf(state));
    const identity = JSON.stringify(plans.map((plan) => [keyOf(plan), plan.title]));
    if (identity === shownPlans) return;
    shownPlans = identity;
    current?.abort();
    current = new AbortController();
    void show(viewer, plans, current.signal);
  }

  async function show(target: VolumeViewer, plans: readonly LayerPlan[], signal: AbortSignal): Promise<void> {
    store.setState({ settled: false, layers: plans.map((plan) => pendingLayer(plan, store.getState(), sources)) });
    try {
      const requests = await Promise.all(plans.map((plan) => request(plan, signal)));
      signal.throwIfAborted();
      const dataset = plans.map(({ run }) => run)[0] + JSON.stringify(shownOf(store.getState()).dataset);
      const frame = framedDataset !== dataset && store.getState().viewJson === undefined;
      framedDataset = dataset;
      await target.setLayers(requests.flatMap((layer) => layer ?? []), { signal, frame });
      if (!signal.aborted) finish();
    } catch (error) {
      if (isAbort(error, signal)) return;
      finish();
      for (const plan of plans) sources.report(plan, error);
    }
  }

  async function request(plan: LayerPlan, signal: AbortSignal): Promise<LayerRequest | undefined> {
    const key = keyOf(plan);
    const known = opened.get(key) ?? sources.openArray(plan, signal);
    opened.set(key, known);
    try {
      const array = await known;
      if (array === undefined) opened.delete(key);
      if (array === undefined && plan.expected) throw new Error(`The ${plan.name} array is not there any more.`);
      sources.resolve(plan);
      return array === undefined ? undefined : toLayerRequest(store.getState(), plan, array, key);
    } catch (error) {
      opened.delete(key);
      if (!isAbort(error, signal)) sources.report(plan, error);
      return undefined;
    }
  }

  function finish(): void {
    current = undefined;
    syncLayers();
  }

  function syncLayers(): void {
    if (viewer === undefined) return;
    const drawn = new Map(viewer.getLayers().map((layer) => [layer.name, layer]));
    const busy = current !== undefined;
    const layers = store.getState().layers.map((layer): LayerState => {
      const live = drawn.get(layer.name);
      if (live === undefined) return busy || layer.status === "failed" ? layer : { ...layer, status: "failed" };
      const status = live.swapping ? "pending" : "ready";
      return { ...layer, kind: live.kind, visible: live.visible, opacity: live.opacity, status };
    });
    if (JSON.stringify(layers) !== JSON.stringify(store.getState().layers)) store.setState({ layers });
  }

  const unsubscribe = store.subscribe(update);
  return {
    attach(next) {
      viewer = next;
      shownPlans = "";
      const stop = next.onChange(syncLayers);
      update();
      return () => {
        stop();
        current?.abort();
        current = undefined;
        viewer = undefined;
      };
    },
    isBusy: () => current !== undefined,
    dispose() {
      unsubscribe();
      current?.abort();
    },
  };
}
