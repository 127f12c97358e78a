// The attached viewer and what is done through it: looking around, layers, pictures, links.
import type { StoreApi } from "zustand/vanilla";
import type { Layout, VolumeViewer } from "#volumes/volume-viewer.ts";
import { layouts } from "#volumes/volume-viewer.ts";
import type { Commands } from "./app.ts";
import type { AppState, Problem } from "./app-state.ts";
import { keepSecondView } from "./comparison.ts";
import type { LayersController } from "./layers-controller.ts";
import { toNeuroglancerLink } from "./neuroglancer-link.ts";
import { addProblem, problemId, withoutProblems } from "./problems.ts";
import type { SettleTracker } from "./settle.ts";

export type ViewCommands = {
  readonly viewer: () => VolumeViewer | undefined;
  readonly commands: Pick<
    Commands,
    | "setLayer"
    | "setShaderControl"
    | "resetContrast"
    | "selectSegments"
    | "setView"
    | "frame"
    | "linkToNeuroglancer"
    | "screenshot"
    | "attachViewer"
    | "setViewerStatus"
  >;
};

export type ViewContext = { readonly layers: LayersController; readonly settle: SettleTracker };

/** A view is written to the state at most this often while it moves. */
const quietMs = 100;

export function createViewCommands(store: StoreApi<AppState>, { layers, settle }: ViewContext): ViewCommands {
  let viewer: VolumeViewer | undefined;

  function attachViewer(next: VolumeViewer): () => void {
    viewer = next;
    const { viewJson } = store.getState();
    if (viewJson !== undefined) for (const message of next.restoreViewJson(viewJson)) reportIgnored(store, message);
    const stopView = keepView(store, next);
    const stopSecond = keepSecondView(store, next);
    const detachLayers = layers.attach(next);
    const detachSettle = settle.attach(next);
    store.setState({ viewer: "ready" });
    return () => {
      viewer = undefined;
      stopView();
      stopSecond();
      detachLayers();
      detachSettle();
      store.setState({ viewer: "idle" });
    };
  }

  function needViewer(): VolumeViewer {
    if (viewer === undefined) throw new Error("The volumes are not loaded, so there is nothing to do this with.");
    return viewer;
  }

  return {
    viewer: () => viewer,
    commands: {
      attachViewer,
      setViewerStatus(status, message) {
        store.setState(({ problems }) => ({
          viewer: status,
          problems: withoutProblems(problems, ({ code }) => code === failedCode),
        }));
        if (status === "failed") reportFailure(store, message);
      },
      setLayer(name, { visible, opacity }) {
        if (store.getState().layers.some((layer) => layer.name === name && layer.withheld)) return;
        if (visible !== undefined) needViewer().setLayerVisible(name, visible);
        if (opacity !== undefined) needViewer().setLayerOpacity(name, opacity);
      },
      setShaderControl: (name, control, value) => needViewer().setShaderControl(name, control, value),
      resetContrast: (name) => needViewer().resetContrast(name),
      selectSegments: (name, ids) => needViewer().selectSegments(name, ids),
      setView({ position, scale, layout }) {
        const [z, y, x] = position ?? [];
        if (layout !== undefined && !isLayout(layout))
          throw new RangeError(`There is no layout "${layout}"; choose one of ${layouts.join(", ")}.`);
        needViewer().setView({
          ...(z !== undefined && y !== undefined && x !== undefined ? { position: [z, y, x] as const } : {}),
          ...(scale === undefined ? {} : { scale }),
          ...(layout === undefined ? {} : { layout }),
        });
        writeView(store, needViewer());
      },
      frame: () => viewer?.frame(),
      screenshot: (scale) => needViewer().screenshot(scale),
      linkToNeuroglancer: () => toNeuroglancerLink(needViewer()),
    },
  };
}

function isLayout(layout: string): layout is Layout {
  return (layouts as readonly string[]).includes(layout);
}

function keepView(store: StoreApi<AppState>, viewer: VolumeViewer): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = viewer.onChange(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      writeView(store, viewer);
    }, quietMs);
  });
  return () => {
    if (timer !== undefined) clearTimeout(timer);
    stop();
  };
}

function writeView(store: StoreApi<AppState>, viewer: VolumeViewer): void {
  if (viewer.getLayers().length === 0) return; // before the first layer there is no place to lose
  const [view, viewJson] = [viewer.getView(), viewer.getViewJson()];
  const state = store.getState();
  const isSame = JSON.stringify([view, viewJson]) === JSON.stringify([state.view, state.viewJson]);
  if (!isSame) store.setState({ view, viewJson });
}

/** Something in a link's view that was not taken. */
function reportIgnored(store: StoreApi<AppState>, message: string): void {
  const [code, subject] = ["link", "view"];
  const id = problemId(undefined, code, message);
  const problem: Problem = { id, code, subject, message, severity: "warning", at: Date.now() };
  store.setState(({ problems }) => ({ problems: addProblem(problems, problem) }));
}

const failedCode = "viewer-failed";

function reportFailure(store: StoreApi<AppState>, reason = "this browser gave no reason."): void {
  const subject = "volumes";
  const message = `The volumes cannot be drawn: ${reason}`;
  const hint = "Charts and scores work without them; a browser with WebGL 2 draws them.";
  const id = problemId(undefined, failedCode, subject);
  const problem: Problem = { id, code: failedCode, subject, message, hint, severity: "error", at: Date.now() };
  store.setState(({ problems }) => ({ problems: addProblem(problems, problem) }));
}
