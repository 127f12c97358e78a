import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Coordinate, divide, minimum, product, subtract } from "#dacapo/coordinate.ts";
import { evalContext } from "#dacapo/model.ts";
import { toMemoryStore } from "#storage/memory-store.ts";
import { openArray, type RunArray } from "#storage/open-array.ts";
import { type Array5, loadNetwork, maxDifference, runGraph } from "./fixtures/run-graph.ts";
import { toOnnx } from "./to-onnx.ts";

const DEMO = "demo";

async function open(...path: readonly string[]): Promise<RunArray> {
  const folder = join(DEMO, ...path);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name));
  const store = toMemoryStore(new Map(files.map((f) => [f.slice(folder.length + 1), { bytes: readFileSync(f) }])));
  const array = await openArray(store, "");
  if (array === undefined) throw new TypeError(`${folder} is no array`);
  return array;
}

/** Voxels `begin` to `begin + shape` of a raw array, zeros outside it, as DaCapo reads its blocks. */
async function readPadded(raw: RunArray, begin: Coordinate, shape: Coordinate): Promise<Array5> {
  const { data, shape: size } = await raw.read([0, 0, 0], raw.shape);
  const values = new Float32Array(product(shape));
  const [sz = 0, sy = 0, sx = 0] = size;
  const [bz = 0, by = 0, bx = 0] = begin;
  const [nz = 0, ny = 0, nx = 0] = shape;
  for (let z = Math.max(0, -bz); z < Math.min(nz, sz - bz); z++)
    for (let y = Math.max(0, -by); y < Math.min(ny, sy - by); y++)
      for (let x = Math.max(0, -bx); x < Math.min(nx, sx - bx); x++)
        values[(z * ny + y) * nx + x] = Number(data[((z + bz) * sy + y + by) * sx + x + bx]);
  return { shape: [1, 1, ...shape], data: values };
}

/** The first `shape` voxels of every channel. */
function cut({ shape: [, channels = 0, nz = 0, ny = 0, nx = 0], data }: Array5, [z = 0, y = 0, x = 0]: Coordinate) {
  const values = new Float32Array(channels * z * y * x);
  for (let at = 0, to = 0; at < channels * nz * ny; at++)
    if (at % ny < y && Math.floor(at / ny) % nz < z) {
      values.set(data.subarray(at * nx, at * nx + x), to);
      to += x;
    }
  return values;
}

describe("what a demo run stored as its prediction is computed again from its checkpoint", () => {
  test.each([
    ["vnc_affs", 200, "vnc_crop_a"],
    ["vnc_affs", 1000, "vnc_crop_b"],
    ["vnc_mito_distance", 250, "vnc_crop_a"],
    ["vnc_mito_distance", 1250, "vnc_crop_b"],
  ])("%s, %d, %s", { timeout: 60_000 }, async (run, iteration, dataset) => {
    const network = loadNetwork(DEMO, run, iteration);
    const raw = await open(run, "validation.zarr/inputs", dataset, "raw");
    const stored = await open(run, "validation.zarr", String(iteration), dataset, "prediction");
    const { voxelSize, offset } = stored.metadata;
    const context = evalContext(network.shapes, voxelSize);
    const begin = divide(subtract(subtract(offset, context), raw.metadata.offset), voxelSize);
    const { evalInputShape, evalOutputShape } = network.shapes;
    const block = await readPadded(raw, begin, evalInputShape);
    const prediction = await runGraph(toOnnx(network, { inputShape: evalInputShape }), block);
    const shape = minimum(evalOutputShape, stored.shape.slice(1));
    const expected = await stored.read([0, 0, 0, 0], [network.channels.length, ...shape]);
    expect(shape.every((length) => length > 4)).toBe(true);
    expect(maxDifference(cut(prediction, shape), Float32Array.from(expected.data as Float32Array))).toBeLessThan(1e-5);
  });
});
