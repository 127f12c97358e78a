import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTorchCheckpoint } from "./formats/torch-checkpoint.ts";
import { toHttpStore } from "./http-store.ts";
import { toMemoryStore } from "./memory-store.ts";
import type { KeptModel, ModelCache } from "./model-cache.ts";
import type { ByteRange, ReadOptions, Store } from "./store.ts";
import { LocalWeightsStore } from "./weights-store.ts";

const checkpoint = readFileSync("demo/vnc_affs/checkpoints/iterations/1000");
const PATH = "run/checkpoints/iterations/1000";

/** Notes what is asked of a store. */
function watch(store: Store): { readonly store: Store; readonly asked: ByteRange[] } {
  const asked: ByteRange[] = [];
  const readRange = (path: string, range: ByteRange, options?: ReadOptions) => {
    asked.push(range);
    return store.readRange(path, range, options);
  };
  const read = (path: string, options?: ReadOptions) => store.read(path, options);
  return { asked, store: { ...store, readRange, read, urlOf: (path) => store.urlOf(path) } as Store };
}

const memory = (bytes: Uint8Array) => toMemoryStore(new Map([[PATH, { bytes }]]));

describe("the model of a checkpoint", () => {
  test("comes in three requests, without the optimizer, and is what the whole file holds", async () => {
    const { store, asked } = watch(memory(checkpoint));
    const weights = new LocalWeightsStore(store);
    const progress: (readonly [number, number | undefined])[] = [];
    const model = await weights.retrieveModel("run", 1000, { onProgress: (...step) => progress.push(step) });
    if (model.status !== "found") throw new TypeError(model.status);
    expect(model.stateDict).toEqual(readTorchCheckpoint(checkpoint).stateDict);
    expect(asked.length).toBe(3);
    expect(model.fileBytes).toBe(checkpoint.length);
    expect(model.fetchedBytes).toBeLessThan(0.45 * checkpoint.length);
    expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1]);
  });

  test("is planned before it is fetched: the plan tells the bytes to come", async () => {
    const { store, asked } = watch(memory(checkpoint));
    const weights = new LocalWeightsStore(store);
    const plan = await weights.planModelRead("run", 1000);
    if (plan.status !== "planned") throw new TypeError(plan.status);
    expect(plan).toMatchObject({ way: "ranges", fileBytes: checkpoint.length });
    const planned = asked.length;
    const model = await weights.readModel(plan);
    expect(asked.length).toBe(planned + 1);
    expect(model).toMatchObject({ status: "found", fetchedBytes: plan.planBytes + (plan.bytes ?? 0) });
    expect(plan.modelBytes).toBeGreaterThan(0.25 * checkpoint.length);
  });

  test("that was fetched before is not fetched again while the file is the same", async () => {
    const files = new Map([[PATH, { bytes: checkpoint as Uint8Array }]]);
    const { store, asked } = watch(toMemoryStore(files));
    const weights = new LocalWeightsStore(store);
    const kept = new Map<string, KeptModel>();
    const cache: ModelCache = {
      get: async (url) => kept.get(url),
      put: async (url, model) => void kept.set(url, model),
    };
    const read = async () => {
      const plan = await weights.planModelRead("run", 1000, { cache });
      if (plan.status !== "planned") throw new TypeError(plan.status);
      const model = await weights.readModel(plan);
      if (model.status !== "found") throw new TypeError(model.status);
      return { plan, model };
    };
    const first = await read();
    expect(kept.size).toBe(1);
    asked.length = 0;
    const again = await read();
    expect(asked).toEqual([{ offset: 0, length: 1 }]);
    expect(again.plan).toMatchObject({ bytes: 0, planBytes: 0 });
    expect(again.model).toMatchObject({ fetchedBytes: 0, fileBytes: checkpoint.length });
    expect(again.model.stateDict).toEqual(first.model.stateDict);
    files.set(PATH, { bytes: Uint8Array.from(checkpoint) });
    expect((await read()).model.fetchedBytes).toBe(first.model.fetchedBytes);
  });

  test("that is not there is absent, one still being written incomplete", async () => {
    expect(await new LocalWeightsStore(toMemoryStore(new Map())).retrieveModel("run", 1000)).toEqual({
      status: "absent",
    });
    for (const length of [0, 100, 20_000, checkpoint.length - 1]) {
      const weights = new LocalWeightsStore(memory(checkpoint.subarray(0, length)));
      expect(await weights.retrieveModel("run", 1000), String(length)).toEqual({ status: "incomplete" });
    }
  });

  test("in a file that is no checkpoint is refused with a sentence", async () => {
    const old = readFileSync("src/inference/fixtures/networks/before_1.6.checkpoint");
    await expect(new LocalWeightsStore(memory(old)).retrieveModel("run", 1000)).rejects.toThrow("before release 1.6");
    const text = new TextEncoder().encode("not a checkpoint");
    await expect(new LocalWeightsStore(memory(text)).planModelRead("run", 1000)).rejects.toThrow("no PyTorch file");
  });

  test("that changes between two requests is not mixed", async () => {
    const files = new Map([[PATH, { bytes: checkpoint as Uint8Array }]]);
    const weights = new LocalWeightsStore(toMemoryStore(files));
    const plan = await weights.planModelRead("run", 1000);
    files.set(PATH, { bytes: Uint8Array.from(checkpoint) });
    if (plan.status !== "planned") throw new TypeError(plan.status);
    await expect(weights.readModel(plan)).rejects.toThrow("changed while it was being read");
  });

  test("is not fetched further once its signal is aborted", async () => {
    const weights = new LocalWeightsStore(memory(checkpoint));
    const aborted = AbortSignal.abort();
    await expect(weights.retrieveModel("run", 1000, { signal: aborted })).rejects.toThrow("aborted");
  });
});

describe("over a server that ignores ranges", () => {
  const sent: number[] = [];
  const server = createServer((request, response) => {
    response.writeHead(200, { "Content-Length": checkpoint.length, ETag: '"1"' });
    response.end(request.method === "HEAD" ? undefined : checkpoint);
    sent.push(checkpoint.length);
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test("the cost of the whole file is told before, and the model is the same", async () => {
    const { port } = server.address() as AddressInfo;
    const weights = new LocalWeightsStore(toHttpStore(`http://127.0.0.1:${port}/`));
    const plan = await weights.planModelRead("run", 1000);
    if (plan.status !== "planned") throw new TypeError(plan.status);
    expect(plan).toMatchObject({ way: "whole", bytes: checkpoint.length, modelBytes: undefined });
    expect(sent.length).toBe(1);
    const model = await weights.readModel(plan);
    expect(model.status === "found" && model.stateDict).toEqual(readTorchCheckpoint(checkpoint).stateDict);
    expect(sent.length).toBe(2);
  });
});
