// Ties a network at work to what is looked at: the place, and on request the iteration and the dataset.
import type { StoreApi } from "zustand/vanilla";
import type { RunArray } from "#storage/open-array.ts";
import { toCoordinateSpace, toSiUnit } from "#volumes/coordinate-space.ts";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { AppState, InferenceOrder, ViewState } from "./app-state.ts";
import type { InferenceController } from "./inference-controller.ts";
import { taskOf } from "./inference-task.ts";
import { selectedRun, shownOf } from "./selectors.ts";

/** A choice has to last so long before the network is started for it: who scrubs does not start one for each step. */
const restMs = 500;

export function createInferenceView(
  store: StoreApi<AppState>,
  controller: Pick<InferenceController, "current" | "start">,
): { dispose(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted = "";

  function update(state: AppState, before: AppState): void {
    if (state.view !== before.view || state.inference !== before.inference) look(state);
    const order = toFollowed(state);
    const next = JSON.stringify(order ?? null);
    if (next === wanted) return;
    wanted = next;
    clearTimeout(timer);
    if (order !== undefined) timer = setTimeout(follow, restMs);
  }

  /** Tiles are computed from the middle of the view outwards. */
  function look({ view }: AppState): void {
    const inference = controller.current();
    if (inference !== undefined) inference.setCentre(toGridVoxel(view, inference.array));
  }

  function follow(): void {
    const order = toFollowed(store.getState());
    if (order !== undefined) controller.start(order).catch(() => undefined); // a failure is the state's
  }

  const unsubscribe = store.subscribe(update);
  return {
    dispose() {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}

/** The same network's checkpoint at what is shown now; undefined where it is there already, or nobody asked for it. */
export function toFollowed(state: AppState): InferenceOrder | undefined {
  return state.inference?.follows ? toShownOrder(state) : undefined;
}

/** What would run the checkpoint of the shown iteration on the shown dataset; undefined where that is what runs, or there is none. */
export function toShownOrder(state: AppState): InferenceOrder | undefined {
  const { inference } = state;
  if (inference === undefined) return undefined;
  const run = selectedRun(state);
  const { iteration, dataset } = shownOf(state);
  if (inference.run !== run?.id || inference.iteration === undefined) return undefined;
  if (iteration === undefined || dataset === undefined || !run.checkpoints.includes(iteration)) return undefined;
  if (inference.iteration === iteration && inference.dataset === dataset) return undefined;
  return { ...taskOf(inference), iteration, dataset, device: inference.device, ...(inference.ask && { ask: true }) };
}

/** The voxel in the middle of the view; fractions of voxels, which may lie outside. */
export function toGridVoxel(
  { position, unit = "nm" }: ViewState,
  array: Pick<RunArray, "metadata" | "shape">,
): readonly number[] | undefined {
  if (position === undefined) return undefined;
  const [, factor] = toSiUnit(unit);
  const axes = toCoordinateSpace(array).filter(({ channel }) => !channel);
  return axes.map(({ scale, offset }, axis) => {
    const world = (position.at(axis - axes.length) ?? 0) * factor;
    return world / scale - offset;
  });
}

type Region = { readonly begin: readonly number[]; readonly end: readonly number[] };

/** All voxels of the prediction. */
export function toWholeRegion({ shape, metadata }: Pick<RunArray, "metadata" | "shape">): Region {
  const end = metadata.spatialAxes.map((axis) => shape[axis] ?? 1);
  return { begin: end.map(() => 0), end };
}

/** Voxels of the prediction that the cross sections show, one at least along every axis; they may reach beyond it. */
export function toVisibleRegion(
  viewer: Pick<VolumeViewer, "getVisibleBox"> | undefined,
  { view }: Pick<AppState, "view">,
  array: Pick<RunArray, "metadata" | "shape">,
): Region | undefined {
  const box = viewer?.getVisibleBox();
  const first = box && toGridVoxel({ ...view, position: box.begin }, array);
  const last = box && toGridVoxel({ ...view, position: box.end }, array);
  if (first === undefined || last === undefined) return undefined;
  const begin = first.map(Math.floor);
  return { begin, end: last.map((voxel, axis) => Math.max(Math.ceil(voxel), (begin[axis] ?? 0) + 1)) };
}
