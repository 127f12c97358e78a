import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toMeanCurve } from "./mean-curve.ts";

const curve = (xs: readonly number[], ys: readonly number[]) => ({
  xs: Float64Array.from(xs),
  ys: Float64Array.from(ys),
});

describe("repetitions of one configuration", () => {
  it("have a mean and a spread at every iteration", () => {
    const { curve: mean, low, high } = toMeanCurve([curve([0, 1], [1, 4]), curve([0, 1], [3, 4])]);
    expect([...mean.ys]).toEqual([2, 4]);
    expect(low[0]).toBeCloseTo(2 - Math.SQRT2, 12);
    expect(high[0]).toBeCloseTo(2 + Math.SQRT2, 12);
    expect([low[1], high[1]]).toEqual([4, 4]);
  });

  it("count only as far as they were trained, and not where they are NaN", () => {
    const { curve: mean } = toMeanCurve([curve([0, 10, 20], [1, 2, 3]), curve([0, 10], [3, Number.NaN])]);
    expect([...mean.ys]).toEqual([2, 2, 3]);
  });

  it("that were recorded at other hours are read between their neighbours", () => {
    const { curve: mean } = toMeanCurve([curve([0, 1, 2], [0, 0, 0]), curve([0.5, 1.5], [2, 4])]);
    expect([...mean.ys]).toEqual([0, 1.5, 0]);
  });

  it("are what one alone is", () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, (ys) => {
        const xs = ys.map((_, i) => i);
        expect([...toMeanCurve([curve(xs, ys)]).curve.ys]).toEqual(ys.map((y) => y + 0));
      }),
    );
  });
});
