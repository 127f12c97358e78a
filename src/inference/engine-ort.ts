import type { InferenceSession, Tensor } from "onnxruntime-web";
import { summarise } from "./block-check.ts";
import {
  type Engine,
  type EngineFacts,
  type EngineModel,
  type EngineOutput,
  type GraphVariant,
  toVariantKey,
} from "./engine.ts";
import { toEngineError } from "./engine-failure.ts";
import { fromPlainOrder, plainLayout, toPlainOrder, toTensorShape } from "./engine-layout.ts";
import { InferenceError } from "./inference-error.ts";
import type { Network } from "./network.ts";
import type { OnnxOptions } from "./to-onnx.ts";

/** The part of onnxruntime-web that is used; its builds for the GPU, for the processor and for Node all have it. */
export type OrtRuntime = {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => Tensor;
};

export type OrtEngineRequest = {
  readonly ort: OrtRuntime;
  readonly facts: EngineFacts;
  readonly buildGraph: (network: Network, options: OnnxOptions) => Uint8Array;
  /** Resolves when the device is gone; asked for once the first session is there. */
  readonly whenLost?: () => Promise<string>;
};

/** Block shapes change when memory runs short or another device is tried: the last two graphs are kept. */
const MAX_SESSIONS = 2;

/** Runs ONNX on the calling thread. */
export function createOrtEngine(request: OrtEngineRequest): Engine {
  return new OrtEngine(request);
}

class OrtEngine implements Engine {
  readonly facts: EngineFacts;
  readonly #request: OrtEngineRequest;
  readonly #listeners = new Set<(error: InferenceError) => void>();
  readonly #sessions = new Map<string, InferenceSession>();
  /** Of the model before: the runtime destroys the GPU device with the last session, so they stay until there is another. */
  readonly #stale: InferenceSession[] = [];
  #model: EngineModel | undefined;
  /** The end of the queue. Two runs at once on one session never settle. */
  #tail: Promise<unknown> = Promise.resolve();
  #watched = false;
  #disposed = false;

  constructor(request: OrtEngineRequest) {
    this.#request = request;
    this.facts = request.facts;
  }

  load(model: EngineModel, signal?: AbortSignal): Promise<void> {
    return this.#enqueue(signal, async () => {
      this.#stale.push(...this.#sessions.values());
      this.#sessions.clear();
      this.#model = model;
    });
  }

  prepare(variant: GraphVariant, signal?: AbortSignal): Promise<number> {
    return this.#enqueue(signal, async () => {
      const started = performance.now();
      await this.#sessionOf(variant);
      return performance.now() - started;
    });
  }

  run(variant: GraphVariant, input: Float32Array<ArrayBuffer>, signal?: AbortSignal): Promise<EngineOutput> {
    return this.#enqueue(signal, async () => {
      const session = await this.#sessionOf(variant);
      const seen = summarise(input);
      const [inputs, output] = [this.#toFeeds(variant, input), this.#output(variant)];
      const started = performance.now();
      const results = await session.run(inputs);
      const tensor = results[output.name];
      if (tensor === undefined) throw new InferenceError("model", `The model has no output "${output.name}".`);
      const found = await tensor.getData();
      const milliseconds = performance.now() - started;
      for (const result of Object.values(results)) result.dispose();
      const values = toPlainOrder(toFloats(found), tensor.dims, output.layout);
      return { ...values, milliseconds, seen: { input: seen, output: summarise(values.data) } };
    });
  }

  onLost(listener: (error: InferenceError) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
    this.#tail = this.#tail.then(() => this.#release(0)).catch(() => undefined); // nobody waits for a session to go
  }

  #enqueue<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(async () => {
      signal?.throwIfAborted();
      if (this.#disposed) throw new InferenceError("disposed", "Computing was ended with the view that asked for it.");
      try {
        return await work();
      } catch (cause) {
        throw toEngineError(cause);
      }
    });
    this.#tail = done.catch(() => undefined);
    return done;
  }

  async #sessionOf(variant: GraphVariant): Promise<InferenceSession> {
    const model = this.#loaded();
    const key = model.type === "onnx" ? "onnx" : toVariantKey(variant);
    const known = this.#sessions.get(key);
    if (known) return known;
    const bytes = model.type === "onnx" ? model.bytes : this.#request.buildGraph(model.network, variant);
    const session = await this.#create(bytes, model);
    this.#sessions.set(key, session);
    this.#watch();
    await this.#release(MAX_SESSIONS);
    return session;
  }

  async #create(bytes: Uint8Array, model: EngineModel): Promise<InferenceSession> {
    const cpuNodes = model.type === "onnx" ? model.cpuNodes : undefined;
    // With channels last, 2-D convolutions of 3n input channels (4 no divisor) to 4m outputs are wrong: measured in 1.30.0.
    const gpu = { name: "webgpu", preferredLayout: "NCHW", ...(cpuNodes && { forceCpuNodeNames: cpuNodes }) };
    const isGpu = this.facts.device === "webgpu";
    const options: InferenceSession.SessionOptions = {
      executionProviders: isGpu ? [gpu] : ["wasm"],
      graphOptimizationLevel: "all",
      logSeverityLevel: 3, // errors: constants that were folded away are no news
      // our own graphs run on the GPU whole or are refused: nothing moves to the processor in silence
      ...(isGpu && model.type === "network" && { extra: { session: { disable_cpu_ep_fallback: "1" } } }),
    };
    try {
      return await this.#request.ort.InferenceSession.create(bytes, options);
    } catch (cause) {
      throw toEngineError(cause, "model");
    }
  }

  #watch(): void {
    if (this.#watched || this.#request.whenLost === undefined) return;
    this.#watched = true;
    void this.#request.whenLost().then((reason) => {
      if (this.#disposed) return;
      const error = toEngineError(new Error(`device lost: ${reason}`));
      for (const listener of this.#listeners) listener(error);
    });
  }

  #loaded(): EngineModel {
    if (this.#model === undefined) throw new InferenceError("model", "No model has been loaded.");
    return this.#model;
  }

  #toFeeds(variant: GraphVariant, input: Float32Array<ArrayBuffer>): Record<string, Tensor> {
    const model = this.#loaded();
    const { name, layout } =
      model.type === "onnx" ? model.input : { name: "raw", layout: plainLayout(variant.inputShape.length) };
    const channels = model.type === "onnx" ? model.inputChannels : model.network.inputChannels;
    const data = fromPlainOrder(input, channels, variant.inputShape, layout);
    const shape = toTensorShape(layout, channels, variant.inputShape);
    return { [name]: new this.#request.ort.Tensor("float32", data, shape) };
  }

  #output(variant: GraphVariant): { readonly name: string; readonly layout: string } {
    const model = this.#loaded();
    if (model.type === "onnx") return model.output;
    return { name: "prediction", layout: plainLayout(variant.inputShape.length) };
  }

  async #release(keep: number): Promise<void> {
    for (const [key, session] of [...this.#sessions].slice(0, Math.max(0, this.#sessions.size - keep))) {
      this.#sessions.delete(key);
      this.#stale.push(session);
    }
    for (const session of this.#stale.splice(0)) await session.release();
  }
}

function toFloats(data: Tensor.DataType): Float32Array<ArrayBuffer> {
  if (data instanceof Float32Array && data.buffer instanceof ArrayBuffer) {
    return new Float32Array(data.buffer, data.byteOffset, data.length);
  }
  if (ArrayBuffer.isView(data)) return Float32Array.from(data as Float64Array, Number);
  throw new InferenceError("model", "The model gives text instead of numbers.");
}
