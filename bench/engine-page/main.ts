// A page with one engine and nothing else, whose work is timed and counted from outside.
import type { Engine, EngineFacts, GraphVariant } from "#inference/engine.ts";
import type { EngineOptions } from "#inference/engine-messages.ts";
import { openRuntimeEngine } from "#inference/engine-runtime.ts";
import { openWorkerEngine } from "#inference/engine-worker.ts";
import type { Network } from "#inference/network.ts";
import { type GpuCounts, watchGpu } from "./watch-gpu.ts";
import { watchMemory } from "./watch-memory.ts";

const memoryBytes = watchMemory();
const countGpu = watchGpu();

let engine: Engine | undefined;
let output: Float32Array = new Float32Array();

function opened(): Engine {
  if (engine === undefined) throw new Error("No engine is open.");
  return engine;
}

const enginePage = {
  /** `here`: on the page's own thread, where its memory and its GPU can be watched, instead of in a worker as in the viewer. */
  async open(options: EngineOptions, network: Network, here: boolean): Promise<EngineFacts> {
    engine = await (here ? openRuntimeEngine(options) : openWorkerEngine(options));
    await engine.load({ type: "network", network });
    return engine.facts;
  },
  prepare: (variant: GraphVariant): Promise<number> => opened().prepare(variant),
  /** @returns milliseconds of the run alone. */
  async run(variant: GraphVariant, input: readonly number[]): Promise<number> {
    const { data, milliseconds } = await opened().run(variant, Float32Array.from(input));
    output = data;
    return milliseconds;
  },
  /** Of the last run. */
  output: async (): Promise<number[]> => Array.from(output),
  memoryBytes: async (): Promise<number> => memoryBytes(),
  /** What was asked of the GPU since the last call. */
  gpuCounts: async (): Promise<GpuCounts> => countGpu(),
  async close(): Promise<void> {
    engine?.dispose();
    engine = undefined;
  },
};

export type EnginePage = typeof enginePage;

Object.assign(window, { enginePage });
