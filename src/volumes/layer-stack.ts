import { makeLayer } from "neuroglancer/unstable/layer/index.js";
import { startAutoContrast } from "./auto-contrast.ts";
import { carryLook } from "./carry-look.ts";
import { loadErrorOf } from "./chunk-progress.ts";
import type { Engine } from "./engine.ts";
import { createFetchTally } from "./fetch-tally.ts";
import { type LayerSpec, toLayerSpec } from "./layer-spec.ts";
import { setOutlineWidth } from "./outline.ts";
import { markComputed } from "./pending-chunks.ts";
import { planLayers } from "./plan-layers.ts";
import type { StackLayer } from "./stack-layer.ts";
import { STALL_SECONDS, untilWhole } from "./until-whole.ts";
import { applyLook, getOpacity, setOpacity } from "./user-layer.ts";
import { createVolumeSource, type VolumeSource } from "./volume-source.ts";
import type { FetchCount, LayerRequest, VolumeProblem } from "./volume-viewer.ts";
import { VolumeViewerError } from "./volume-viewer-error.ts";

type Json = Readonly<Record<string, unknown>>;

type Incoming = StackLayer & { readonly replaces: StackLayer | undefined };

export type LayerStackHooks = {
  /** What a link said of a layer that comes only now. */
  takeLook(name: string): Json | undefined;
  onProblem(problem: VolumeProblem): void;
  onChange(): void;
};

export type LayerStack = {
  /** `arrange` is called when all sources are open and before anything is drawn of them. */
  show(
    requests: readonly LayerRequest[],
    signal: AbortSignal,
    arrange: (sources: readonly VolumeSource[]) => void,
  ): Promise<void>;
  readonly layers: ReadonlyMap<string, StackLayer>;
  /** With those that are being loaded to take another's place. */
  all(): Iterable<StackLayer>;
  isSwapping(name: string): boolean;
  counts(): Readonly<Record<string, FetchCount>>;
};

let volumeIds = 0;

/** A layer that was toggled in the viewer stays so until the caller asks for something else than before. */
function toVisible(shown: StackLayer, request: LayerRequest): boolean {
  return request.visible === shown.request.visible ? shown.managed.visible : request.visible;
}

/** Another raw has another contrast, unless somebody chose the one there is; predictions stay comparable. */
function toCarried(spec: LayerSpec, replaces: StackLayer): Json {
  const { shaderControls, ...rest } = replaces.managed.toJSON() as Json;
  const anew = spec.json.name === "raw" && replaces.contrast?.isUntouched();
  const old = anew || shaderControls === undefined ? rest : { ...rest, shaderControls };
  return carryLook(old, spec.json, replaces.spec.lookId, spec.lookId);
}

export function createLayerStack(engine: Engine, hooks: LayerStackHooks): LayerStack {
  const { viewer, sources } = engine;
  const { layerManager, layerSpecification } = viewer;
  const layers = new Map<string, StackLayer>();
  const swapping = new Map<string, StackLayer>();
  const tally = createFetchTally();

  const all = () => [...layers.values(), ...swapping.values()];

  function report(request: LayerRequest, problem: Omit<VolumeProblem, "layer" | "message">): void {
    const { block, error } = problem;
    const where = block === undefined ? "" : `Chunk ${block.join(", ")} of ${request.title} is left out: `;
    hooks.onProblem({ layer: request.name, message: `${where}${error.message}`, ...problem });
  }

  function open(request: LayerRequest): VolumeSource | undefined {
    const { array, kind, fixed } = request;
    const id = `v${++volumeIds}`;
    const onFailure = (failure: Omit<VolumeProblem, "layer" | "message">) => report(request, failure);
    try {
      return createVolumeSource({ id, array, kind, onFailure, ...(fixed ? { fixed } : {}) });
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      report(request, { subject: array.store.urlOf(array.path), error });
      return undefined;
    }
  }

  function toJson(spec: LayerSpec, replaces: StackLayer | undefined): Json {
    if (replaces === undefined) return { ...spec.json, ...hooks.takeLook(spec.json.name) };
    return toCarried(spec, replaces);
  }

  function insert(request: LayerRequest, source: VolumeSource): Incoming {
    const replaces = layers.get(request.name);
    const spec = toLayerSpec(request, source);
    const json = toJson(spec, replaces);
    sources.add(source);
    const managed = makeLayer(
      layerSpecification,
      replaces === undefined ? request.name : `${request.name} ${source.id}`,
      json,
    );
    setOutlineWidth(managed, spec.outlineWidth);
    if (request.computed === true) markComputed(managed);
    if (replaces !== undefined) setOpacity(managed, 0); // above the old layer and unseen: nothing mixes with what is drawn
    const index = replaces === undefined ? undefined : layerManager.managedLayers.indexOf(replaces.managed) + 1;
    layerSpecification.add(managed, index);
    const contrast =
      request.kind === "grey" && json.shaderControls === undefined
        ? startAutoContrast(engine, { managed, source })
        : undefined;
    const incoming = { request, source, spec, managed, replaces, contrast };
    if (replaces === undefined) layers.set(request.name, incoming);
    else swapping.set(request.name, incoming);
    return incoming;
  }

  function discard({ managed, source, contrast, request }: Incoming): void {
    contrast?.stop();
    if (swapping.get(request.name)?.managed === managed) swapping.delete(request.name);
    if (layerManager.has(managed)) layerManager.removeManagedLayer(managed);
    forget(request.name, source);
  }

  function forget(name: string, source: VolumeSource): void {
    tally.retire(name, source);
    sources.remove(source);
  }

  /** In one step between two frames: the old layer is drawn in the one, the new in the other. */
  function commit(incoming: Incoming): void {
    const { request, managed, replaces, contrast } = incoming;
    contrast?.whole();
    swapping.delete(request.name);
    if (replaces === undefined) return;
    const old = replaces.managed;
    applyLook(managed, toCarried(incoming.spec, replaces));
    setOpacity(managed, getOpacity(old));
    managed.setVisible(toVisible(replaces, request));
    layerManager.removeManagedLayer(old);
    managed.name = request.name;
    forget(request.name, replaces.source);
    layers.set(request.name, incoming);
  }

  function remove(name: string): void {
    const layer = layers.get(name);
    if (layer === undefined) return;
    layers.delete(name);
    if (layerManager.has(layer.managed)) layerManager.removeManagedLayer(layer.managed);
    forget(name, layer.source);
  }

  function order(requests: readonly LayerRequest[]): void {
    requests
      .flatMap(({ name }) => layers.get(name) ?? [])
      .forEach(({ managed }, index) => {
        const now = layerManager.managedLayers.indexOf(managed);
        if (now !== index) layerManager.reorderManagedLayer(now, index);
      });
  }

  function reportStall(request: LayerRequest): void {
    const subject = request.array.store.urlOf(request.array.path);
    const message = `Nothing of ${request.title} arrived for ${STALL_SECONDS} seconds from ${subject}: it is shown as far as it came. Check the connection, then choose it again.`;
    report(request, { subject, error: new VolumeViewerError("timeout", message) });
  }

  /** Before the view can settle: a layer that cannot be drawn waits for nothing. */
  function reportUnopened({ request, managed }: Incoming): void {
    const cause = loadErrorOf(managed);
    if (cause === undefined) return;
    const subject = request.array.store.urlOf(request.array.path);
    const message = `${request.title} (${subject}) cannot be drawn: ${cause.message}`;
    report(request, { subject, error: new VolumeViewerError("draw", message) });
  }

  async function show(
    requests: readonly LayerRequest[],
    signal: AbortSignal,
    arrange: (sources: readonly VolumeSource[]) => void,
  ): Promise<void> {
    const plan = planLayers(
      [...layers.values()].map(({ request }) => request),
      requests,
    );
    const opened = plan.steps.map(({ step, request }) => ({
      request,
      source: step === "keep" ? undefined : open(request),
      step,
    }));
    signal.throwIfAborted();
    const kept = plan.steps.flatMap(({ step, request }) => (step === "keep" ? (layers.get(request.name) ?? []) : []));
    arrange([...kept.map(({ source }) => source), ...opened.flatMap(({ source }) => source ?? [])]);
    for (const { request } of plan.steps) updateKept(request);
    const incoming = opened.flatMap(({ request, source }) => (source === undefined ? [] : [insert(request, source)]));
    hooks.onChange();
    try {
      const stalled = await untilWhole(engine, [...kept, ...incoming], signal);
      for (const { request } of stalled) reportStall(request);
      for (const layer of incoming) reportUnopened(layer);
    } catch (error) {
      for (const layer of incoming) if (layer.replaces !== undefined) discard(layer);
      throw error;
    }
    for (const layer of incoming) commit(layer);
    const lost = opened.flatMap(({ request, source, step }) =>
      step === "keep" || source !== undefined ? [] : [request.name],
    );
    for (const name of [...plan.remove, ...lost]) remove(name);
    order(requests);
    hooks.onChange();
  }

  function updateKept(request: LayerRequest): void {
    const layer = layers.get(request.name);
    if (layer === undefined || layer.request.key !== request.key || layer.request.kind !== request.kind) return;
    layer.managed.setVisible(toVisible(layer, request));
    layers.set(request.name, { ...layer, request });
  }

  return {
    show,
    layers,
    all,
    isSwapping: (name) => swapping.has(name),
    counts: () => tally.total(all().map(({ request, source }) => [request.name, source] as const)),
  };
}
