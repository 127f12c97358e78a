import { deleteLayer, type LayerManager, type ManagedUserLayer, makeLayer } from "neuroglancer/unstable/layer/index.js";
import { startAutoContrast } from "./auto-contrast.ts";
import { markBlended } from "./bottom-blend.ts";
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
import { applyLook, getOpacity, matchLook, setOpacity } from "./user-layer.ts";
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
  matchLooks(): void;
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

/** neuroglancer tells nothing of a layer that it is only beginning to make. */
function drawn(layer: StackLayer | undefined): StackLayer | undefined {
  return layer === undefined || layer.managed.layer === null ? undefined : layer;
}

/** Its layers in this order, lowest first, and none that is not among them. */
function arrange(manager: LayerManager, wanted: readonly ManagedUserLayer[]): void {
  for (const layer of wanted) if (!manager.has(layer)) manager.addManagedLayer(layer.addRef());
  for (const [index, layer] of wanted.entries()) {
    const now = manager.managedLayers.indexOf(layer);
    if (now !== index) manager.reorderManagedLayer(now, index);
  }
}

export function createLayerStack(engine: Engine, second: LayerManager, hooks: LayerStackHooks): LayerStack {
  const { viewer, sources } = engine;
  const { layerManager, layerSpecification } = viewer;
  const homeOf = ({ views }: LayerRequest) => (views === "second" ? second : layerManager);
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

  function toJson({ looksLike }: LayerRequest, spec: LayerSpec, replaces: StackLayer | undefined): Json {
    const model = drawn(layers.get(looksLike ?? "")) ?? replaces;
    if (model !== undefined) return toCarried(spec, model);
    return { ...spec.json, ...hooks.takeLook(spec.json.name) };
  }

  function insert(request: LayerRequest, source: VolumeSource): Incoming {
    const replaces = layers.get(request.name);
    const spec = toLayerSpec(request, source);
    const json = toJson(request, spec, replaces);
    sources.add(source);
    const managed = makeLayer(
      layerSpecification,
      replaces === undefined ? request.name : `${request.name} ${source.id}`,
      json,
    );
    setOutlineWidth(managed, spec.outlineWidth);
    if (request.computed === true) markComputed(managed);
    if (request.kind === "difference") markBlended(managed);
    if (replaces !== undefined) setOpacity(managed, 0); // above the old layer and unseen: nothing mixes with what is drawn
    const home = homeOf(request);
    const index = replaces === undefined ? undefined : home.managedLayers.indexOf(replaces.managed) + 1;
    home.addManagedLayer(managed, index);
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
    deleteLayer(managed);
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
    deleteLayer(old);
    managed.name = request.name;
    forget(request.name, replaces.source);
    layers.set(request.name, incoming);
  }

  function remove(name: string): void {
    const layer = layers.get(name);
    if (layer === undefined) return;
    layers.delete(name);
    deleteLayer(layer.managed);
    forget(name, layer.source);
  }

  function order(requests: readonly LayerRequest[]): void {
    const shown = requests.flatMap(({ name }) => layers.get(name) ?? []);
    const managedOf = (some: readonly StackLayer[]) => some.map(({ managed }) => managed);
    arrange(layerManager, managedOf(shown.filter(({ request }) => request.views !== "second")));
    arrange(second, managedOf(shown.filter(({ request }) => request.views !== undefined)));
    for (const { request, managed } of shown)
      if (request.views === undefined && second.has(managed)) second.removeManagedLayer(managed);
  }

  let matching = false;

  /** Layers that look like another take over what was changed of it. */
  function matchLooks(): void {
    if (matching) return; // each change that is made here is told at once
    matching = true;
    try {
      matchAll();
    } finally {
      matching = false;
    }
  }

  function matchAll(): void {
    for (const { request, spec, managed } of layers.values()) {
      const model = drawn(layers.get(request.looksLike ?? ""));
      if (model === undefined || managed.layer === null || swapping.has(request.name)) continue;
      matchLook(managed, toCarried(spec, model), model.managed);
    }
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
    order(requests);
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
    matchLooks();
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
    matchLooks,
    isSwapping: (name) => swapping.has(name),
    counts: () => tally.total(all().map(({ request, source }) => [request.name, source] as const)),
  };
}
