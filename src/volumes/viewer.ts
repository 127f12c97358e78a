import { stretchContrast } from "./auto-contrast.ts";
import { toCoordinateSpace } from "./coordinate-space.ts";
import { toLayerKey } from "./layer-key.ts";
import { createListeners } from "./listeners.ts";
import { sampleLoaded } from "./loaded-values.ts";
import { type StockLayer, toStockState } from "./open-in-neuroglancer.ts";
import { takePicture } from "./picture.ts";
import { readBlock } from "./read-block.ts";
import { createSession, type Session } from "./session.ts";
import type { StackLayer } from "./stack-layer.ts";
import { getControls, getOpacity, getSegments, selectSegments, setControl, setOpacity } from "./user-layer.ts";
import { toHistogram } from "./value-histogram.ts";
import { toViewJson } from "./view-state.ts";
import type {
  Hover,
  LayerControl,
  LayerRequest,
  LayerState,
  SecondViewPlace,
  View,
  ViewJson,
  VolumeProblem,
  VolumeViewer,
  VolumeViewerOptions,
} from "./volume-viewer.ts";
import { VolumeViewerError } from "./volume-viewer-error.ts";

type Json = Readonly<Record<string, unknown>>;

const BACKGROUNDS = { dark: "#0b0d10", light: "#e8eaed" } as const;

const CONTEXT_LOST =
  "The graphics memory was lost (the driver restarted, or another page took it); the volumes are being loaded anew.";

function createBox(element: HTMLElement): HTMLElement {
  const box = document.createElement("div");
  box.className = "volume-viewer";
  element.append(box);
  return box;
}

/** Calls `run` once for however many calls of one task. */
function coalesce(run: () => void): () => void {
  let queued = false;
  return () => {
    if (queued) return;
    queued = true;
    queueMicrotask(() => {
      queued = false;
      run();
    });
  };
}

/** Takes the element's whole area. @throws VolumeViewerError "no-webgl" */
export function createVolumeViewer(element: HTMLElement, options: VolumeViewerOptions = {}): VolumeViewer {
  const changes = createListeners<void>();
  const problems = createListeners<VolumeProblem>();
  const hovers = createListeners<Hover | undefined>();
  const changed = coalesce(() => pictured !== undefined || changes.emit());
  const hooks = { onChange: changed, onProblem: problems.emit, onHover: hovers.emit };
  const box = createBox(element);
  let requests: readonly LayerRequest[] = [];
  let current: AbortController | undefined;
  let secondPlace: SecondViewPlace | undefined;
  let disposed = false;
  /** The view as the person left it, while it is zoomed for a picture. */
  let pictured: { readonly view: View; readonly json: ViewJson } | undefined;
  let pictures: Promise<unknown> = Promise.resolve();
  let session = start(options.view);

  function start(view: unknown): Session {
    const next = createSession(box, hooks);
    const { viewer } = next.engine;
    const background = BACKGROUNDS[options.theme ?? "dark"];
    viewer.crossSectionBackgroundColor.restoreState(background);
    viewer.perspectiveViewBackgroundColor.restoreState(background);
    viewer.display.canvas.addEventListener("webglcontextlost", recover, { once: true });
    if (view !== undefined) next.restoreViewJson(view);
    return next;
  }

  /** Everything neuroglancer had in the lost context is gone: a new engine takes over the view and reads the layers again. */
  function recover(): void {
    if (disposed) return;
    const error = new VolumeViewerError("context-lost", CONTEXT_LOST);
    problems.emit({ layer: "", subject: "WebGL", error, message: error.message });
    const view = getViewJson();
    session.dispose();
    session = start(view);
    session.engine.second.place(secondPlace);
    void setLayers(requests).catch((cause: unknown) => {
      if (!(cause instanceof Error && cause.name === "AbortError")) reportError(cause);
    });
  }

  async function setLayers(
    ...[next, { signal, frame = false } = {}]: Parameters<VolumeViewer["setLayers"]>
  ): Promise<void> {
    current?.abort(new DOMException("Newer layers were asked for.", "AbortError"));
    const controller = new AbortController();
    current = controller;
    requests = next;
    await session.show(next, signal ? AbortSignal.any([signal, controller.signal]) : controller.signal, frame);
  }

  function layerOf(name: string): StackLayer {
    const layer = session.stack.layers.get(name);
    if (layer !== undefined) return layer;
    const names = [...session.stack.layers.keys()].join(", ") || "none";
    throw new VolumeViewerError("no-layer", `There is no layer "${name}"; the layers are: ${names}.`);
  }

  function readViewJson() {
    const state = session.engine.viewer.state.toJSON() as Json;
    const own = [...session.stack.layers.values()].filter(isOwnLook).map(({ managed }) => managed.toJSON());
    const layers = [...(Array.isArray(state.layers) ? state.layers : []), ...own];
    return toViewJson(
      { ...state, layers },
      new Map([...session.stack.layers].map(([name, { spec }]) => [name, spec.json])),
    );
  }

  function getViewJson(): ViewJson {
    return pictured?.json ?? readViewJson();
  }

  /** A view that is zoomed for a picture is nobody's view: none who asks meanwhile gets it. */
  async function picture(scale: number | undefined): Promise<Blob> {
    pictured = { view: session.camera.getView(), json: readViewJson() };
    try {
      return await takePicture(session, box, scale);
    } finally {
      pictured = undefined;
      changed();
    }
  }

  function toStockLayer({ request, managed }: StackLayer): StockLayer {
    const { name, title, array, fixed } = request;
    const json = managed.toJSON() as Json;
    return { name, title, array, space: toCoordinateSpace(array), json, fixed: (fixed?.length ?? 0) > 0 };
  }

  function toState({ request, managed }: StackLayer): LayerState {
    const { name, title, kind, key } = request;
    return {
      name,
      title,
      kind,
      key,
      visible: managed.visible,
      opacity: getOpacity(managed),
      swapping: session.stack.isSwapping(name),
    };
  }

  return {
    setLayers,
    getLayers: () => [...session.stack.layers.values()].map(toState),
    placeSecondView(place) {
      secondPlace = place;
      session.engine.second.place(place);
    },
    getView: () => pictured?.view ?? session.camera.getView(),
    getVisibleBox: () => session.camera.getVisibleBox(),
    setView: (view) => session.setView(view),
    getViewJson,
    restoreViewJson: (json) => session.restoreViewJson(json),
    getStockState: () => toStockState(getViewJson(), [...session.stack.layers.values()].map(toStockLayer)),
    setLayerVisible: (name, visible) => layerOf(name).managed.setVisible(visible),
    setLayerOpacity: (name, opacity) => setOpacity(layerOf(name).managed, opacity),
    setShaderControl: (name, control, value) => void setControl(layerOf(name).managed, control, value),
    getLayerControls: (name) => controlsOf(layerOf(name)),
    getLayerKey(name) {
      const layer = layerOf(name);
      return layer.spec.shader && toLayerKey(layer.spec.shader.key, controlsOf(layer));
    },
    selectSegments: (name, ids) => selectSegments(layerOf(name).managed, ids),
    getSegments: (name) => getSegments(layerOf(name).managed),
    getHistogram: (name) => toHistogram(sampleLoaded(session.engine, layerOf(name))),
    resetContrast: (name) => void stretchContrast(session.engine, layerOf(name)),
    onChange: changes.add,
    onProblem: problems.add,
    onHover: hovers.add,
    isSettled: () => session.settling.isSettled(),
    whenSettled: (signal) => session.settling.whenSettled(signal),
    async read(name, begin, end, { signal } = {}) {
      const { array, fixed } = layerOf(name).request;
      return readBlock(array, begin, end, { ...(fixed ? { fixed } : {}), ...(signal ? { signal } : {}) });
    },
    screenshot(scale) {
      const next = pictures.then(() => picture(scale));
      pictures = next.catch(() => undefined);
      return next;
    },
    frame: () => session.frame(),
    fetchCounts: () => session.stack.counts(),
    retryFailed: () => session.retryFailed(),
    reload: (name) => session.reload(name),
    focus: () => session.engine.viewer.element.focus({ preventScroll: true }),
    dispose() {
      if (disposed) return;
      disposed = true;
      current?.abort(new DOMException("The viewer was closed.", "AbortError"));
      session.dispose();
      for (const listeners of [changes, problems, hovers]) listeners.clear();
      box.remove();
    },
  };
}

/** neuroglancer says nothing of what is in the second view alone. */
function isOwnLook({ request }: StackLayer): boolean {
  return request.views === "second" && request.looksLike === undefined;
}

function controlsOf({ managed, spec }: StackLayer): readonly LayerControl[] {
  return getControls(managed, spec.shader?.controls ?? new Map());
}
