import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { toMemoryStore } from "#storage/memory-store.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { AppState, RunState } from "./app-state.ts";
import { emptyState } from "./empty-state.ts";
import type { ErrorTask, ErrorWork } from "./error-work.ts";
import { createErrorsController } from "./errors-controller.ts";
import { planLayers } from "./plan-layers.ts";
import { newRun } from "./run-registry.ts";
import type { RunSource } from "./run-source.ts";
import { shownOf } from "./selectors.ts";

const url = "http://lab/runs/a";
const outputs = ["threshold_0.0", "threshold_0.5"].map((parameters) => ({ parameters, whole: true }));
const volumes = [100, 200].map((iteration) => ({
  iteration,
  datasets: [{ dataset: "crop", folder: "crop", prediction: "whole" as const, outputs }],
}));
const array = {
  ...{ store: toMemoryStore(new Map()), path: "errors", shape: [1, 2, 3, 4] },
  metadata: {
    axisNames: ["c", "z", "y", "x"],
    voxelSize: [50, 8, 4],
    offset: [100, 0, 40],
    units: ["nm", "nm", "nm"],
    spatialAxes: [1, 2, 3],
  },
} as unknown as RunArray;

function toRun(part: Partial<RunState> = {}): RunState {
  const taskConfig = { type: "DistanceTaskConfig", name: "t", channels: ["mito"], clipDistance: 200, tolDistance: 40 };
  const base = newRun({ url, address: url, name: "a" } as RunSource);
  return {
    ...base,
    ...{ status: "ready", volumes, datasets: ["crop"], inputs: [{ dataset: "crop", raw: true, gt: true }] },
    config: { status: "ready", at: 0, value: { taskConfig } as never },
    ...part,
  };
}

/** Comparisons that were begun; each ends when the test says so. */
function setUp(run = toRun()) {
  const store = createStore<AppState>(() => ({
    ...emptyState,
    runs: { [url]: run },
    runOrder: [url],
    selection: { iteration: 100, parameters: "threshold_0.0" },
  }));
  const begun: { task: ErrorTask; end: (result: ErrorWork | Error) => void; disposed: boolean }[] = [];
  const open = (task: ErrorTask) =>
    new Promise<ErrorWork>((resolve, reject) => {
      begun.push({
        task,
        disposed: false,
        end: (result) => (result instanceof Error ? reject(result) : resolve(result)),
      });
    });
  const source = { openArray: async (path: string) => ({ ...array, path }), urlOf: (path: string) => path };
  const controller = createErrorsController(store, {
    sourceOf: () => source as unknown as RunSource,
    open,
    restMs: 100,
  });
  const work = (): ErrorWork => ({
    report: {
      kind: "mask",
      channels: ["mito"],
      totals: [],
      regions: [],
      voxels: { falsePositive: 0, falseNegative: 0 },
    },
    array,
    dispose: vi.fn(),
  });
  const layers = () => planLayers(run, shownOf(store.getState()), store.getState()).map(({ title }) => title);
  const want = (wanted: boolean) =>
    store.setState({ errors: wanted ? { generation: 0, status: "waiting" } : undefined });
  return { store, controller, want, begun, work, layers, errors: () => store.getState().errors };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("the errors of what is shown", () => {
  it("are not looked for until somebody wants them", async () => {
    const { begun, errors } = setUp();
    await pass(1000);
    expect(begun).toHaveLength(0);
    expect(errors()).toBeUndefined();
  });

  it("are those of the shown output against its ground truth, with the task's distances", async () => {
    const { controller, want, begun, work, layers, errors } = setUp();
    want(true);
    await pass(0);
    expect(begun[0]?.task).toMatchObject({
      output: { path: "validation.zarr/100/crop/output/threshold_0.0" },
      gt: { path: "validation.zarr/inputs/crop/gt" },
      question: { kind: "mask", channels: ["mito"], clip: 200, tolerance: 40 },
    });
    expect(errors()).toMatchObject({ status: "computing", target: { iteration: 100 } });
    begun[0]?.end(work());
    await pass(0);
    expect(errors()).toMatchObject({
      status: "ready",
      grid: { origin: [100e-9, 0, 40e-9], step: [50e-9, 8e-9, 4e-9] },
    });
    expect(layers()).toContain("errors at 100");
    expect(controller.array(errors()?.generation ?? -1)).toBe(array);
  });

  it("are gone at once when another output is shown, and looked for anew when the choice rests", async () => {
    const { store, controller, want, begun, work, layers, errors } = setUp();
    want(true);
    await pass(0);
    const first = work();
    begun[0]?.end(first);
    await pass(0);
    const { generation } = errors() ?? { generation: -1 };
    for (const parameters of ["threshold_0.5", "threshold_0.0", "threshold_0.5"]) {
      store.setState({ selection: { iteration: 200, parameters } });
      expect(errors()?.report).toBeUndefined();
      expect(layers().join()).not.toContain("errors");
      await pass(50);
    }
    expect(first.dispose).toHaveBeenCalled();
    expect(controller.array(generation)).toBeUndefined();
    expect(begun).toHaveLength(1);
    await pass(100);
    expect(begun).toHaveLength(2);
    expect(errors()?.target).toMatchObject({ iteration: 200, parameters: "threshold_0.5" });
  });

  it("that come after another output was chosen are thrown away", async () => {
    const { store, want, begun, work, errors } = setUp();
    want(true);
    await pass(0);
    store.setState({ selection: { iteration: 200 } });
    expect(begun[0]?.task.signal.aborted).toBe(true);
    const late = work();
    begun[0]?.end(late);
    await pass(0);
    expect(late.dispose).toHaveBeenCalled();
    expect(errors()?.status).toBe("waiting");
  });

  it("are stopped and begun again, and a failure says what failed", async () => {
    const { controller, want, begun, errors } = setUp();
    want(true);
    await pass(0);
    controller.stop();
    expect(begun[0]?.task.signal.aborted).toBe(true);
    expect(errors()).toMatchObject({ status: "stopped", target: { iteration: 100 } });
    controller.compute();
    await pass(0);
    begun[1]?.end(new Error("Chunk 0.0 is damaged."));
    await pass(0);
    expect(errors()).toMatchObject({ status: "failed", message: "Chunk 0.0 is damaged." });
    want(false);
    expect(errors()).toBeUndefined();
  });

  it("of a very large output are asked about first", async () => {
    const { controller, want, begun, errors } = setUp();
    want(true);
    await pass(0);
    const agreed = begun[0]?.task.confirm?.("It has many voxels.");
    expect(errors()).toMatchObject({ status: "asking", message: "It has many voxels." });
    controller.compute();
    await expect(agreed).resolves.toBeUndefined();
    expect(begun).toHaveLength(1);
  });

  it.each([
    ["no ground truth", { inputs: [] }, /ground truth of crop is not there/],
    ["no whole output", { volumes: [] }, /no validation output yet|No whole output/],
    ["a task without an evaluation", { config: { status: "absent" as const } }, /how its outputs are evaluated/],
  ])("cannot be told of %s", async (_, part, sentence) => {
    const { want, begun, errors } = setUp(toRun(part));
    want(true);
    await pass(500);
    expect(begun).toHaveLength(0);
    expect(errors()?.status).toBe("unavailable");
    expect(errors()?.message).toMatch(sentence);
  });
});
