import { describe, expect, it } from "vitest";
import { geometryOfNetwork } from "./block-geometry.ts";
import type { GraphVariant } from "./engine.ts";
import { loadNetwork } from "./fixtures/run-graph.ts";
import { lowerings } from "./to-onnx.ts";

/** Watches how far WASM memories grow that are made from now on; the runtime must not have been imported before. */
function watchMemory(): () => number {
  const memories: WebAssembly.Memory[] = [];
  class Watched extends WebAssembly.Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  }
  Object.assign(WebAssembly, { Memory: Watched });
  return () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

describe("the memory of a block", () => {
  it("stays below what the plan reckons with, in every lowering", { timeout: 120_000 }, async () => {
    const used = watchMemory();
    const { createNodeEngine } = await import("./fixtures/node-engine.ts");
    const engine = createNodeEngine();
    const network = loadNetwork("demo", "vnc_mito_distance", 500);
    const geometry = geometryOfNetwork(network);
    await engine.load({ type: "network", network });
    const run = async (inputShape: readonly number[], lowering: GraphVariant["lowering"]) => {
      const variant = { inputShape, lowering, precision: "f32" as const };
      await engine.run(variant, new Float32Array(inputShape.reduce((a, b) => a * b, 1)));
    };
    await run([4, 16, 16], "conv3d");
    const before = used();
    expect(before).toBeGreaterThan(2 ** 20);
    for (const lowering of lowerings) {
      const inputShape = [16, 160, 160];
      await run(inputShape, lowering);
      const grown = used() - before;
      const { peakBytes } = geometry.costOf(inputShape);
      console.info(`${lowering}: ${Math.round(grown / 2 ** 20)} MiB of ${Math.round(peakBytes / 2 ** 20)} planned`);
      expect(grown).toBeLessThanOrEqual(peakBytes);
    }
    engine.dispose();
  });
});
