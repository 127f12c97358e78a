import type { Coordinate } from "#dacapo/coordinate.ts";
import type { ValueSummary } from "./block-check.ts";
import type { InferenceError } from "./inference-error.ts";
import type { Network } from "./network.ts";
import type { Lowering } from "./to-onnx.ts";

export type EngineDevice = "webgpu" | "wasm";

export type EngineLimits = {
  /** Of all tensors of a run together. */
  readonly memoryBytes: number;
  /** Of one tensor. */
  readonly tensorBytes: number;
};

/** What runs the network, and why that. */
export type EngineFacts = {
  readonly device: EngineDevice;
  /** Threads of the processor; 1 for a GPU. */
  readonly threads: number;
  /** Names the device so that what was measured on it can be remembered: adapter or thread count, and the runtime's version. */
  readonly fingerprint: string;
  /** A GPU in software: correct, and too slow for anything but tiny blocks. */
  readonly software: boolean;
  /** The device computes with half precision. */
  readonly halfPrecision: boolean;
  readonly limits: EngineLimits;
  /** A sentence for people. */
  readonly reason: string;
};

/** An ONNX model of someone's own; the layouts name its axes with the letters b, c, z, y, x ("bczyx", "bzyxc", "cyx"). */
export type OnnxModel = {
  readonly type: "onnx";
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly input: { readonly name: string; readonly layout: string };
  readonly output: { readonly name: string; readonly layout: string };
  readonly inputChannels: number;
  /** Nodes that the GPU would refuse and the processor takes. */
  readonly cpuNodes?: readonly string[];
};

export type NetworkModel = { readonly type: "network"; readonly network: Network };

/** Both survive the way to another thread. */
export type EngineModel = NetworkModel | OnnxModel;

/** One static graph of a model. An ONNX model is its own graph: only the shape matters then. */
export type GraphVariant = {
  /** Spatial voxels. */
  readonly inputShape: Coordinate;
  readonly lowering: Lowering;
  readonly precision: "f32" | "f16";
};

export type EngineOutput = {
  /** [channel, ...spatial axes] in C order, owned by the caller. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: readonly number[];
  /** Of the run alone. */
  readonly milliseconds: number;
  /** Of the values that went in and came out. */
  readonly seen: { readonly input: ValueSummary; readonly output: ValueSummary };
};

/**
 * Runs one model, the same in the page, in a worker and in Node. Runs are serialised: one that is asked for waits for those before.
 * Everything throws InferenceError. After "device-lost", "out-of-memory", "hang" or "crashed" the engine is of no further use.
 */
export interface Engine {
  readonly facts: EngineFacts;
  /** Takes the place of the model before. */
  load(model: EngineModel, signal?: AbortSignal): Promise<void>;
  /** Makes the session of one graph ahead of its first run; a run does so by itself. Resolves with the milliseconds it took. */
  prepare(variant: GraphVariant, signal?: AbortSignal): Promise<number>;
  /**
   * `input` is [channel, ...spatial axes] in C order and is taken from the caller, who finds it empty. A run that has begun cannot be
   * stopped: its caller is let go at once, its result is thrown away.
   */
  run(variant: GraphVariant, input: Float32Array<ArrayBuffer>, signal?: AbortSignal): Promise<EngineOutput>;
  /** The device is gone, whether or not something was running. */
  onLost(listener: (error: InferenceError) => void): () => void;
  dispose(): void;
}

export function toVariantKey({ inputShape, lowering, precision }: GraphVariant): string {
  return `${inputShape.join("x")}/${lowering}/${precision}`;
}
