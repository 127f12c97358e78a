import fc from "fast-check";
import { expect, test } from "vitest";
import { clampWindow, panWindow, toDomain, zoomWindow } from "./windows.ts";

const whole = [0, 1000] as const;

test("a window never leaves the recorded iterations", () => {
  fc.assert(
    fc.property(fc.integer({ min: -2000, max: 3000 }), fc.integer({ min: 0, max: 3000 }), (first, width) => {
      const [from, to] = clampWindow([first, first + width], whole);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(1000);
      expect(to).toBeGreaterThan(from);
    }),
  );
});

test("zooming keeps the iteration under the cursor where it is", () => {
  const [first, last] = zoomWindow([100, 300], 0.5, 150);
  expect((150 - first) / (last - first)).toBe(0.25);
});

test("zooming out of everything asks for everything", () => {
  expect(toDomain(zoomWindow([100, 900], 2, 500), whole)).toBeUndefined();
  expect(toDomain([100, 900], whole)).toEqual([100, 900]);
});

test("panning stops at the end and keeps the width", () => {
  expect(panWindow([800, 950], 0.5, whole)).toEqual([850, 1000]);
});

test("a drag over no width still shows a few iterations", () => {
  expect(toDomain([500, 500], whole)).toEqual([498, 502]);
});
