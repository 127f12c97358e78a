import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { CNNectomeUNetConfig } from "#dacapo/architecture.ts";
import { toArchitectureConfig } from "#dacapo/architecture.ts";
import { product } from "#dacapo/coordinate.ts";
import { openArray, type RunArray } from "#storage/open-array.ts";
import { geometryOfNetwork } from "./block-geometry.ts";
import { gridOfPrediction, type OutputGrid } from "./block-grid.ts";
import { type BlockPlan, planBlocks } from "./block-plan.ts";
import { type BlockRunner, predictRegion } from "./block-run.ts";
import { type BlockLimits, leastSize, type Tiling, wholeSize } from "./block-size.ts";
import { createNodeEngine } from "./fixtures/node-engine.ts";
import { openFolder, toFormulaArray } from "./fixtures/node-store.ts";
import { randomNetwork } from "./fixtures/random-network.ts";
import { loadNetwork, maxDifference } from "./fixtures/run-graph.ts";
import type { Network } from "./network.ts";
import { NOT_NORMALISED } from "./normalise.ts";

const engine = createNodeEngine();
afterAll(() => engine.dispose());

const NO_LIMITS: BlockLimits = { memoryBytes: 2 ** 50, tensorBytes: 2 ** 50, inputVoxels: 2 ** 50 };

type Setting = {
  readonly network: Network;
  readonly array: RunArray;
  readonly grid: OutputGrid;
  readonly tiling: Tiling;
  readonly limits?: BlockLimits;
};

function toRunner({ network, array, grid, tiling, limits = NO_LIMITS }: Setting): BlockRunner {
  const planned = planBlocks({ geometry: geometryOfNetwork(network), grid, limits, tiling });
  if (!planned.ok) throw new Error(planned.problem);
  return {
    plan: planned.plan,
    source: { array, normalisation: NOT_NORMALISED, edges: "zero", channels: network.inputChannels },
    engine,
    variant: { lowering: "conv3d", precision: "f32" },
    dimensions: network.dimensions,
    activated: network.evalActivation !== undefined,
  };
}

/** One block over everything: by definition without a seam. */
function asWhole(plan: BlockPlan): BlockPlan {
  const size = wholeSize(plan.geometry, plan.grid.shape);
  return { ...plan, size, tiling: "seamless" };
}

const BASE = {
  __type__: "CNNectomeUNetConfig",
  name: "small",
  _input_shape: [20, 20, 20],
  fmaps_in: 1,
  fmaps_out: 3,
  num_fmaps: 2,
  fmap_inc_factor: 2,
  downsample_factors: [[2, 2, 2]],
  constant_upsample: true,
  padding: "valid",
};

const CASES: readonly (readonly [string, Record<string, unknown>, number])[] = [
  ["unpadded, one level", {}, 1],
  ["unpadded, with a head that shortens the output", {}, 3],
  [
    "unpadded, two levels of unequal factors, transposed",
    {
      _input_shape: [34, 64, 26],
      downsample_factors: [
        [2, 3, 1],
        [1, 2, 2],
      ],
      constant_upsample: false,
    },
    1,
  ],
  ["padded, one level", { padding: "same" }, 1],
  [
    "padded, two levels, transposed",
    {
      _input_shape: [24, 24, 16],
      padding: "same",
      downsample_factors: [
        [2, 2, 2],
        [1, 3, 2],
      ],
      constant_upsample: false,
    },
    1,
  ],
  [
    "padded, three levels, whose output is cropped",
    {
      _input_shape: [32, 32, 32],
      padding: "same",
      downsample_factors: [
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 2],
      ],
      kernel_size_down: [[[3, 3, 3]], [[3, 1, 3]], [[1, 3, 1]], [[1, 1, 1]]],
      kernel_size_up: [[[3, 3, 3]], [[1, 3, 3]], [[1, 1, 3]]],
    },
    1,
  ],
  [
    "padded, with kernels of unequal sizes",
    {
      padding: "same",
      kernel_size_down: [
        [
          [1, 3, 3],
          [3, 3, 3],
        ],
        [[1, 3, 5]],
      ],
      kernel_size_up: [[[1, 3, 3]]],
    },
    1,
  ],
  ["unpadded, refining its input twice", { _input_shape: [24, 24, 24], upsample_factors: [[2, 2, 2]] }, 1],
];

describe("blocks of a small network", () => {
  it.each(CASES)("%s: give what one block over the whole would", { timeout: 240_000 }, async (_, options, head) => {
    const { config } = toArchitectureConfig({ ...BASE, ...options });
    const network = randomNetwork(config as CNNectomeUNetConfig, 7, head);
    const voxelSize = [12, 8, 8];
    const array = toFormulaArray([19, 141, 29], { voxelSize, offset: [120, 80, 40] }, ([z = 0, y = 0, x = 0]) =>
      Math.sin(z * 12.9898 + y * 78.233 + x * 37.719),
    );
    const shape = [21, 151, 23];
    const grid = {
      offset: [132, 96, 24],
      voxelSize: voxelSize.map((size, axis) => size / (network.scale[axis] ?? 1)),
      shape,
      anchor: [0, 0, 0],
      end: shape,
    };
    const geometry = geometryOfNetwork(network);
    await engine.load({ type: "network", network });
    const inputVoxels = Math.max(
      product(leastSize(geometry, shape).inputShape),
      product(wholeSize(geometry, shape).inputShape) / 3,
    );
    const runner = toRunner({ network, array, grid, tiling: "seamless", limits: { ...NO_LIMITS, inputVoxels } });
    const blocks: unknown[] = [];
    const blockwise = await predictRegion(runner, [0, 0, 0], shape, { onBlock: (done) => blocks.push(done) });
    const whole = await predictRegion({ ...runner, plan: asWhole(runner.plan) }, [0, 0, 0], shape);
    expect(blocks.length).toBeGreaterThan(2);
    expect(whole.data.reduce((a, b) => Math.max(a, b)) - whole.data.reduce((a, b) => Math.min(a, b))).toBeGreaterThan(
      0.1,
    );
    expect(maxDifference(blockwise.data, whole.data)).toBeLessThan(1e-5);
    const part = await predictRegion(runner, [5, 7, 11], [18, 20, 17]);
    const [depth, height, width] = shape as [number, number, number];
    const expected = part.data.map((_, i) => {
      const [x, y, z, c] = [i % 6, Math.floor(i / 6) % 13, Math.floor(i / 78) % 13, Math.floor(i / 1014)];
      return whole.data[((c * depth + z + 5) * height + y + 7) * width + x + 11] ?? Number.NaN;
    });
    expect(maxDifference(part.data, expected)).toBeLessThan(1e-5);
  });
});

const STORED = [
  ["demo", "vnc_affs", 1000, "vnc_crop_a"],
  ["demo", "vnc_affs", 1000, "vnc_crop_b"],
  ["demo", "vnc_mito_distance", 500, "vnc_crop_a"],
  ["demo", "vnc_mito_distance", 500, "vnc_crop_b"],
  ["e2e/fixtures/runs", "vnc_rawgt_distance", 60, "vnc/crop_b"],
  ["e2e/fixtures/runs", "vnc_mito_distance_head", 60, "vnc_crop_b"],
  ["../shared/runs", "vnc_affs_transposed", 60, "vnc_crop_a"],
  ["../shared/runs", "vnc_classes_onehot", 240, "vnc_crop_b"],
  ["../shared/runs", "vnc_membrane_distance", 600, "vnc_crop_a"],
] as const;

describe("a validation dataset", () => {
  it.each(STORED)(
    "%s %s at %i, %s: DaCapo's blocks give the stored prediction",
    { timeout: 120_000 },
    async (base, run, iteration, dataset) => {
      if (!existsSync(base)) return console.info(`Skipped: there is no ${base}.`);
      const store = openFolder(`${base}/${run}`);
      const network = loadNetwork(base, run, iteration);
      const raw = await openArray(store, `validation.zarr/inputs/${dataset}/raw`);
      const folder = dataset.includes("/") ? `ds_${dataset.replace("/", "_")}` : dataset;
      const stored = await openArray(store, `validation.zarr/${iteration}/${folder}/prediction`);
      if (!raw || !stored) throw new Error("the run's arrays are missing");
      const grid = gridOfPrediction(stored, raw.metadata.voxelSize);
      const runner = toRunner({ network, array: raw, grid, tiling: "dacapo" });
      await engine.load({ type: "network", network });
      const prediction = await predictRegion(runner, grid.anchor, grid.end);
      const expected = await stored.read([0, 0, 0, 0], stored.shape);
      expect(prediction.shape).toEqual(expected.shape);
      expect(maxDifference(prediction.data, expected.data as Float32Array)).toBeLessThan(1e-4);
    },
  );
});
