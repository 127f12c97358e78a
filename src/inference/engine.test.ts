import { existsSync, readFileSync } from "node:fs";
import { MessageChannel } from "node:worker_threads";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { summarise } from "./block-check.ts";
import type { Engine, EngineModel, EngineOutput, GraphVariant } from "./engine.ts";
import { toGpuFacts, toWasmFacts } from "./engine-facts.ts";
import { toEngineError } from "./engine-failure.ts";
import { fromPlainOrder, toPlainOrder, toTensorShape } from "./engine-layout.ts";
import { type EnginePort, type EngineRequest, type EngineResponse, serveEngine } from "./engine-messages.ts";
import { type EngineWorker, openWorkerEngine } from "./engine-worker.ts";
import { createNodeEngine } from "./fixtures/node-engine.ts";
import { loadNetwork, maxDifference, readNpy } from "./fixtures/run-graph.ts";
import { InferenceError } from "./inference-error.ts";

const PARITY = "../shared/parity/vnc_affs";
const VARIANT: GraphVariant = { inputShape: [14, 116, 116], lowering: "conv3d", precision: "f32" };
const FACTS = toWasmFacts({ isolated: false, cores: 8, version: "test" });

/** An engine whose every step is in the test's hand. */
function createStub(run: (input: Float32Array<ArrayBuffer>) => Promise<EngineOutput>) {
  let lost: ((error: InferenceError) => void) | undefined;
  const engine: Engine = {
    facts: FACTS,
    load: async () => undefined,
    prepare: async () => 7,
    run: (_, input) => run(input),
    onLost(listener) {
      lost = listener;
      return () => undefined;
    },
    dispose: () => undefined,
  };
  return { engine, lose: (error: InferenceError) => lost?.(error) };
}

/** Page and worker ends of one thread, in this one. */
function toWorker(open: () => Promise<Engine>): EngineWorker & { terminated: boolean } {
  const { port1, port2 } = new MessageChannel();
  const served: EnginePort = {
    postMessage: (response, transfer) => port2.postMessage(response, transfer as never),
    onmessage: null,
  };
  serveEngine(served, open);
  port2.on("message", (data: EngineRequest) => served.onmessage?.({ data } as MessageEvent<EngineRequest>));
  const worker: EngineWorker & { terminated: boolean } = {
    terminated: false,
    onmessage: null,
    onerror: null,
    postMessage: (request, transfer) => port1.postMessage(request, transfer as never),
    terminate() {
      worker.terminated = true;
      port1.close();
    },
  };
  port1.on("message", (data: EngineResponse) => worker.onmessage?.({ data } as MessageEvent<EngineResponse>));
  return worker;
}

const seen = { input: summarise(new Float32Array()), output: summarise(new Float32Array()) };
const output = (value: number): EngineOutput => ({
  seen,
  data: Float32Array.of(value),
  shape: [1, 1, 1, 1],
  milliseconds: 1,
});

describe("an engine in Node", () => {
  const engine = createNodeEngine();
  afterAll(() => engine.dispose());

  it("gives what PyTorch gave, from a checkpoint and from someone's .onnx", { timeout: 60_000 }, async () => {
    if (!existsSync(PARITY)) return console.info(`Skipped: there is no ${PARITY}.`);
    const raw = readNpy(`${PARITY}/input_vnc_crop_a.npy`);
    const expected = readNpy(`${PARITY}/output_1000_vnc_crop_a.npy`);
    await engine.load({ type: "network", network: loadNetwork("demo", "vnc_affs", 1000) });
    const rebuilt = await engine.run(VARIANT, raw.data.slice() as Float32Array<ArrayBuffer>);
    expect(rebuilt.shape).toEqual(expected.shape.slice(1));
    expect(maxDifference(rebuilt.data, expected.data)).toBeLessThan(1e-5);
    const bytes = Uint8Array.from(readFileSync(`${PARITY}/model_1000_dynamic.onnx`));
    const [input, result] = [
      { name: "raw", layout: "bczyx" },
      { name: "prediction", layout: "bczyx" },
    ];
    await engine.load({ type: "onnx", bytes, input, output: result, inputChannels: 1 });
    const exported = await engine.run(VARIANT, raw.data.slice() as Float32Array<ArrayBuffer>);
    expect(maxDifference(exported.data, expected.data)).toBeLessThan(1e-5);
  });

  it("serialises runs that are asked for at once, and drops one that was given up before it began", async () => {
    await engine.load({ type: "network", network: loadNetwork("demo", "vnc_mito_distance", 500) });
    const variant = { ...VARIANT, inputShape: [4, 24, 24] };
    const runs = [0, 1, 2].map((value) => engine.run(variant, new Float32Array(4 * 24 * 24).fill(value)));
    const dropped = engine.run(variant, new Float32Array(4 * 24 * 24), AbortSignal.abort());
    await expect(dropped).rejects.toMatchObject({ name: "AbortError" });
    const [a, b] = await Promise.all(runs);
    expect(maxDifference(a?.data ?? new Float32Array(), b?.data ?? new Float32Array())).toBeGreaterThan(1e-3);
  });

  it("says that a file is no model", async () => {
    const channel = { name: "x", layout: "bczyx" };
    await engine.load({
      type: "onnx",
      bytes: Uint8Array.of(1, 2, 3),
      input: channel,
      output: channel,
      inputChannels: 1,
    });
    await expect(engine.run(VARIANT, new Float32Array(14 * 116 * 116))).rejects.toMatchObject({ tag: "model" });
  });
});

describe("an engine in a worker", () => {
  it("hands blocks over without a copy, and has the same facts", async () => {
    const seen: number[] = [];
    const stub = createStub(async (input) => {
      seen.push(input.length);
      return output(input[0] ?? Number.NaN);
    });
    const engine = await openWorkerEngine({ device: "wasm", startWorker: () => toWorker(async () => stub.engine) });
    expect(engine.facts).toEqual(FACTS);
    const input = Float32Array.of(5, 6);
    expect((await engine.run(VARIANT, input)).data[0]).toBe(5);
    expect([seen, input.length]).toEqual([[2], 0]);
    expect(await engine.prepare(VARIANT)).toBe(7);
    engine.dispose();
  });

  it("hands a large model over piece by piece, before what is asked right after", async () => {
    const stub = createStub(async (input) => output(input[0] ?? Number.NaN));
    const loaded: EngineModel[] = [];
    const load = async (model: EngineModel) => void loaded.push(model);
    const sizes: number[] = [];
    const worker = toWorker(async () => ({ ...stub.engine, load }));
    const startWorker = (): EngineWorker => {
      const post = worker.postMessage;
      worker.postMessage = (request, transfer) => {
        sizes.push(
          transfer.reduce<number>((sum, each) => sum + (each instanceof ArrayBuffer ? each.byteLength : 0), 0),
        );
        post(request, transfer);
      };
      return worker;
    };
    const engine = await openWorkerEngine({ device: "wasm", startWorker });
    const weight = Float32Array.from({ length: 2_500_000 }, (_, i) => i);
    const model = { type: "network", network: { weight } } as unknown as EngineModel;
    const [, ran] = await Promise.all([engine.load(model), engine.run(VARIANT, Float32Array.of(3))]);
    expect(ran.data[0]).toBe(3);
    expect(loaded).toEqual([model]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4 * 2 ** 20);
    expect(sizes.filter((size) => size > 4)).toHaveLength(3);
    engine.dispose();
  });

  it("keeps what kind of failure it was", async () => {
    const stub = createStub(() => Promise.reject(new RangeError("Array buffer allocation failed")));
    const engine = await openWorkerEngine({ device: "wasm", startWorker: () => toWorker(async () => stub.engine) });
    await expect(engine.run(VARIANT, new Float32Array(1))).rejects.toMatchObject({ tag: "out-of-memory" });
    engine.dispose();
  });

  it("lets a caller go at once who gives up, and runs the next block only after", async () => {
    const ends: ((value: EngineOutput) => void)[] = [];
    const stub = createStub(() => new Promise((resolve) => ends.push(resolve)));
    const engine = await openWorkerEngine({ device: "wasm", startWorker: () => toWorker(async () => stub.engine) });
    const stop = new AbortController();
    const first = engine.run(VARIANT, new Float32Array(1), stop.signal);
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    stop.abort();
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    const second = engine.run(VARIANT, new Float32Array(1));
    await Promise.resolve();
    expect(ends).toHaveLength(1);
    ends[0]?.(output(1));
    await vi.waitFor(() => expect(ends).toHaveLength(2));
    ends[1]?.(output(2));
    expect((await second).data[0]).toBe(2);
    engine.dispose();
  });

  it("that is silent for too long counts as hung and is ended", async () => {
    const stub = createStub(() => new Promise(() => undefined));
    const worker = toWorker(async () => stub.engine);
    const patience = { first: 50, least: 50, times: 2 };
    const engine = await openWorkerEngine({ device: "wasm", startWorker: () => worker, patience });
    await expect(engine.run(VARIANT, new Float32Array(1))).rejects.toMatchObject({ tag: "hang" });
    expect(worker.terminated).toBe(true);
    await expect(engine.run(VARIANT, new Float32Array(1))).rejects.toMatchObject({ tag: "hang" });
  });

  it("tells of a device that is lost, in the run or between runs", async () => {
    const error = new InferenceError("device-lost", "The GPU was taken away from this page.");
    const stub = createStub(() => new Promise(() => undefined));
    const open = () => openWorkerEngine({ device: "wasm", startWorker: () => toWorker(async () => stub.engine) });
    const busy = await open();
    const run = busy.run(VARIANT, new Float32Array(1));
    const outcome = expect(run).rejects.toMatchObject({ tag: "device-lost" });
    await vi.waitFor(() => stub.lose(error));
    await outcome;
    const idle = await open();
    const heard = new Promise((resolve) => idle.onLost(resolve));
    stub.lose(error);
    expect(await heard).toMatchObject({ tag: "device-lost" });
  });

  it("that ends by itself fails what it was doing", async () => {
    const worker = toWorker(async () => createStub(() => new Promise(() => undefined)).engine);
    const engine = await openWorkerEngine({ device: "wasm", startWorker: () => worker });
    const run = engine.run(VARIANT, new Float32Array(1));
    const outcome = expect(run).rejects.toMatchObject({ tag: "crashed" });
    await Promise.resolve();
    setTimeout(() => worker.onerror?.({ message: "unreachable" } as ErrorEvent));
    await outcome;
  });

  it("is not opened where the device is not offered", async () => {
    const refuse = async () => {
      throw new InferenceError("unavailable", "The browser finds no GPU that it would let a page use.");
    };
    const worker = toWorker(refuse);
    await expect(openWorkerEngine({ device: "webgpu", startWorker: () => worker })).rejects.toMatchObject({
      tag: "unavailable",
    });
    expect(worker.terminated).toBe(true);
  });
});

describe("layouts of someone's own model", () => {
  it("are undone exactly", () => {
    const layouts = fc.constantFrom("bczyx", "bzyxc", "czyx", "cyxz", "bxyzc");
    fc.assert(
      fc.property(
        layouts,
        fc.tuple(
          fc.integer({ min: 1, max: 3 }),
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 4 }),
        ),
        (layout, [channels, ...spatial]) => {
          const data = Float32Array.from({ length: channels * spatial.reduce((a, b) => a * b, 1) }, (_, i) => i);
          const shape = toTensorShape(layout, channels, spatial);
          const there = fromPlainOrder(data.slice(), channels, spatial, layout);
          const back = toPlainOrder(there, shape, layout);
          expect(back.shape).toEqual([channels, ...spatial]);
          expect(Array.from(back.data)).toEqual(Array.from(data));
        },
      ),
    );
  });

  it("put channels last where the model has them there", () => {
    const data = Float32Array.of(1, 2, 10, 20);
    expect(Array.from(fromPlainOrder(data, 2, [1, 2], "byxc"))).toEqual([1, 10, 2, 20]);
  });

  it("that lack an axis of the data are refused", () => {
    expect(() => toTensorShape("bcyx", 1, [2, 3, 4])).toThrow(/axes "bcyx"/);
  });
});

describe("what the device tells of itself", () => {
  it("one thread where the page is not isolated, and why", () => {
    expect(FACTS).toMatchObject({ threads: 1, reason: expect.stringContaining("not isolated") });
    expect(toWasmFacts({ isolated: true, cores: 8, version: "1" })).toMatchObject({ threads: 8 });
    expect(toWasmFacts({ isolated: true, cores: 64, maxThreads: 4, version: "1" })).toMatchObject({ threads: 4 });
  });

  it("the largest tensor is the smaller of buffer and binding, and an emulated GPU is known as one", () => {
    const adapter = {
      names: ["google", "swiftshader", "", ""],
      software: false,
      halfPrecision: false,
      maxBufferSize: 2 ** 30,
      maxStorageBufferBindingSize: 2 ** 27,
    };
    expect(toGpuFacts(adapter, "1.30.0")).toMatchObject({ software: true, limits: { tensorBytes: 2 ** 27 } });
  });

  it.each([
    ["GPUDevice was lost", "device-lost"],
    ["A valid external Instance reference no longer exists.", "device-lost"],
    ["RangeError: Array buffer allocation failed", "out-of-memory"],
    ["std::bad_alloc", "out-of-memory"],
    ["23451234", "out-of-memory"],
    ["Could not find an implementation for ConvTranspose(11) node", "model"],
    ["[WebGPU] failed: NOT_IMPLEMENTED", "model"],
    ["RuntimeError: unreachable", "crashed"],
  ])("%s is %s", (message, tag) => {
    expect(toEngineError(new Error(message)).tag).toBe(tag);
  });
});
