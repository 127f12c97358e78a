// A page with nothing but the engine on it, for tests that want the GPU and no volumes beside it.
import type { GraphVariant } from "#inference/engine.ts";
import { openWorkerEngine } from "#inference/engine-worker.ts";
import type { Network } from "#inference/network.ts";

async function runOnGpu(network: Network, variants: readonly GraphVariant[], input: readonly number[]) {
  const engine = await openWorkerEngine({ device: "webgpu" });
  await engine.load({ type: "network", network });
  const outputs: number[][] = [];
  for (const variant of variants) {
    const { data } = await engine.run(variant, Float32Array.from(input));
    outputs.push(Array.from(data));
  }
  engine.dispose();
  return { facts: engine.facts, outputs };
}

Object.assign(window, { runOnGpu });
