import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CNNectomeUNetConfig } from "#dacapo/architecture.ts";
import { add, filled, multiply, subtract } from "#dacapo/coordinate.ts";
import { type BlockGeometry, inputFor, outputFor, toBlockGeometry } from "./block-geometry.ts";
import { gridOfPrediction, type OutputGrid } from "./block-grid.ts";
import { type BlockPlan, contextOf, coverRegion, inputBeginOf, planBlocks } from "./block-plan.ts";
import type { BlockLimits, Tiling } from "./block-size.ts";

const UNET: CNNectomeUNetConfig = {
  type: "CNNectomeUNetConfig",
  name: "unet",
  inputShape: [14, 116, 116],
  fmapsIn: 1,
  fmapsOut: 8,
  numFmaps: 8,
  fmapIncFactor: 2,
  downsampleFactors: [
    [1, 2, 2],
    [1, 2, 2],
  ],
  kernelSizeDown: undefined,
  kernelSizeUp: undefined,
  evalShapeIncrease: undefined,
  upsampleFactors: undefined,
  constantUpsample: true,
  padding: "valid",
  useAttention: false,
  batchNorm: false,
};
const VALID_3D: CNNectomeUNetConfig = {
  ...UNET,
  inputShape: [216, 216, 216],
  downsampleFactors: [
    [2, 2, 2],
    [3, 3, 3],
    [3, 3, 3],
  ],
};
const SAME: CNNectomeUNetConfig = {
  ...UNET,
  inputShape: [64, 64, 64],
  downsampleFactors: [
    [2, 2, 2],
    [2, 2, 2],
  ],
  padding: "same",
};
const SAME_CROPPED: CNNectomeUNetConfig = {
  ...SAME,
  downsampleFactors: [
    [2, 2, 2],
    [2, 2, 2],
    [2, 2, 2],
  ],
};
const UPSAMPLED: CNNectomeUNetConfig = { ...VALID_3D, upsampleFactors: [[2, 2, 2]] };

function geometryOf(config: CNNectomeUNetConfig): BlockGeometry {
  const result = toBlockGeometry(config, undefined);
  if (!result.ok) throw new Error(result.problem);
  return result.geometry;
}

function gridOf(shape: readonly number[], voxelSize = filled(shape.length, 8)): OutputGrid {
  return { offset: filled(shape.length, 0), voxelSize, shape, anchor: filled(shape.length, 0), end: shape };
}

const LIMITS: BlockLimits = { memoryBytes: 2 ** 31, tensorBytes: 2 ** 30, inputVoxels: 2 ** 24 };

function planOf(geometry: BlockGeometry, grid: OutputGrid, tiling: Tiling = "seamless", limits = LIMITS): BlockPlan {
  const result = planBlocks({ geometry, grid, limits, tiling });
  if (!result.ok) throw new Error(result.problem);
  return result.plan;
}

const networks = [VALID_3D, SAME, SAME_CROPPED, UPSAMPLED].map(geometryOf);
const anyGeometry = fc.constantFrom(...networks);
const anyRegion = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 60 })), {
  minLength: 3,
  maxLength: 3,
});

describe("the blocks of a region", () => {
  it("cover each of its voxels exactly once, whatever the network and the region", () => {
    const arbitrary = fc.record({
      geometry: anyGeometry,
      shape: fc.tuple(fc.nat(150), fc.nat(150), fc.nat(150)).map((shape) => shape.map((n) => n + 1)),
      region: anyRegion,
      tiling: fc.constantFrom<Tiling>("dacapo", "seamless"),
      small: fc.boolean(),
    });
    fc.assert(
      fc.property(arbitrary, ({ geometry, shape, region, tiling, small }) => {
        const limits = small ? { ...LIMITS, inputVoxels: 260 ** 3 } : LIMITS;
        const plan = planOf(geometry, gridOf(shape), tiling, { ...limits, memoryBytes: 2 ** 40, tensorBytes: 2 ** 40 });
        const begin = region.map(([first]) => first);
        const end = region.map(([first, length]) => first + length);
        for (const axis of [0, 1, 2]) {
          const counts = new Uint8Array(shape[axis] ?? 0);
          const seen = new Set<number>();
          for (const block of coverRegion(plan, begin, end)) {
            const first = block.begin[axis] ?? 0;
            if (seen.has(first)) continue;
            seen.add(first);
            for (let voxel = first; voxel < (block.end[axis] ?? 0); voxel++) counts[voxel] = (counts[voxel] ?? 0) + 1;
          }
          const inside = (voxel: number) => voxel >= (begin[axis] ?? 0) && voxel < (end[axis] ?? 0);
          const empty = begin.some((first, i) => first >= (shape[i] ?? 0));
          counts.forEach((count, voxel) => {
            expect(count).toBe(inside(voxel) && !empty ? 1 : 0);
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it("are each inside the network's output, on the network's step", () => {
    fc.assert(
      fc.property(anyGeometry, anyRegion, (geometry, region) => {
        const plan = planOf(geometry, gridOf([150, 150, 150]), "seamless", {
          ...LIMITS,
          memoryBytes: 2 ** 40,
          tensorBytes: 2 ** 40,
        });
        const step = multiply(geometry.step, geometry.upsampling);
        for (const block of coverRegion(
          plan,
          region.map(([a]) => a),
          region.map(([a, n]) => a + n),
        )) {
          const last = add(block.from, subtract(block.end, block.begin));
          expect(block.from.every((n) => n >= 0)).toBe(true);
          expect(last.every((n, axis) => n <= (plan.size.outputShape[axis] ?? 0))).toBe(true);
          expect(block.outputBegin.every((n, axis) => Math.abs(n % (step[axis] ?? 1)) === 0)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("leave the margins of a padded network out, but at the ends of the volume", () => {
    const geometry = geometryOf(SAME);
    const plan = planOf(geometry, gridOf([300, 20, 300]), "seamless", { ...LIMITS, inputVoxels: 2 ** 20 });
    const { before, after } = geometry.margins;
    for (const block of coverRegion(plan, [0, 0, 0], [300, 20, 300])) {
      for (const axis of [0, 1, 2]) {
        const from = block.from[axis] ?? 0;
        const rest = (plan.size.outputShape[axis] ?? 0) - from - ((block.end[axis] ?? 0) - (block.begin[axis] ?? 0));
        const ends = (block.outputBegin[axis] ?? 0) + (plan.size.outputShape[axis] ?? 0);
        expect(from >= (before[axis] ?? 0) || block.outputBegin[axis] === 0).toBe(true);
        expect(rest >= (after[axis] ?? 0) || ends === plan.wholeShape[axis]).toBe(true);
      }
    }
  });

  it("of DaCapo's tiling are its evaluation blocks, side by side from the first voxel", () => {
    const geometry = geometryOf(SAME_CROPPED);
    const blocks = coverRegion(planOf(geometry, gridOf([70, 60, 61]), "dacapo"), [0, 0, 0], [70, 60, 61]);
    expect(blocks.map(({ outputBegin }) => outputBegin)).toEqual([
      [0, 0, 0],
      [0, 0, 60],
      [60, 0, 0],
      [60, 0, 60],
    ]);
    expect(blocks[3]).toMatchObject({ begin: [60, 0, 60], end: [70, 60, 61], from: [0, 0, 0] });
  });
});

describe("the size of a block", () => {
  it("stays below what the device allows for a tensor and for all of them", () => {
    fc.assert(
      fc.property(anyGeometry, fc.integer({ min: 27, max: 36 }), (geometry, power) => {
        const limits = { memoryBytes: 2 ** power, tensorBytes: 2 ** (power - 2), inputVoxels: 2 ** 26 };
        const result = planBlocks({ geometry, grid: gridOf([500, 500, 500]), limits, tiling: "seamless" });
        if (!result.ok) {
          expect(result.problem).toMatch(/MiB|voxels/);
          return;
        }
        const cost = geometry.costOf(result.plan.size.inputShape);
        expect(cost.peakBytes).toBeLessThanOrEqual(limits.memoryBytes);
        expect(cost.widestBytes).toBeLessThanOrEqual(limits.tensorBytes);
      }),
      { numRuns: 30 },
    );
  });

  it("is a multiple of the network's step that wastes less context than the smallest", () => {
    const geometry = geometryOf(VALID_3D);
    const { size } = planOf(geometry, gridOf([400, 400, 400]), "seamless", {
      ...LIMITS,
      tensorBytes: 2 ** 31,
      memoryBytes: 2 ** 33,
    });
    expect(outputFor(geometry, size.inputShape)).toEqual(size.outputShape);
    expect(size.outputShape.every((n) => n % 18 === 0)).toBe(true);
    expect(Math.min(...size.outputShape)).toBeGreaterThan(36);
  });

  it("is no longer than the region needs", () => {
    const geometry = geometryOf(VALID_3D);
    expect(planOf(geometry, gridOf([20, 37, 5])).size.outputShape).toEqual([36, 54, 18]);
    expect(inputFor(geometry, [108, 108, 108])).toEqual([288, 288, 288]);
  });

  it("is DaCapo's own for a network with attention, and nothing else", () => {
    const geometry = geometryOf({ ...SAME, useAttention: true });
    const request = { geometry, grid: gridOf([90, 90, 90]), limits: { ...LIMITS, memoryBytes: 2 ** 33 } };
    expect(planBlocks({ ...request, tiling: "dacapo" })).toMatchObject({
      ok: true,
      plan: { size: { inputShape: [64, 64, 64] } },
    });
    expect(planBlocks({ ...request, tiling: "seamless" })).toMatchObject({ ok: false });
  });

  it("keeps DaCapo's blocks where its output is no multiple of the step, for each of them pools otherwise", () => {
    const geometry = geometryOf(UPSAMPLED);
    expect(geometry.evalOutputShape).toEqual([68, 68, 68]);
    const limits = { memoryBytes: 2 ** 40, tensorBytes: 2 ** 40, inputVoxels: 2 ** 24 };
    expect(planOf(geometry, gridOf([100, 68, 68]), "dacapo", limits).size.outputShape).toEqual([68, 68, 68]);
    expect(planOf(geometry, gridOf([100, 68, 68]), "dacapo", limits).tiling).toBe("dacapo");
    expect(planOf(geometryOf(VALID_3D), gridOf([100, 68, 68]), "dacapo", limits).tiling).toBe("seamless");
  });
});

describe("the input of a block", () => {
  it("begins a context before its output, in voxels of the raw array", () => {
    const geometry = geometryOf(VALID_3D);
    const grid = { ...gridOf([100, 100, 100], [8, 8, 8]), offset: [800, 400, 80] };
    const plan = planOf(geometry, grid);
    expect(contextOf(plan, [8, 8, 8])).toEqual([720, 720, 720]);
    const [block] = coverRegion(plan, [0, 0, 0], [100, 100, 100]);
    const raw = { voxelSize: [8, 8, 8], offset: [0, 160, 80] };
    expect(block && inputBeginOf(plan, block, raw)).toEqual([10, -60, -90]);
  });

  it("counts in the raw's own voxels where the network refines them", () => {
    const geometry = geometryOf(UPSAMPLED);
    const plan = planOf(geometry, gridOf([68, 68, 68], [4, 4, 4]), "dacapo", {
      ...LIMITS,
      memoryBytes: 2 ** 40,
      tensorBytes: 2 ** 40,
    });
    // (216 * 8 - 68 * 4) / 2 = 728 world units, 91 raw voxels
    expect(contextOf(plan, [8, 8, 8])).toEqual([728, 728, 728]);
    const [block] = coverRegion(plan, [0, 0, 0], [68, 68, 68]);
    expect(block && inputBeginOf(plan, block, { voxelSize: [8, 8, 8], offset: [0, 0, 0] })).toEqual([-91, -91, -91]);
  });
});

describe("the grid of a stored prediction", () => {
  const placed = (shape: number[], offset: number[], voxelSize: number[]) => ({
    shape: [3, ...shape],
    metadata: { voxelSize, offset, spatialAxes: [1, 2, 3] },
  });

  it("begins where its array begins", () => {
    const grid = gridOfPrediction(placed([7, 120, 120], [585, 540, 2700], [45, 9, 9]), [45, 9, 9]);
    expect(grid).toMatchObject({ shape: [7, 120, 120], anchor: [0, 0, 0], end: [7, 120, 120] });
  });

  it("is drawn in to the common multiple of both voxel sizes, as DaCapo does", () => {
    const grid = gridOfPrediction(placed([11, 10, 10], [4, 8, 8], [4, 4, 4]), [8, 8, 8]);
    expect(grid).toMatchObject({ anchor: [1, 0, 0], end: [11, 10, 10] });
  });
});
