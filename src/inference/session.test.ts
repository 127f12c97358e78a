import { afterAll, describe, expect, it, vi } from "vitest";
import type { CNNectomeUNetConfig } from "#dacapo/architecture.ts";
import { toArchitectureConfig } from "#dacapo/architecture.ts";
import { openArray } from "#storage/open-array.ts";
import { summarise } from "./block-check.ts";
import { geometryOfNetwork } from "./block-geometry.ts";
import { gridOfPrediction, gridOver } from "./block-grid.ts";
import type { Engine, EngineDevice, EngineOutput } from "./engine.ts";
import { toGpuFacts, toWasmFacts } from "./engine-facts.ts";
import { createNodeEngine } from "./fixtures/node-engine.ts";
import { openFolder, toFormulaArray } from "./fixtures/node-store.ts";
import { randomNetwork } from "./fixtures/random-network.ts";
import { loadNetwork, maxDifference } from "./fixtures/run-graph.ts";
import type { Inference, InferenceEvent, InferenceRequest } from "./inference.ts";
import { InferenceError } from "./inference-error.ts";
import { NOT_NORMALISED } from "./normalise.ts";
import { openInference } from "./session.ts";

const CONFIG = toArchitectureConfig({
  __type__: "CNNectomeUNetConfig",
  name: "tiny",
  _input_shape: [6, 16, 16],
  fmaps_in: 1,
  fmaps_out: 2,
  num_fmaps: 2,
  fmap_inc_factor: 2,
  downsample_factors: [[1, 2, 2]],
  kernel_size_down: [[[1, 3, 3]], [[1, 3, 3]]],
  kernel_size_up: [[[1, 3, 3]]],
  padding: "valid",
}).config as CNNectomeUNetConfig;
const NETWORK = randomNetwork(CONFIG, 3);
const GEOMETRY = geometryOfNetwork(NETWORK);
const RAW = toFormulaArray(
  [1, 40, 40],
  { voxelSize: [40, 8, 8], offset: [0, 0, 0] },
  ([z = 0, y = 0, x = 0]) => z + y * x,
);

/** Gives 1 everywhere, or fails as told; its runs end when `release` is called, if `held`. */
function createFakeEngine(device: EngineDevice, plan: { fail?: InferenceError; held?: boolean } = {}) {
  const facts =
    device === "wasm"
      ? toWasmFacts({ isolated: true, cores: 2, version: "test" })
      : toGpuFacts(
          {
            names: ["fake"],
            software: false,
            halfPrecision: false,
            maxBufferSize: 2 ** 30,
            maxStorageBufferBindingSize: 2 ** 30,
          },
          "test",
        );
  const waiting: (() => void)[] = [];
  const listeners = new Set<(error: InferenceError) => void>();
  const runs: (readonly number[])[] = [];
  let disposed = false;
  const engine: Engine = {
    facts,
    load: async () => undefined,
    prepare: async () => 0,
    async run({ inputShape }, input): Promise<EngineOutput> {
      runs.push(inputShape);
      if (plan.held) await new Promise<void>((resolve) => waiting.push(resolve));
      if (disposed) throw new InferenceError("disposed", "gone");
      if (plan.fail) throw plan.fail;
      const shape = [2, ...(GEOMETRY.outputOf(inputShape) ?? [])];
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(input[0] ?? 0);
      data[0] = -1; // not constant
      return { data, shape, milliseconds: 1, seen: { input: summarise(input), output: summarise(data) } };
    },
    onLost(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      disposed = true;
      for (const release of waiting.splice(0)) release();
    },
  };
  return {
    engine,
    runs,
    release: () => waiting.shift()?.(),
    waiting,
    lose: (error: InferenceError) => {
      for (const listener of listeners) listener(error);
    },
  };
}

function toRequest(openEngine: InferenceRequest["openEngine"], more: Partial<InferenceRequest> = {}): InferenceRequest {
  return {
    model: { type: "network", network: NETWORK },
    geometry: GEOMETRY,
    dimensions: 3,
    activated: false,
    source: { array: RAW, normalisation: NOT_NORMALISED, edges: "zero", channels: 1 },
    grid: gridOver(RAW, GEOMETRY),
    tiling: "seamless",
    device: "wasm",
    openEngine,
    lowering: "conv3d",
    label: "inference at 1000",
    limits: { inputVoxels: 900 },
    ...more,
  };
}

function collect(inference: Inference): InferenceEvent[] {
  const events: InferenceEvent[] = [];
  inference.onEvent((event) => events.push(event));
  return events;
}

const nodeEngine = createNodeEngine();
afterAll(() => nodeEngine.dispose());

describe("the inference layer of a validation dataset", () => {
  it("holds, on the same voxels, what the run stored", { timeout: 60_000 }, async () => {
    const network = loadNetwork("demo", "vnc_affs", 1000);
    const store = openFolder("demo/vnc_affs");
    const array = await openArray(store, "validation.zarr/inputs/vnc_crop_a/raw");
    const stored = await openArray(store, "validation.zarr/1000/vnc_crop_a/prediction");
    if (!array || !stored) throw new Error("the demo is incomplete");
    const inference = await openInference({
      ...toRequest(async () => nodeEngine),
      model: { type: "network", network },
      geometry: geometryOfNetwork(network),
      activated: true,
      source: { array, normalisation: NOT_NORMALISED, edges: "zero", channels: 1 },
      grid: gridOfPrediction(stored, array.metadata.voxelSize),
      tiling: "dacapo",
      limits: {},
    });
    expect(inference.array).toMatchObject({ dtype: "<f4", shape: stored.shape, metadata: stored.metadata });
    const [begin, end] = [
      [0, 1, 30, 40],
      [5, 6, 101, 119],
    ] as const;
    const [ours, theirs] = await Promise.all([inference.array.read(begin, end), stored.read(begin, end)]);
    expect(maxDifference(ours.data as Float32Array, theirs.data as Float32Array)).toBeLessThan(1e-4);
    expect(inference.status()).toMatchObject({ state: "idle", tilesQueued: 0 });
    const { verdicts } = await inference.prove({ stored });
    expect(verdicts.map(({ reference, level }) => [reference, level])).toEqual([["stored", "ok"]]);
  });
});

describe("tiles", () => {
  it("are computed once however often they are read, and only those that are read", async () => {
    const fake = createFakeEngine("wasm");
    const inference = await openInference(toRequest(async () => fake.engine));
    const [tz = 1, ty = 1, tx = 1] = inference.tileShape;
    await Promise.all([
      inference.array.read([0, 0, 0, 0], [2, 1, 1, 1]),
      inference.array.read([0, 0, 0, 0], [2, tz, ty, tx]),
    ]);
    await inference.array.read([0, 0, 0, 0], [2, tz, ty, tx]);
    expect(fake.runs).toHaveLength(1);
  });

  it("near what is looked at come first, a region computed as a whole last", async () => {
    const fake = createFakeEngine("wasm", { held: true });
    const inference = await openInference(toRequest(async () => fake.engine));
    const events = collect(inference);
    const whole = inference.compute({ begin: [0, 0, 0], end: [1, 40, 40] });
    inference.setCentre([0, 39, 0]);
    await vi.waitFor(() => expect(inference.status().tilesQueued).toBe(4));
    const near = inference.array.read([0, 0, 39, 39], [2, 1, 40, 40]);
    await vi.waitFor(() => {
      fake.release();
      expect(inference.status().tilesQueued).toBe(0);
    });
    await Promise.all([whole, near]);
    const order = events.flatMap((event) => (event.type === "tile" ? [event.index.slice(1)] : []));
    // two were under way before anyone looked; then what is looked at, though the other is nearer
    expect(order).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 0],
    ]);
  });

  it("that nobody waits for any more are dropped before they are begun", async () => {
    const fake = createFakeEngine("wasm", { held: true });
    const inference = await openInference(toRequest(async () => fake.engine));
    const [, ty = 1, tx = 1] = inference.tileShape;
    const stop = new AbortController();
    const reads = [0, 1, 2, 3].map((i) =>
      inference.array.read(
        [0, 0, ty * (i >> 1), tx * (i & 1)],
        [2, 1, ty * (i >> 1) + 1, tx * (i & 1) + 1],
        i > 1 ? stop.signal : undefined,
      ),
    );
    await vi.waitFor(() => expect(inference.status().tilesQueued).toBe(4));
    const left = Promise.allSettled(reads.slice(2));
    stop.abort();
    expect(inference.status().tilesQueued).toBe(2);
    expect((await left).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await vi.waitFor(() => {
      fake.release();
      expect(inference.status().tilesQueued).toBe(0);
    });
    expect(fake.runs).toHaveLength(2);
  });

  it("are NaN where computing was cancelled, and there to be read again after", async () => {
    const fake = createFakeEngine("wasm", { held: true });
    const inference = await openInference(toRequest(async () => fake.engine));
    const events = collect(inference);
    const read = inference.array.read([0, 0, 0, 0], [2, 1, 40, 40]);
    await vi.waitFor(() => expect(fake.waiting.length).toBeGreaterThan(0));
    inference.cancel();
    const { data } = await read;
    expect(data.every((value) => Number.isNaN(value))).toBe(true);
    expect(inference.status()).toMatchObject({ state: "idle", tilesQueued: 0 });
    inference.resume();
    expect(events.some(({ type }) => type === "stale")).toBe(true);
    const again = inference.array.read([0, 0, 0, 0], [2, 1, 1, 1]);
    await vi.waitFor(() => {
      fake.release();
      expect(inference.status().tilesQueued).toBe(0);
    });
    expect((await again).data.some((value) => Number.isNaN(value))).toBe(false);
  });

  it("wait while it is paused", async () => {
    const fake = createFakeEngine("wasm");
    const inference = await openInference(toRequest(async () => fake.engine));
    inference.pause();
    const read = inference.array.read([0, 0, 0, 0], [2, 1, 1, 1]);
    await vi.waitFor(() => expect(inference.status()).toMatchObject({ state: "paused", tilesQueued: 1 }));
    expect(fake.runs).toEqual([]);
    inference.resume();
    await read;
    expect(fake.runs).toHaveLength(1);
  });

  it("are dropped when they exceed the memory given, and kept by a keeper", async () => {
    const fake = createFakeEngine("wasm");
    const kept = new Map<string, Float32Array<ArrayBuffer>>();
    const keeper = {
      get: async (key: string) => kept.get(key),
      put: async (key: string, data: Float32Array<ArrayBuffer>) => void kept.set(key, data),
    };
    const inference = await openInference(toRequest(async () => fake.engine, { keepBytes: 1, keeper }));
    await inference.compute({ begin: [0, 0, 0], end: [1, 40, 40] });
    const runs = fake.runs.length;
    expect(inference.status().memoryBytes).toBe(inference.tileShape.reduce((a, b) => a * b, 8));
    expect(kept.size).toBe(runs);
    await inference.compute({ begin: [0, 0, 0], end: [1, 40, 40] });
    expect(fake.runs).toHaveLength(runs);
  });

  it("of a region are counted, and what was there before is kept by a keeper that comes later", async () => {
    const fake = createFakeEngine("wasm");
    const kept = new Map<string, Float32Array<ArrayBuffer>>();
    const inference = await openInference(toRequest(async () => fake.engine));
    await inference.array.read([0, 0, 0, 0], [2, 1, 1, 1]);
    inference.keepIn({ get: async (key) => kept.get(key), put: async (key, data) => void kept.set(key, data) });
    const told: (readonly [number, number])[] = [];
    await inference.compute({ begin: [0, 0, 0], end: [1, 40, 40], onProgress: (...step) => told.push(step) });
    expect(kept.size).toBe(fake.runs.length);
    expect(told).toEqual(Array.from({ length: fake.runs.length + 1 }, (_, done) => [done, fake.runs.length]));
  });

  it("that a keeper cannot take stay in memory, and that is told once", async () => {
    const inference = await openInference(toRequest(async () => createFakeEngine("wasm").engine));
    const told: string[] = [];
    inference.onEvent(({ type }) => void (type === "keeper-failed" && told.push(type)));
    inference.keepIn({ get: async () => undefined, put: () => Promise.reject(new Error("The disk is full.")) });
    await inference.compute({ begin: [0, 0, 0], end: [1, 40, 40] });
    expect(told).toEqual(["keeper-failed"]);
    expect(inference.status().memoryBytes).toBeGreaterThan(0);
  });

  it("with values that are no numbers are told of", async () => {
    const fake = createFakeEngine("wasm");
    const bad: Engine = {
      ...fake.engine,
      run: async (...args) => {
        const output = await fake.engine.run(...args);
        output.data[5] = Number.NaN;
        return { ...output, seen: { ...output.seen, output: summarise(output.data) } };
      },
    };
    const inference = await openInference(toRequest(async () => bad));
    const events = collect(inference);
    await inference.array.read([0, 0, 0, 0], [2, 1, 1, 1]);
    const found = events.find((event) => event.type === "finding");
    expect(found).toMatchObject({ finding: { flaw: "not-a-number", count: 1 }, tile: [0, 0, 0] });
  });
});

describe("a failing engine", () => {
  const lost = new InferenceError("device-lost", "The GPU was taken away from this page.");
  const short = new InferenceError("out-of-memory", "A block needs more memory.");

  async function readWith(plans: readonly (readonly [EngineDevice, { fail?: InferenceError }])[]) {
    const opened: EngineDevice[] = [];
    const fakes = plans.map(([device, plan]) => createFakeEngine(device, plan));
    const open = async (device: EngineDevice) => {
      const fake = fakes[opened.length];
      opened.push(device);
      if (fake === undefined) throw new Error("one engine too many");
      expect(device).toBe(fake.engine.facts.device);
      return fake.engine;
    };
    const inference = await openInference(toRequest(open, { device: "webgpu" }));
    const events = collect(inference);
    const read = inference.array.read([0, 0, 0, 0], [2, 1, 40, 40]);
    const outcome = await read.then(
      ({ data }) => data.every((value) => Number.isFinite(value)),
      (error: unknown) => error,
    );
    const actions = events.flatMap((event) => (event.type === "recovery" ? [event.recovery.action] : []));
    return { opened, actions, outcome, inference, fakes };
  }

  it("is started anew when the GPU was lost once", async () => {
    const { actions, outcome } = await readWith([
      ["webgpu", { fail: lost }],
      ["webgpu", {}],
    ]);
    expect(actions).toEqual(["again"]);
    expect(outcome).toBe(true);
  });

  it("gets smaller blocks when memory runs short, and the tiles stay as they were", async () => {
    const { actions, outcome, inference, fakes } = await readWith([
      ["webgpu", { fail: short }],
      ["webgpu", {}],
    ]);
    expect(actions).toEqual(["smaller"]);
    expect(outcome).toBe(true);
    const size = (shape: readonly number[] = []) => shape.reduce((a, b) => a * b, 1);
    expect(size(fakes[1]?.runs[0])).toBeLessThanOrEqual(size(fakes[0]?.runs[0]) / 2);
    expect(inference.array.chunks.slice(1)).toEqual(inference.tileShape);
  });

  it("gives way to the processor when the GPU goes on failing", async () => {
    const { actions, opened, outcome } = await readWith([
      ["webgpu", { fail: lost }],
      ["webgpu", { fail: lost }],
      ["webgpu", { fail: lost }],
      ["wasm", {}],
    ]);
    expect(actions).toEqual(["again", "smaller", "processor"]);
    expect(opened.at(-1)).toBe("wasm");
    expect(outcome).toBe(true);
  });

  it("ends in an error when the processor fails as well, and is tried again on request", async () => {
    const crashed = { fail: new InferenceError("model", "The network could not be run here as it is.") };
    const { actions, outcome, inference } = await readWith([
      ["webgpu", crashed],
      ["wasm", crashed],
      ["wasm", {}],
    ]);
    expect(actions).toEqual(["processor", "give-up"]);
    expect(outcome).toMatchObject({ tag: "model" });
    expect(inference.status().state).toBe("failed");
    await expect(inference.array.read([0, 0, 0, 0], [2, 1, 1, 1])).rejects.toMatchObject({
      message: expect.stringContaining("network"),
    });
    inference.resume();
    await inference.array.read([0, 0, 0, 0], [2, 1, 1, 1]);
    expect(inference.status().state).toBe("idle");
  });

  it("that is lost while nothing runs is replaced when the next block is wanted", async () => {
    const fakes = [createFakeEngine("webgpu"), createFakeEngine("webgpu")];
    let opened = 0;
    const open = async () => fakes[opened++]?.engine ?? createFakeEngine("webgpu").engine;
    const inference = await openInference(toRequest(open, { device: "webgpu" }));
    fakes[0]?.lose(lost);
    await inference.array.read([0, 0, 0, 0], [2, 1, 1, 1]);
    expect([opened, fakes[0]?.runs.length, fakes[1]?.runs.length]).toEqual([2, 0, 1]);
  });

  it("is the processor from the start where no GPU is offered", async () => {
    const open = async (device: EngineDevice) => {
      if (device === "webgpu")
        throw new InferenceError("unavailable", "The GPU cannot be used: this browser does not offer WebGPU.");
      return createFakeEngine("wasm").engine;
    };
    const inference = await openInference(toRequest(open, { device: "webgpu" }));
    expect(inference.status().facts?.device).toBe("wasm");
  });

  it("is compared with the processor, which is put away after", async () => {
    const [gpu, processor] = [createFakeEngine("webgpu"), createFakeEngine("wasm")];
    const dispose = vi.spyOn(processor.engine, "dispose");
    const open = async (device: EngineDevice) => (device === "webgpu" ? gpu : processor).engine;
    const inference = await openInference(toRequest(open, { device: "webgpu" }));
    const { verdict } = await inference.prove({});
    expect(verdict).toMatchObject({ reference: "processor", level: "ok" });
    expect([gpu.runs.length, processor.runs.length, dispose.mock.calls.length]).toEqual([1, 1, 1]);
  });

  it("is proved again by its successor when it is lost meanwhile", async () => {
    const lost = new InferenceError("device-lost", "The GPU was taken away from this page.");
    const gpus = [createFakeEngine("webgpu", { fail: lost }), createFakeEngine("webgpu")];
    const open = async (device: EngineDevice) =>
      (device === "webgpu" ? (gpus.shift() ?? createFakeEngine("webgpu")) : createFakeEngine("wasm")).engine;
    const inference = await openInference(toRequest(open, { device: "webgpu" }));
    const told: string[] = [];
    inference.onEvent((event) => void (event.type === "recovery" && told.push(event.recovery.action)));
    expect((await inference.prove({})).verdict).toMatchObject({ reference: "processor", level: "ok" });
    expect(told).toEqual(["again"]);
  });

  it("is not blamed where the processor cannot compute what it would be compared with", async () => {
    const full = new InferenceError("out-of-memory", "A block needs more memory than the device gives this page.");
    const [gpu, processor] = [createFakeEngine("webgpu"), createFakeEngine("wasm", { fail: full })];
    const open = async (device: EngineDevice) => (device === "webgpu" ? gpu : processor).engine;
    const inference = await openInference(toRequest(open, { device: "webgpu" }));
    await expect(inference.prove({})).rejects.toMatchObject({ tag: "reference" });
    expect(inference.status()).toMatchObject({ state: "idle", facts: { device: "webgpu" } });
  });

  it("is not even opened where no block fits its memory", async () => {
    const limits = { memoryBytes: 1000 };
    const opening = openInference(toRequest(async () => createFakeEngine("wasm").engine, { limits }));
    await expect(opening).rejects.toMatchObject({ tag: "plan", message: expect.stringMatching(/MiB/) });
  });
});

it("a raw chunk that cannot be read fails its own tile alone", async () => {
  const broken = {
    ...RAW,
    read: async (begin: readonly number[], ...rest: [readonly number[], AbortSignal?]) => {
      if ((begin[1] ?? 0) === 0) throw new Error("The chunk 0/0/0 cannot be decoded.");
      return RAW.read(begin, ...rest);
    },
  };
  const source = { array: broken, normalisation: NOT_NORMALISED, edges: "zero" as const, channels: 1 };
  const inference = await openInference(toRequest(async () => createFakeEngine("wasm").engine, { source }));
  await expect(inference.array.read([0, 0, 0, 0], [2, 1, 1, 1])).rejects.toThrow("cannot be decoded");
  await inference.array.read([0, 0, 39, 39], [2, 1, 40, 40]);
  expect(inference.status().state).toBe("idle");
});
