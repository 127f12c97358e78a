import asyncifyScript from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import asyncifyWasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import plainScript from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import plainWasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import type { Engine } from "./engine.ts";
import { type GpuAdapterFacts, toGpuFacts, toWasmFacts } from "./engine-facts.ts";
import type { EngineOptions } from "./engine-messages.ts";
import { createOrtEngine } from "./engine-ort.ts";
import { InferenceError } from "./inference-error.ts";
import { toOnnx } from "./to-onnx.ts";

// The door to onnxruntime-web, inside a worker. Its default build is never taken: its grouped and half-precision convolutions in
// three dimensions are silently wrong on the GPU. Each device has the build and the WASM binary that it needs, and no other is fetched.

/** Opens an engine on the calling thread. Throws InferenceError "unavailable" where the device is not offered. */
export function openRuntimeEngine(options: EngineOptions): Promise<Engine> {
  return options.device === "webgpu" ? openGpuEngine() : openWasmEngine(options.maxThreads);
}

async function openGpuEngine(): Promise<Engine> {
  const adapter = await requestAdapter();
  const ort = await import("onnxruntime-web/webgpu");
  ort.env.wasm.wasmPaths = { wasm: toAbsolute(asyncifyWasm), mjs: toAbsolute(asyncifyScript) };
  ort.env.wasm.numThreads = 1;
  const whenLost = async () => {
    const device = await ort.env.webgpu.device;
    return (await device.lost).message;
  };
  return createOrtEngine({ ort, facts: toGpuFacts(adapter, version(ort)), buildGraph: toOnnx, whenLost });
}

async function openWasmEngine(maxThreads: number | undefined): Promise<Engine> {
  const ort = await import("onnxruntime-web/wasm");
  const cores = navigator.hardwareConcurrency;
  const facts = toWasmFacts({ isolated: crossOriginIsolated, cores, maxThreads, version: version(ort) });
  ort.env.wasm.wasmPaths = { wasm: toAbsolute(plainWasm), mjs: toAbsolute(plainScript) };
  ort.env.wasm.numThreads = facts.threads;
  return createOrtEngine({ ort, facts, buildGraph: toOnnx });
}

function version({ env }: { readonly env: { readonly versions: { readonly web?: string } } }): string {
  return env.versions.web ?? "unknown";
}

function toAbsolute(url: string): string {
  return new URL(url, location.href).href;
}

async function requestAdapter(): Promise<GpuAdapterFacts> {
  const { gpu } = navigator as { readonly gpu?: GPU };
  if (gpu === undefined) {
    const where = isSecureContext ? "this browser does not offer WebGPU" : "a page needs https for it";
    throw new InferenceError("unavailable", `The GPU cannot be used: ${where}.`);
  }
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null)
    throw new InferenceError("unavailable", "The browser finds no GPU that it would let a page use.");
  const { vendor, architecture, device, description } = adapter.info;
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return {
    names: [vendor, architecture, device, description],
    software: adapter.info.isFallbackAdapter,
    halfPrecision: adapter.features.has("shader-f16"),
    maxBufferSize,
    maxStorageBufferBindingSize,
  };
}
