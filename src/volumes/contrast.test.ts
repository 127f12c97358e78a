import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VoxelData } from "#storage/open-array.ts";
import { toContrastRange } from "./contrast.ts";
import { toSortedSample } from "./sample-values.ts";

/** Of chunks that lie inside the array with all their voxels. */
const rangeOf = (blocks: readonly VoxelData[]) =>
  toContrastRange(toSortedSample(blocks.map((data) => ({ data, size: [data.length], used: [data.length] }))));

describe("contrast from the data", () => {
  test("leaves out the extreme half per cent at both ends", () => {
    const values = Float32Array.from({ length: 10_001 }, (_, i) => i / 10_000);
    expect(rangeOf([values])).toEqual([expect.closeTo(0.005, 3), expect.closeTo(0.995, 3)]);
  });

  test("one bright speck does not make everything else black", () => {
    const values = new Uint16Array(10_000).map((_, i) => i % 100);
    values[17] = 65_535;
    expect(rangeOf([values])?.[1]).toBeLessThan(100);
  });

  test("NaN and infinities do not count; nothing finite is no range", () => {
    expect(rangeOf([new Float32Array([Number.NaN, 1, Number.POSITIVE_INFINITY, 3])])).toEqual([1, 3]);
    expect(rangeOf([new Float32Array([Number.NaN])])).toBeUndefined();
    expect(rangeOf([])).toBeUndefined();
  });

  test("a flat volume still has a range", () => {
    expect(rangeOf([new Uint8Array(100).fill(7)])).toEqual([7, 14]);
  });

  test("mostly empty data shows what there is", () => {
    const values = new Uint8Array(10_000);
    values[5000] = 200;
    expect(rangeOf([values])).toEqual([0, 200]);
  });

  test("the range lies within the data and is never empty", () => {
    const blocks = fc.array(
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 50 }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(blocks, (lists) => {
        const range = rangeOf(lists.map((list) => Float32Array.from(list)));
        expect(range && range[1] > range[0]).toBe(true);
        expect(range?.[0]).toBeGreaterThanOrEqual(Math.fround(Math.min(...lists.flat())));
      }),
    );
  });
});
