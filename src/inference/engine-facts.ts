import type { EngineFacts } from "./engine.ts";

/** Bytes that a GPU may use unless its owner says otherwise: it does not tell how much it has, and the screen needs some. */
export const GPU_MEMORY_BYTES = 2 ** 30;

/** For the tensors of a block: a page that grows further is ended by some browsers. */
export const WASM_MEMORY_BYTES = 1.5 * 2 ** 30;

/** What 32-bit WASM can address is 4 GiB; the runtime itself and gaps take some. */
export const WASM_ADDRESS_BYTES = 3.5 * 2 ** 30;

/** What WebGPU promises of every device. */
const LEAST_BINDING_BYTES = 128 * 2 ** 20;

/** More threads than this gain nothing on blocks that a page computes, and each costs memory. */
const MAX_THREADS = 16;

export type GpuAdapterFacts = {
  /** Vendor, architecture, device, description: any may be empty. */
  readonly names: readonly string[];
  readonly software: boolean;
  readonly halfPrecision: boolean;
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
};

export function toGpuFacts(adapter: GpuAdapterFacts, version: string): EngineFacts {
  const name = [...new Set(adapter.names.filter((part) => part !== ""))].join(" ") || "unnamed";
  const software = adapter.software || /swiftshader|llvmpipe|software/i.test(name);
  const tensorBytes = Math.min(adapter.maxBufferSize, adapter.maxStorageBufferBindingSize) || LEAST_BINDING_BYTES;
  return {
    device: "webgpu",
    threads: 1,
    fingerprint: `webgpu/${name}/ort-${version}`,
    software,
    halfPrecision: adapter.halfPrecision,
    limits: { memoryBytes: GPU_MEMORY_BYTES, tensorBytes },
    reason: software
      ? `The GPU is emulated in software (${name}), which is slow: only tiny blocks make sense.`
      : `On the GPU (${name}).`,
  };
}

export type WasmEnvironment = {
  /** Threads share memory only in a page that is isolated from others. */
  readonly isolated: boolean;
  readonly cores: number;
  readonly maxThreads?: number | undefined;
  readonly version: string;
};

export function toWasmFacts({ isolated, cores, maxThreads, version }: WasmEnvironment): EngineFacts {
  const threads = isolated ? Math.max(1, Math.min(cores, maxThreads ?? MAX_THREADS, MAX_THREADS)) : 1;
  return {
    device: "wasm",
    threads,
    fingerprint: `wasm/${threads}/ort-${version}`,
    software: false,
    halfPrecision: false,
    limits: { memoryBytes: WASM_MEMORY_BYTES, tensorBytes: WASM_MEMORY_BYTES / 2 },
    reason: toReason(isolated, threads),
  };
}

function toReason(isolated: boolean, threads: number): string {
  if (!isolated) {
    return "On one thread of the processor: this page is not isolated from others, so threads may not share memory (its server sends no COOP and COEP headers, or it lies in a page without them).";
  }
  return threads === 1 ? "On one thread of the processor." : `On ${threads} threads of the processor.`;
}
