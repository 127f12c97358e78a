import { describe, expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import type { RunArray } from "#storage/open-array.ts";
import type { AppState } from "./app-state.ts";
import { entry } from "./fakes/fake-run.ts";
import { fakeViewer } from "./fakes/fake-viewer.ts";
import { loadedState } from "./fakes/run-state.ts";
import type { LayerPlan } from "./layer-plan.ts";
import { createLayersController, type LayerSources } from "./layers-controller.ts";

const entries = [100, 200, 300].map((iteration) =>
  entry(iteration, [
    [2, 3],
    [4, 5],
  ]),
);

const array = (path: string): RunArray => ({
  store: { urlOf: (below: string) => below } as RunArray["store"],
  path,
  dtype: "<f4",
  shape: [10, 10, 10],
  chunks: [10, 10, 10],
  order: "C",
  zarrFormat: 2,
  metadata: {
    axisNames: ["z", "y", "x"],
    types: ["space", "space", "space"],
    spatialAxes: [0, 1, 2],
    voxelSize: [1, 1, 1],
    offset: path.includes("/b/") || path.includes("ds_b") ? [1000, 0, 0] : [0, 0, 0],
    units: ["nm", "nm", "nm"],
    notes: [],
  } as unknown as RunArray["metadata"],
  attributes: {},
  read: () => Promise.reject(new Error("not read here")),
});

const none = () => false;

async function start(broken: (plan: LayerPlan) => boolean = none, gone: (plan: LayerPlan) => boolean = none) {
  const { state } = await loadedState(entries);
  const store = createStore<AppState>(() => state);
  const opened: string[] = [];
  const reported: string[] = [];
  const resolved: string[] = [];
  const errors: unknown[] = [];
  const sources: LayerSources = {
    async openArray(plan) {
      opened.push(plan.path);
      if (broken(plan)) throw new Error("damaged");
      return gone(plan) ? undefined : array(plan.path);
    },
    urlOf: ({ path }) => path,
    generationOf: () => "0",
    report({ name }, error) {
      reported.push(name);
      errors.push(error);
    },
    resolve: ({ path }) => resolved.push(path),
  };
  const viewer = fakeViewer();
  const controller = createLayersController(store, sources);
  controller.attach(viewer);
  const shown = (count: number) => vi.waitFor(() => expect(viewer.asked).toHaveLength(count));
  const whole = async () => {
    viewer.release();
    await vi.waitFor(() => expect(controller.isBusy()).toBe(false));
  };
  return { store, viewer, controller, opened, reported, resolved, errors, shown, whole };
}

const titles = (state: AppState) => state.layers.map(({ title }) => title);

describe("the shown layers", () => {
  it("are those of the selection, framed the first time", async () => {
    const { store, viewer, shown, whole } = await start();
    await shown(1);
    await whole();
    expect(viewer.framed).toEqual([true]);
    expect(store.getState().layers.map(({ name, status }) => [name, status])).toEqual(
      ["raw", "prediction", "segmentation", "best", "gt"].map((name) => [name, "ready"]),
    );
  });

  it("say what is drawn until another iteration is whole, and open nothing twice", async () => {
    const { store, viewer, opened, shown, whole } = await start();
    await shown(1);
    await whole();
    const before = titles(store.getState());
    store.setState({ selection: { iteration: 300 } });
    await shown(2);
    expect(titles(store.getState())).toEqual(before);
    expect(store.getState().layers.find(({ name }) => name === "prediction")?.status).toBe("pending");
    expect(store.getState().layers.find(({ name }) => name === "raw")?.status).toBe("ready");
    await whole();
    expect(titles(store.getState())).toContain("prediction at 300");
    expect(viewer.framed).toEqual([true, false]);
    expect(new Set(opened).size).toBe(opened.length);
  });

  it("are the newest wish when wishes overtake each other", async () => {
    const { store, viewer, shown, whole } = await start();
    await shown(1);
    store.setState({ selection: { iteration: 200 } });
    await shown(2);
    store.setState({ selection: { iteration: 300 } });
    await shown(3);
    await whole();
    expect(titles(store.getState())).toContain("prediction at 300");
    expect(viewer.getLayers().map(({ title }) => title)).toContain("prediction at 300");
  });

  it("lack only the one whose array is damaged, which is reported", async () => {
    const { store, viewer, reported, shown, whole } = await start(({ name }) => name === "prediction");
    await shown(1);
    await whole();
    expect(reported).toEqual(["prediction"]);
    expect(viewer.getLayers().map(({ name }) => name)).toEqual(["raw", "segmentation", "best", "gt"]);
    expect(store.getState().layers.find(({ name }) => name === "prediction")?.status).toBe("failed");
  });

  it("lack one that was listed and is gone, which is reported with the file that is missing", async () => {
    const { errors, viewer, shown, whole } = await start(undefined, ({ name }) => name === "gt");
    await shown(1);
    await whole();
    expect(errors).toMatchObject([{ tag: "wrong-content", subject: "validation.zarr/inputs/a/gt/.zarray" }]);
    expect(viewer.getLayers().map(({ name }) => name)).toEqual(["raw", "prediction", "segmentation", "best"]);
  });

  it("keep what is said of their chunks until another array takes their place", async () => {
    const { store, resolved, shown, whole } = await start();
    await shown(1);
    await whole();
    resolved.length = 0;
    store.setState({ selection: { iteration: 300 } });
    await shown(2);
    await whole();
    expect(resolved.filter((path) => path.includes("inputs/"))).toEqual([]);
    expect(resolved).toContain("validation.zarr/300/ds_a/prediction");
  });

  it("take along what was said of them when they go", async () => {
    const { store, resolved, shown, whole } = await start();
    await shown(1);
    await whole();
    resolved.length = 0;
    const { runs } = store.getState();
    const withoutGt = Object.entries(runs).map(([id, run]) => {
      const inputs = run.inputs.map((input) => ({ ...input, gt: false }));
      return [id, { ...run, inputs }];
    });
    store.setState({ runs: Object.fromEntries(withoutGt) });
    await shown(2);
    expect(resolved).toEqual(["validation.zarr/inputs/a/gt"]);
  });

  it("frame a dataset that lies elsewhere, and come back to the place one left", async () => {
    const { store, viewer, shown, whole } = await start();
    await shown(1);
    await whole();
    viewer.setView({ position: [3, 4, 5], scale: 7 });
    store.setState({ selection: { dataset: "b" } });
    await shown(2);
    await whole();
    expect(viewer.framed).toEqual([true, true]);
    viewer.setView({ position: [1005, 1, 1], scale: 2 });
    store.setState({ selection: { dataset: "a" } });
    await shown(3);
    await whole();
    expect(viewer.framed).toEqual([true, true, false]);
    expect(viewer.getView()).toMatchObject({ position: [3, 4, 5], scale: 7 });
  });
});
