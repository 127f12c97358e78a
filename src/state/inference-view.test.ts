import { describe, expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import type { RunArray } from "#storage/open-array.ts";
import type { AppState, InferenceState } from "./app-state.ts";
import { entry } from "./fakes/fake-run.ts";
import { loadedState } from "./fakes/run-state.ts";
import { createInferenceView, toGridVoxel, toShownOrder, toVisibleRegion, toWholeRegion } from "./inference-view.ts";

const array = {
  shape: [3, 10, 100, 100],
  metadata: {
    axisNames: ["c^", "z", "y", "x"],
    types: ["channel", "space", "space", "space"],
    spatialAxes: [1, 2, 3],
    voxelSize: [40, 8, 8],
    offset: [400, 80, 160],
    units: ["", "", ""],
  },
} as unknown as RunArray;

const middle = [2, 1, 2].map((voxel) => expect.closeTo(voxel));
const entries = [100, 200, 300].map((iteration) => entry(iteration, [[2, 3]]));

async function start(part: Partial<InferenceState>) {
  const { state } = await loadedState(entries);
  const [run] = state.runOrder;
  const loaded = run === undefined ? undefined : state.runs[run];
  if (loaded === undefined) throw new Error("no run");
  const runs = { [loaded.id]: { ...loaded, checkpoints: [100, 200, 300] } };
  const inference: InferenceState = {
    ...{ run: loaded.id, iteration: 100, dataset: loaded.datasets[0] ?? "", device: "wasm", generation: 1 },
    ...{ status: "idle", blocksDone: 1, blocksQueued: 0 },
    ...part,
  };
  return createStore<AppState>(() => ({
    ...state,
    runs,
    selection: { ...state.selection, iteration: 100 },
    inference,
  }));
}

describe("a network at work", () => {
  it("begins at the voxel in the middle of the view", () => {
    expect(toGridVoxel({ position: [480, 88, 176], unit: "nm" }, array)).toEqual(middle);
    expect(toGridVoxel({}, array)).toBeUndefined();
  });

  it("computes what is visible, a voxel at least where no panel shows an axis", () => {
    const viewer = { getVisibleBox: () => ({ begin: [480, 76, 176], end: [480, 100, 190] }) };
    const region = toVisibleRegion(viewer, { view: { unit: "nm" } }, array);
    expect(region).toEqual({ begin: [2, -1, 2], end: [3, 3, 4] });
    expect(toWholeRegion(array)).toEqual({ begin: [0, 0, 0], end: [10, 100, 100] });
  });

  it("is told where one looks, as one moves", async () => {
    const store = await start({});
    const setCentre = vi.fn();
    const current = () => ({ array, setCentre }) as never;
    createInferenceView(store, { current, start: vi.fn() });
    store.setState({ view: { position: [480, 88, 176], unit: "nm" } });
    expect(setCentre).toHaveBeenLastCalledWith(middle);
  });

  it("is started for a chosen iteration once it has been chosen for a while, where a person wants that", async () => {
    vi.useFakeTimers();
    const store = await start({ follows: true });
    const order = vi.fn(async () => undefined);
    const view = createInferenceView(store, { current: () => undefined, start: order });
    store.setState({ selection: { ...store.getState().selection, iteration: 200 } });
    vi.advanceTimersByTime(300);
    store.setState({ selection: { ...store.getState().selection, iteration: 300 } });
    vi.advanceTimersByTime(300);
    expect(order).not.toHaveBeenCalled();
    vi.advanceTimersByTime(300);
    expect(order.mock.calls).toEqual([[expect.objectContaining({ iteration: 300, device: "wasm" })]]);
    view.dispose();
    vi.useRealTimers();
  });

  it("stays at its iteration else, and says what would be computed", async () => {
    vi.useFakeTimers();
    const store = await start({});
    const order = vi.fn(async () => undefined);
    createInferenceView(store, { current: () => undefined, start: order });
    expect(toShownOrder(store.getState())).toBeUndefined();
    store.setState({ selection: { ...store.getState().selection, iteration: 200 } });
    vi.advanceTimersByTime(10_000);
    expect(order).not.toHaveBeenCalled();
    expect(toShownOrder(store.getState())).toMatchObject({ iteration: 200 });
    vi.useRealTimers();
  });
});
