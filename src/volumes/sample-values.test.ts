import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toSortedSample } from "./sample-values.ts";
import { toHistogram } from "./value-histogram.ts";

describe("values that are loaded", () => {
  test("what a chunk has beyond the array is no value", () => {
    const data = new Float32Array([1, 2, 0, 3, 4, 0, 0, 0, 0]); // 3 by 3, of which 2 by 2 lie inside
    expect([...toSortedSample([{ data, size: [3, 3], used: [2, 2] }])]).toEqual([1, 2, 3, 4]);
  });

  test("one channel is looked at where one is drawn", () => {
    const data = new Uint8Array([1, 2, 3, 10, 20, 30]); // 3 voxels, then the next channel's
    const box = { data, size: [3, 2], used: [3, 2] };
    expect([...toSortedSample([{ ...box, only: { axis: 1, index: 1 } }])]).toEqual([10, 20, 30]);
    expect([...toSortedSample([{ ...box, only: { axis: 1, index: 0 } }])]).toEqual([1, 2, 3]);
  });

  test("are spread evenly over all chunks when they are many", () => {
    const chunk = (value: number) => ({
      data: new Float32Array(200_000).fill(value),
      size: [200_000],
      used: [200_000],
    });
    const sample = toSortedSample([chunk(1), chunk(2)]);
    expect(sample.length).toBeLessThanOrEqual(65_536);
    expect(sample.filter((value) => value === 1).length / sample.length).toBeCloseTo(0.5, 2);
  });
});

describe("the histogram of values", () => {
  test("a few whole numbers get a bin each", () => {
    expect(toHistogram(Float64Array.of(0, 0, 1, 3))).toEqual({ begin: 0, end: 3, counts: [2, 1, 0, 1] });
  });

  test("one value alone has one bin, and nothing has none", () => {
    expect(toHistogram(Float64Array.of(0.5, 0.5))?.counts.filter((count) => count > 0)).toEqual([2]);
    expect(toHistogram(new Float64Array())).toBeUndefined();
  });

  test("values that hardly differ are counted too", () => {
    const counts = toHistogram(Float64Array.of(0, Number.MIN_VALUE))?.counts;
    expect(counts?.filter((count) => count > 0)).toEqual([1, 1]);
  });

  test("every value is counted once", () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), { minLength: 1 });
    fc.assert(
      fc.property(values, (list) => {
        const histogram = toHistogram(Float64Array.from(list).sort());
        expect(histogram?.counts.reduce((a, b) => a + b, 0)).toBe(list.length);
      }),
    );
  });
});
