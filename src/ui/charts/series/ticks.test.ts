import fc from "fast-check";
import { expect, test } from "vitest";
import { formatCount, formatDuration, formatIterationTick, formatTick, formatValue } from "./numbers.ts";
import { toLogTicks, toTicks, toValueDomain } from "./ticks.ts";

test("ticks are round, inside, and about as many as fit", () => {
  expect(toTicks(0, 1000, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
  expect(toTicks(0.1, 0.45, 4)).toEqual([0.1, 0.2, 0.3, 0.4]);
  expect(toTicks(0, 3, 10, true)).toEqual([0, 1, 2, 3]);
  expect(toLogTicks(0.001, 1000, 4)).toEqual([0.01, 1, 100]);
});

test("ticks stay inside their span and few, whatever the span", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
      (low, width) => {
        const high = low + width;
        fc.pre(high - low > Math.abs(low) * 1e-6);
        const ticks = toTicks(low, high, 6);
        expect(ticks.length).toBeLessThanOrEqual(11);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(low - width * 1e-3);
          expect(tick).toBeLessThanOrEqual(high + width * 1e-3);
        }
      },
    ),
  );
});

test("an axis shows zero when that costs little, and has room around equal values", () => {
  expect(toValueDomain(0.1, 1, false)[0]).toBe(0);
  expect(toValueDomain(0.9, 1, false)[0]).toBeGreaterThan(0.8);
  const [low, high] = toValueDomain(2, 2, false);
  expect(low).toBeLessThan(2);
  expect(high).toBeGreaterThan(2);
});

test("numbers are told as people read them", () => {
  expect(formatCount(1240)).toBe("1,240");
  expect([0.83117, 12.3456, 1.234e-7, -0.5, 0].map(formatValue)).toEqual(["0.8312", "12.35", "1.23e-7", "−0.5", "0"]);
  expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(formatValue)).toEqual([
    "NaN",
    "+∞",
    "−∞",
  ]);
  expect([800, 12_000, 1_500_000].map(formatIterationTick)).toEqual(["800", "12k", "1.5M"]);
  expect([0.0001, 0.25, 2_000_000].map(formatTick)).toEqual(["1e-4", "0.25", "2e6"]);
  expect([0.25, 125, 11_520, 400_000].map(formatDuration)).toEqual(["0.25 s", "2 min", "3 h 12 min", "4 d 15 h"]);
});
