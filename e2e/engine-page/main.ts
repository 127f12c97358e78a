// A page with nothing but inference on it, for tests that want the GPU and no volumes beside it.
import { geometryOfNetwork } from "#inference/block-geometry.ts";
import { gridOver } from "#inference/block-grid.ts";
import type { EngineDevice, GraphVariant } from "#inference/engine.ts";
import { openWorkerEngine } from "#inference/engine-worker.ts";
import type { Network } from "#inference/network.ts";
import { NOT_NORMALISED } from "#inference/normalise.ts";
import { openInference } from "#inference/session.ts";
import { toMemoryStore } from "#storage/memory-store.ts";
import { openArray } from "#storage/open-array.ts";

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

/** Runs one block several times on so many threads of the processor. */
async function runOnProcessor(
  network: Network,
  inputShape: readonly number[],
  input: readonly number[],
  { maxThreads, times }: { readonly maxThreads: number; readonly times: number },
) {
  const engine = await openWorkerEngine({ device: "wasm", maxThreads });
  await engine.load({ type: "network", network });
  const variant: GraphVariant = { inputShape, lowering: "conv3d", precision: "f32" };
  const milliseconds: number[] = [];
  let output: number[] = [];
  for (let i = 0; i < times; i++) {
    const ran = await engine.run(variant, Float32Array.from(input));
    milliseconds.push(ran.milliseconds);
    output = Array.from(ran.data);
  }
  engine.dispose();
  return { facts: engine.facts, output, milliseconds };
}

const SHAPE = [4, 48, 48];

/** A raw array in memory, one chunk. */
async function openRaw() {
  const values = Float32Array.from({ length: 4 * 48 * 48 }, (_, i) => Math.sin(i * 12.9898) / 2 + 0.5);
  const encode = (document: unknown) => ({ bytes: new TextEncoder().encode(JSON.stringify(document)) });
  const zarray = {
    zarr_format: 2,
    shape: SHAPE,
    chunks: SHAPE,
    dtype: "<f4",
    compressor: null,
    fill_value: 0,
    order: "C",
  };
  const zattrs = { axis_names: ["z", "y", "x"], offset: [0, 0, 0], voxel_size: [45, 9, 9], units: ["nm", "nm", "nm"] };
  const files = new Map([
    ["raw/.zarray", encode({ ...zarray, filters: null, dimension_separator: "/" })],
    ["raw/.zattrs", encode(zattrs)],
    ["raw/0/0/0", { bytes: new Uint8Array(values.buffer) }],
  ]);
  const raw = await openArray(toMemoryStore(files), "raw");
  if (raw === undefined) throw new Error("There is no raw array.");
  return raw;
}

type Told = { tiles: number; recoveries: string[] };
const told: Told = { tiles: 0, recoveries: [] };

/** Predicts all of a small array tile by tile, and tells how it fares. */
async function predict(network: Network, device: EngineDevice): Promise<number[]> {
  const raw = await openRaw();
  const geometry = geometryOfNetwork(network);
  const inference = await openInference({
    label: "inference",
    model: { type: "network", network },
    ...{ geometry, dimensions: network.dimensions, activated: network.evalActivation === "sigmoid" },
    source: { array: raw, normalisation: NOT_NORMALISED, edges: "zero", channels: 1 },
    grid: gridOver(raw, geometry),
    tiling: "seamless",
    device,
    openEngine: (wanted, signal) => openWorkerEngine({ device: wanted, ...(signal && { signal }) }),
    limits: { inputVoxels: 9000 },
  });
  inference.onEvent((event) => {
    if (event.type === "tile") told.tiles += 1;
    if (event.type === "recovery") told.recoveries.push(event.recovery.action);
  });
  const { data } = await inference.array.read([0, 0, 0, 0], inference.array.shape);
  inference.dispose();
  return Array.from(data, Number);
}

Object.assign(window, { runOnGpu, runOnProcessor, predict, told });
