import { type Camera, createCamera } from "./camera.ts";
import { type ChunkFailure, toBlock } from "./chunk-failure.ts";
import { createEngine, type Engine } from "./engine.ts";
import { freezePicture } from "./freeze.ts";
import { watchHover } from "./hover.ts";
import { createLayerStack, type LayerStack } from "./layer-stack.ts";
import { createSettling, type Settling } from "./settling.ts";
import type { StackLayer } from "./stack-layer.ts";
import { applyLook } from "./user-layer.ts";
import { parseViewJson } from "./view-state.ts";
import type { VolumeSource } from "./volume-source.ts";
import type { Hover, LayerRequest, View, VolumeProblem } from "./volume-viewer.ts";
import { VolumeViewerError } from "./volume-viewer-error.ts";

type Json = Readonly<Record<string, unknown>>;

export type SessionHooks = {
  onChange(): void;
  onProblem(problem: VolumeProblem): void;
  onHover(hover: Hover | undefined): void;
};

/** One engine and all that lives and dies with it. */
export type Session = {
  readonly engine: Engine;
  readonly camera: Camera;
  readonly stack: LayerStack;
  readonly settling: Settling;
  show(requests: readonly LayerRequest[], signal: AbortSignal, frame: boolean): Promise<void>;
  setView(view: Partial<View>): void;
  restoreViewJson(json: unknown): readonly string[];
  frame(): void;
  retryFailed(): void;
  /** Reads every chunk of a layer anew that is shown from now on. */
  reload(name: string): void;
  dispose(): void;
};

/** Layers whose extent is what a person wants to look at, before those with context around it. */
const FRAMED = new Set(["prediction", "gt", "segmentation", "best"]);

/** All that page and worker share, by id; chunk sources among it. */
type RpcObjects = { readonly objects: ReadonlyMap<number, { invalidateCache?(): void }> };

const MAX_PROBLEMS_PER_SOURCE = 20;

export function createSession(container: HTMLElement, hooks: SessionHooks): Session {
  const engine = createEngine(container);
  const camera = createCamera(engine);
  const looks = new Map<string, Json>();
  const problems = new Map<string, number>();
  /** A view from before there were axes: it may count in the voxels of data that come only now. */
  let waiting: unknown;
  let waitingView: Partial<View> = {};
  let framed = false;
  let busy = 0;

  const stack = createLayerStack(engine, engine.second.layerManager, {
    takeLook(name) {
      const look = looks.get(name);
      looks.delete(name);
      return look;
    },
    onProblem: (problem) => tell(problem.layer, problem),
    onChange: hooks.onChange,
  });
  const settling = createSettling(engine, () => busy > 0, hooks.onChange);
  const stopHover = watchHover(engine, stack, hooks.onHover);
  const { viewer } = engine;
  const { layerManager: secondLayers } = engine.second;
  const removers = [
    viewer.state.changed.add(changed),
    ...[viewer.layerManager.layersChanged, secondLayers.layersChanged, secondLayers.specificationChanged].map(
      (signal) => signal.add(changed),
    ),
  ];
  engine.failures.onFailure(tellFailure);

  function changed(): void {
    stack.matchLooks();
    hooks.onChange();
  }

  function tell(about: string, problem: VolumeProblem): void {
    const told = (problems.get(about) ?? 0) + 1;
    problems.set(about, told);
    if (told <= MAX_PROBLEMS_PER_SOURCE) hooks.onProblem(problem);
  }

  function layerOfSource(rpcId: number): StackLayer | undefined {
    const url: unknown = engine.rpc.get(rpcId)?.parameters?.url;
    return [...stack.all()].find(({ source }) => typeof url === "string" && source.url.startsWith(url));
  }

  /** A chunk that could not be read was told of when it was read; what comes here first could not be decoded. */
  function tellFailure({ source, key, message }: ChunkFailure): void {
    const layer = layerOfSource(source);
    if (layer === undefined || layer.source.hasTold(message)) return;
    const { array, title } = layer.request;
    const block = toBlock(key);
    const subject = array.store.urlOf(array.path);
    const where = message.includes(subject) ? "" : ` (${subject})`;
    const sentence = `Chunk ${block.join(", ")} of ${title} is left out: ${message}${where}`;
    const error = new VolumeViewerError("draw", sentence);
    tell(layer.request.name, { layer: layer.request.name, subject, block, error, message: sentence });
  }

  function framedSpaces(sources: readonly VolumeSource[], requests: readonly LayerRequest[]) {
    const wanted = new Set(requests.filter(({ name }) => FRAMED.has(name)).map(({ array }) => array));
    const chosen = sources.filter(({ array }) => wanted.has(array));
    return (chosen.length > 0 ? chosen : sources).map(({ space }) => space);
  }

  function place(sources: readonly VolumeSource[], requests: readonly LayerRequest[], frame: boolean): void {
    if (sources.length === 0) return;
    camera.setSpace(sources.map(({ space }) => space));
    if (frame || !framed) camera.frame(framedSpaces(sources, requests));
    framed = true;
    if (waiting !== undefined) camera.apply(parseViewJson(waiting, camera.getScales()).view);
    camera.setView(waitingView);
    waiting = undefined;
    waitingView = {};
  }

  async function show(requests: readonly LayerRequest[], signal: AbortSignal, frame: boolean): Promise<void> {
    busy += 1;
    settling.touch();
    const jumps = frame && waiting === undefined && stack.layers.size > 0;
    let thaw: (() => void) | undefined;
    try {
      await stack.show(requests, signal, (sources) => {
        if (jumps) thaw = freezePicture(engine, container);
        place(sources, requests, frame);
      });
      const spaces = [...stack.layers.values()].map(({ source }) => source.space);
      if (spaces.length > 0) camera.setSpace(spaces); // axes that only the old layers had are gone with them
    } finally {
      if (thaw !== undefined) viewer.display.draw(); // what the picture hid is drawn before it goes
      thaw?.();
      busy -= 1;
      settling.touch();
      viewer.display.scheduleRedraw();
    }
  }

  function restoreViewJson(json: unknown): readonly string[] {
    const { view, messages } = parseViewJson(json, camera.hasSpace() ? camera.getScales() : undefined);
    if (camera.hasSpace()) camera.apply(view);
    else {
      camera.layOut(view);
      waiting = json;
    }
    for (const { name, look } of view.layers) {
      const shown = stack.layers.get(name);
      if (shown === undefined) looks.set(name, look);
      else applyLook(shown.managed, look);
    }
    return messages;
  }

  function retryFailed(): void {
    problems.clear();
    for (const id of engine.failures.sources()) {
      engine.failures.forget(id);
      engine.rpc.get(id)?.invalidateCache?.();
    }
    settling.touch();
  }

  function reload(name: string): void {
    const { objects } = engine.rpc as unknown as RpcObjects;
    for (const [id, object] of objects) {
      if (layerOfSource(id)?.request.name !== name) continue;
      engine.failures.forget(id);
      object.invalidateCache?.();
    }
    settling.touch();
  }

  return {
    engine,
    camera,
    stack,
    settling,
    show,
    setView(view) {
      if (camera.hasSpace()) camera.setView(view);
      else waitingView = { ...waitingView, ...view };
    },
    restoreViewJson,
    frame() {
      const shown = [...stack.layers.values()];
      const sources = shown.map(({ source }) => source);
      const requests = shown.map(({ request }) => request);
      if (sources.length > 0) camera.frame(framedSpaces(sources, requests));
    },
    retryFailed,
    reload,
    dispose() {
      for (const remove of removers) remove();
      stopHover();
      settling.dispose();
      engine.dispose();
    },
  };
}
