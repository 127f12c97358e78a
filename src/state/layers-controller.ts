// Keeps the attached viewer showing what is selected: plans layers, opens their arrays, hands them over, reports what failed.
// One layer's failure costs that layer alone, and what is drawn stays drawn until its successor is whole.
import type { StoreApi } from "zustand/vanilla";
import { isAbort, StorageError } from "#storage/errors.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { LayerRequest, VolumeViewer } from "#volumes/volume-viewer.ts";
import type { AppState, LayerState } from "./app-state.ts";
import { planVolumes } from "./comparison.ts";
import type { LayerPlan } from "./layer-plan.ts";
import { createPlaceKeeper } from "./place-keeper.ts";
import { selectedRun, shownOf } from "./selectors.ts";
import { toLayerRequest } from "./to-layer-request.ts";

export type LayerSources = {
  /** Opens one array of a run; `undefined` when there is none. */
  openArray(plan: LayerPlan, signal: AbortSignal): Promise<RunArray | undefined>;
  urlOf(plan: LayerPlan): string;
  /** Changes when the bytes behind a plan's path may have been written anew. */
  generationOf(plan: LayerPlan): string;
  /** `subject`: what is wrong, where that is a part of the array. */
  report(plan: LayerPlan, error: unknown, subject?: string): void;
  /** Takes back what was reported before of this layer. */
  resolve(plan: LayerPlan): void;
};

export type LayersController = { attach(viewer: VolumeViewer): () => void; isBusy(): boolean; dispose(): void };

export function createLayersController(store: StoreApi<AppState>, sources: LayerSources): LayersController {
  let viewer: VolumeViewer | undefined;
  let asked = "";
  let current: AbortController | undefined;
  const places = createPlaceKeeper();
  const closed = new AbortController();
  /** Best and segmentation are often one array. */
  const opened = new Map<string, Promise<RunArray | undefined>>();
  /** The array that each layer was given: what is said of its chunks holds until the layer is given another. */
  const given = new Map<string, { readonly key: string; readonly plan: LayerPlan }>();

  const arrayKeyOf = (plan: LayerPlan): string =>
    JSON.stringify([plan.run, plan.path, sources.generationOf(plan), ...(plan.of?.map(arrayKeyOf) ?? [])]);
  const keyOf = (plan: LayerPlan): string => `${arrayKeyOf(plan)} ${plan.snapshot?.stack?.index ?? ""}`;

  function update(): void {
    const state = store.getState();
    const run = selectedRun(state);
    if (run?.status === "loading" && run.inputs.length === 0) return;
    const plans = planVolumes(state);
    if (viewer === undefined) {
      prepare(state, plans);
      return;
    }
    const identity = JSON.stringify(plans.map((plan) => [keyOf(plan), plan.title, plan.withheld, plan.views]));
    if (identity === asked) return;
    asked = identity;
    takeAway(plans);
    current?.abort();
    current = new AbortController();
    void show(viewer, plans, current.signal);
  }

  /** While the viewer is being fetched, the arrays that it will show are opened. Who shows them hears what failed. */
  function prepare({ viewer: status }: AppState, plans: readonly LayerPlan[]): void {
    if (status === "loading") for (const plan of plans) open(plan).catch(() => undefined);
  }

  /** What was found stays open; what failed or was not there is sought anew by the next to ask. */
  function open(plan: LayerPlan): Promise<RunArray | undefined> {
    const key = `${arrayKeyOf(plan)} ${plan.snapshot?.stack?.version ?? ""}`;
    const known = opened.get(key);
    if (known !== undefined) return known;
    const asked = sources.openArray(plan, closed.signal);
    const forget = () => void opened.delete(key);
    opened.set(key, asked);
    asked.then((array) => array ?? forget(), forget);
    return asked;
  }

  async function show(target: VolumeViewer, plans: readonly LayerPlan[], signal: AbortSignal): Promise<void> {
    const { layers } = store.getState();
    store.setState({ settled: false, layers: plans.map((plan) => announce(plan, sources.urlOf(plan), layers)) });
    const asked = plans.map((plan) => request(plan, signal));
    showFirst(target, asked, signal);
    const requests = (await Promise.all(asked)).flatMap((layer) => layer ?? []);
    if (signal.aborted) return;
    try {
      const raw = plans.find(({ name, source }) => name === "raw" && source);
      const place = raw?.source ?? placeOf(plans, store.getState());
      const frame = places.enter(target, place, requests, store.getState().viewJson !== undefined);
      await target.setLayers(requests, { signal, frame });
    } catch (error) {
      if (isAbort(error, signal)) return;
      for (const plan of plans) sources.report(plan, error);
    }
    if (signal.aborted) return;
    current = undefined;
    const known = store.getState().layers;
    store.setState({ layers: plans.map((plan) => toLayerState(plan, sources.urlOf(plan), known)) });
    syncLayers();
  }

  /** A view that a link brought needs no framing by all the data: what is open is drawn while the rest is opened. */
  function showFirst(target: VolumeViewer, asked: readonly Promise<LayerRequest | undefined>[], signal: AbortSignal) {
    if (store.getState().viewJson === undefined || target.getLayers().length > 0) return;
    const first = asked.map((): LayerRequest | undefined => undefined);
    for (const [index, one] of asked.entries()) {
      void one.then((layer) => {
        first[index] = layer;
        if (layer === undefined || signal.aborted) return;
        const rest = first.flatMap((known) => known ?? []);
        if (rest.length < asked.length) target.setLayers(rest, { signal }).catch(() => undefined); // who shows all of them reports
      });
    }
  }

  async function request(plan: LayerPlan, signal: AbortSignal): Promise<LayerRequest | undefined> {
    if (plan.withheld !== undefined) return undefined;
    try {
      const array = await open(plan);
      if (array === undefined && plan.generation !== undefined) return undefined; // nothing computes it any more
      if (array === undefined) throw toGoneError(sources.urlOf(plan));
      give(plan);
      return toLayerRequest(store.getState(), plan, array, keyOf(plan));
    } catch (error) {
      given.delete(plan.name);
      if (!isAbort(error, signal)) sources.report(plan, error);
      return undefined;
    }
  }

  /** Chunks that failed are not asked for again while their layer stays, so what was said of them stays too. */
  function give(plan: LayerPlan): void {
    const before = given.get(plan.name);
    const key = keyOf(plan);
    given.set(plan.name, { key, plan });
    if (before?.key === key) return;
    if (before !== undefined) sources.resolve(before.plan);
    sources.resolve(plan);
  }

  function takeAway(plans: readonly LayerPlan[]): void {
    for (const [name, { plan }] of given) {
      if (plans.some((planned) => planned.name === name)) continue;
      given.delete(name);
      sources.resolve(plan);
    }
  }

  function syncLayers(): void {
    if (viewer === undefined) return;
    const drawn = new Map(viewer.getLayers().map((layer) => [layer.name, layer]));
    const layers = store.getState().layers.map((layer): LayerState => {
      const live = drawn.get(layer.name);
      if (live === undefined) return current === undefined ? { ...layer, status: "failed" } : layer;
      const status = live.swapping || current !== undefined ? "pending" : "ready";
      return { ...layer, kind: live.kind, visible: live.visible, opacity: live.opacity, status };
    });
    if (JSON.stringify(layers) !== JSON.stringify(store.getState().layers)) store.setState({ layers });
  }

  const unsubscribe = store.subscribe(update);
  return {
    attach(next) {
      viewer = next;
      asked = "";
      const stop = next.onChange(syncLayers);
      const stopProblems = next.onProblem(({ layer, error, subject }) => {
        const plan = planned(store.getState(), layer);
        if (plan !== undefined) sources.report(plan, error, subject);
      });
      update();
      return () => {
        stop();
        stopProblems();
        current?.abort();
        current = undefined;
        viewer = undefined;
        given.clear(); // another viewer asks for every chunk anew
      };
    },
    isBusy: () => current !== undefined,
    dispose() {
      unsubscribe();
      current?.abort();
      closed.abort();
    },
  };
}

function planned(state: AppState, layer: string): LayerPlan | undefined {
  return planVolumes(state).find(({ name }) => name === layer);
}

/** Batches are cut from anywhere: each training has one place of its own for them. */
function placeOf(plans: readonly LayerPlan[], state: AppState): string {
  return plans.some(({ snapshot }) => snapshot) ? "training snapshots" : (shownOf(state).dataset ?? "");
}

/** It was listed, or its scores say that it was written. */
function toGoneError(url: string): StorageError {
  const subject = `${url}/.zarray`;
  const message = `No array was found at ${url}: its .zarray is missing.`;
  const hint = "It may have been removed since it was listed, or was not copied with the rest of the run.";
  return new StorageError({ tag: "wrong-content", subject, message, hint });
}

/** A layer that is drawn says what is drawn until its successor is whole. */
function announce(plan: LayerPlan, source: string, known: readonly LayerState[]): LayerState {
  if (plan.withheld !== undefined) return toLayerState(plan, source, known);
  const drawn = known.find(({ name, status }) => name === plan.name && status !== "loading" && status !== "failed");
  if (drawn === undefined) return { ...toLayerState(plan, source, known), status: "loading" };
  if (drawn.source === source && drawn.title === plan.title) return drawn;
  return { ...drawn, status: "pending", message: `${plan.title} is on its way.` };
}

function toLayerState(plan: LayerPlan, source: string, known: readonly LayerState[]): LayerState {
  const before = known.find(({ name, withheld }) => name === plan.name && !withheld);
  const { withheld } = plan;
  return {
    name: plan.name,
    run: plan.run,
    title: plan.title,
    source,
    kind: before?.kind ?? "grey",
    visible: before?.visible ?? plan.visible,
    opacity: before?.opacity ?? 1,
    status: "ready",
    ...(withheld !== undefined && { withheld: true, visible: false, status: "failed", message: withheld }),
    ...(plan.iteration === undefined ? {} : { iteration: plan.iteration }),
  };
}
