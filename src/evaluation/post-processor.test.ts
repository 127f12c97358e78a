import { describe, expect, it } from "vitest";
import { EvaluationError } from "./errors.ts";
import type { ScoringWorker } from "./order-resolver.ts";
import type { Recipe } from "./post-processing.ts";
import { checkSize, createPostProcessing, type PostProcessing } from "./post-processing.ts";
import type { PostProcessingRequest, PostProcessingResponse } from "./post-processing.worker.ts";
import { createPostProcessor } from "./post-processor.ts";

const prediction = () => ({
  data: Float32Array.of(0.9, 0.2, 0.9, 0),
  shape: [1, 4],
  offset: [0],
  voxelSize: [1],
});
const watershed: Recipe = { kind: "watershed", bias: 0.5, offsets: [[1]] };

/** Answers as the worker would, after the hand-over that a thread boundary means; `silent` never does. */
class InlineWorker extends EventTarget implements ScoringWorker {
  terminated = false;
  readonly #silent: boolean;
  #processing: PostProcessing | undefined;

  constructor(silent = false) {
    super();
    this.#silent = silent;
  }

  postMessage(request: PostProcessingRequest, transfer: Transferable[] | StructuredSerializeOptions = []): void {
    const received = structuredClone(request, Array.isArray(transfer) ? { transfer } : transfer);
    if ("prediction" in received) this.#processing = createPostProcessing(received.prediction);
    else if (!this.#silent) queueMicrotask(() => this.#answer(received.recipe));
  }

  #answer(recipe: Recipe): void {
    this.say({ type: "progress", part: 0.5 });
    try {
      const output = this.#processing?.toOutput(recipe);
      if (output) this.say({ type: "output", output });
    } catch (error) {
      if (error instanceof EvaluationError) this.say({ type: "error", ...error, message: error.message });
    }
  }

  say(data: PostProcessingResponse): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  terminate(): void {
    this.terminated = true;
  }
}

describe("post-processing in a worker", () => {
  it("makes one output after another of a prediction that it takes over, and tells how far it is", async () => {
    const brought = prediction();
    const processor = createPostProcessor(brought, () => new InlineWorker());
    expect(brought.data.length).toBe(0);
    const parts: number[] = [];
    const labels = await processor.toOutput(watershed, (part) => parts.push(part));
    expect([labels.shape, parts]).toEqual([[4], [0.5]]);
    expect(labels.data[0]).toBe(labels.data[1]);
    const mask = await processor.toOutput({ kind: "threshold", threshold: 0.5 });
    expect(mask).toMatchObject({ shape: [1, 4], data: Uint8Array.of(1, 0, 1, 0) });
    const classes = await processor.toOutput({ kind: "argmax" });
    expect(classes).toMatchObject({ shape: [4], data: new Uint8Array(4) });
  });

  it("hands on why an output cannot be made", async () => {
    const processor = createPostProcessor(prediction(), () => new InlineWorker());
    const wanted = processor.toOutput({ ...watershed, offsets: [[1], [2]] });
    await expect(wanted).rejects.toThrow(/needs a channel for each/);
    await expect(wanted).rejects.toBeInstanceOf(EvaluationError);
  });

  it("ends with the worker: what is waited for rejects, and so does what is asked later", async () => {
    const worker = new InlineWorker(true);
    const processor = createPostProcessor(prediction(), () => worker);
    const wanted = processor.toOutput(watershed);
    processor.dispose();
    await expect(wanted).rejects.toMatchObject({ name: "AbortError" });
    await expect(processor.toOutput(watershed)).rejects.toMatchObject({ name: "AbortError" });
    expect(worker.terminated).toBe(true);
  });

  it("refuses by its size alone what a browser's memory cannot hold", () => {
    const place = { shape: [1, 2 ** 10, 2 ** 10, 2 ** 7], voxelSize: [1, 1, 1] };
    expect(() => checkSize({ ...watershed, offsets: [[1, 0, 0]] }, place)).toThrow(/too large for a browser/);
    expect(() => checkSize({ kind: "threshold", threshold: 0 }, place)).not.toThrow();
  });
});
