import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moveHandle, toFraction, toHistogramPath, toKeyedValue, toSpan, toValue } from "./contrast-scale.ts";

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const span = fc.tuple(number, fc.double({ min: 1e-3, max: 1e6, noNaN: true })).map(([a, b]) => [a, a + b] as const);

describe("the scale of a contrast control", () => {
  test("holds all values and both handles, and is never empty", () => {
    expect(toSpan({ begin: 0, end: 255, counts: [1] }, [-5, 200])).toEqual([-5, 255]);
    expect(toSpan(undefined, [3, 3])).toEqual([3, 4]);
  });

  test("a place on it and its value invert", () => {
    fc.assert(
      fc.property(span, fc.double({ min: 0, max: 1, noNaN: true }), (s, fraction) => {
        expect(toFraction(toValue(fraction, s), s)).toBeCloseTo(fraction, 5);
      }),
    );
  });

  test("black stays below white, and both within the span, wherever a handle is pulled", () => {
    fc.assert(
      fc.property(span, number, fc.constantFrom(0, 1), (s, value, handle) => {
        const [black, white] = moveHandle([toValue(0.4, s), toValue(0.6, s)], handle as 0 | 1, value, s);
        expect(black).toBeLessThan(white);
        expect(black).toBeGreaterThanOrEqual(s[0]);
        expect(white).toBeLessThanOrEqual(s[1]);
      }),
    );
  });

  test("arrows move by a hundredth, page keys by a tenth, Home and End to the ends", () => {
    expect(toKeyedValue("ArrowRight", 50, [0, 200])).toBe(52);
    expect(toKeyedValue("PageDown", 50, [0, 200])).toBe(30);
    expect(toKeyedValue("End", 50, [0, 200])).toBe(200);
    expect(toKeyedValue("a", 50, [0, 200])).toBeUndefined();
  });

  test("the commonest value reaches the top, and one a hundred times rarer a tenth of it", () => {
    const path = toHistogramPath({ begin: 0, end: 2, counts: [100, 1] }, [0, 2]);
    expect(path).toBe("M0.0000 1L0.0000 0.0000L0.5000 0.0000L0.5000 0.9000L1.0000 0.9000L1.0000 1Z");
  });
});
