import { describe, expect, it } from "vitest";
import type { InferenceState } from "./app-state.ts";
import { readJob, toJob, writeJob } from "./inference-job.ts";
import type { KeyValue } from "./recents.ts";

function createStorage(first: string | null = null): KeyValue {
  let text = first;
  return {
    getItem: () => text,
    setItem: (_, value) => {
      text = value;
    },
  };
}

const inference: InferenceState = {
  ...{ run: "https://example.org/run", iteration: 800, dataset: "vnc_crop_a", device: "wasm", generation: 1 },
  ...{ status: "running", blocksDone: 0, blocksQueued: 0, settings: { edges: "reflect" } },
};

describe("what an earlier visit began to compute", () => {
  it("is gone on with as it was asked for", () => {
    const storage = createStorage();
    writeJob(storage, toJob(inference, 3, 40));
    expect(readJob(storage)).toEqual({
      ...{ run: "https://example.org/run", iteration: 800, dataset: "vnc_crop_a", device: "wasm" },
      ...{ settings: { edges: "reflect" }, done: 3, total: 40 },
    });
    writeJob(storage, undefined);
    expect(readJob(storage)).toBeUndefined();
  });

  it("is none where what was kept is damaged or refused", () => {
    expect(readJob(createStorage('{"run":1}'))).toBeUndefined();
    expect(readJob(createStorage("{"))).toBeUndefined();
    expect(readJob(undefined)).toBeUndefined();
  });

  it("is none for a model or an array that the next visit does not have", () => {
    const own = { id: "1", name: "model.onnx", address: "model.onnx" };
    expect(toJob({ ...inference, ownModel: own }, 0, 1)).toBeUndefined();
    expect(toJob({ ...inference, ownRaw: own }, 0, 1)).toBeUndefined();
  });
});
