import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeMismatch, resampleArray } from "./block-resample.ts";
import { toFormulaArray } from "./fixtures/node-store.ts";

const PLACE = { voxelSize: [8, 4], offset: [80, 40] };

/** A plane in world units is the same at every voxel size. */
function toPlane(shape: readonly number[]) {
  return toFormulaArray(shape, PLACE, ([y = 0, x = 0]) => 8 * (y + 0.5) + 0.25 * 4 * (x + 0.5));
}

describe("an array at another voxel size", () => {
  it("keeps its corner and gives a plane's values at its own voxel centres", async () => {
    const finer = resampleArray(toPlane([6, 8]), [4, 2], "linear");
    expect(finer).toMatchObject({ shape: [12, 16], metadata: { offset: [80, 40], voxelSize: [4, 2] } });
    const { data, shape } = await finer.read([2, 3], [9, 12]);
    expect(shape).toEqual([7, 9]);
    data.forEach((value, i) => {
      const [y, x] = [2 + Math.floor(i / 9), 3 + (i % 9)];
      expect(Number(value)).toBeCloseTo(4 * (y + 0.5) + 0.25 * 2 * (x + 0.5), 4);
    });
  });

  it("is the same read whole or in parts", async () => {
    const coarser = resampleArray(toPlane([20, 30]), [12, 5], "linear");
    const [height = 0, width = 0] = coarser.shape;
    const whole = await coarser.read([0, 0], coarser.shape);
    const boxes = fc.tuple(fc.nat(height - 1), fc.nat(width - 1));
    await fc.assert(
      fc.asyncProperty(boxes, async ([y, x]) => {
        const { data } = await coarser.read([y, x], [y + 1, x + 1]);
        expect(data[0]).toBe(whole.data[y * width + x]);
      }),
      { numRuns: 50 },
    );
  });

  it("does not mix values where it must not", async () => {
    const labels = toFormulaArray([1, 4], { voxelSize: [1, 1], offset: [0, 0] }, ([, x = 0]) => 100 * x);
    const { data } = await resampleArray(labels, [1, 0.5], "nearest").read([0, 0], [1, 8]);
    expect(new Set(Array.from(data, Number))).toEqual(new Set([0, 100, 200, 300]));
  });

  it("is said where the network was trained at another", () => {
    expect(describeMismatch([8, 4, 4], [8, 4, 4])).toBeUndefined();
    expect(describeMismatch([4, 4, 4], [8, 8, 8])).toContain("trained at 8 x 8 x 8");
  });
});
