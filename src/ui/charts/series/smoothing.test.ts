import fc from "fast-check";
import { expect, test } from "vitest";
import { finish, finishInPieces, smoothInSlices } from "./smoothing.ts";

function smooth(xs: readonly number[], ys: readonly number[], window: number) {
  const request = { xs: Float64Array.from(xs), ys: Float64Array.from(ys), window, withBand: false };
  return finish(smoothInSlices(request)).moments;
}

/** Mean and deviation of the finite values in (x − window, x], each window on its own. */
function naive(xs: readonly number[], ys: readonly number[], window: number) {
  return xs.map((x) => {
    const inside = ys.filter((y, i) => (xs[i] ?? 0) > x - window && (xs[i] ?? 0) <= x && Number.isFinite(y));
    const mean = inside.reduce((a, b) => a + b, 0) / inside.length;
    const variance = inside.reduce((a, b) => a + (b - mean) ** 2, 0) / inside.length;
    return { mean, deviation: Math.sqrt(variance) };
  });
}

/** NaN, as of a window without a finite value, is near to NaN alone. */
function isNear(a: number | undefined, b: number, tolerance: number): boolean {
  return Number.isNaN(b) ? Number.isNaN(a) : Math.abs((a ?? Number.NaN) - b) <= tolerance;
}

test("the trailing mean and deviation are those of each window on its own", () => {
  const record = fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.oneof(
      { weight: 8, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
    ),
  );
  fc.assert(
    fc.property(fc.array(record, { maxLength: 120 }), fc.integer({ min: 1, max: 60 }), (records, window) => {
      let x = 0;
      const xs = records.map(([stride]) => {
        x += stride;
        return x;
      });
      const ys = records.map(([, y]) => y);
      const { mean, deviation } = smooth(xs, ys, window);
      naive(xs, ys, window).forEach((expected, i) => {
        expect(isNear(mean[i], expected.mean, 1e-9)).toBe(true);
        expect(isNear(deviation[i], expected.deviation, 1e-6)).toBe(true);
      });
    }),
    { numRuns: 200 },
  );
});

test("forgets a loss of 1e30 as soon as it leaves the window", () => {
  const ys = [0.5, 1e30, 0.25, 0.25, 0.25, 0.25];
  const { mean, deviation } = smooth([0, 1, 2, 3, 4, 5], ys, 3);
  expect(mean[4]).toBe(0.25);
  expect(deviation[5]).toBe(0);
});

test("a window is one of iterations: a store that kept every tenth averages fewer records, not more iterations", () => {
  expect([...smooth([0, 10, 20, 30], [1, 2, 3, 4], 20).mean]).toEqual([1, 1.5, 2.5, 3.5]);
});

test("work in pieces gives what work at once gives", async () => {
  const xs = Float64Array.from({ length: 70_000 }, (_, i) => i);
  const request = { xs, ys: xs.map((x) => Math.sin(x / 100)), window: 300, withBand: true };
  const pieces = await finishInPieces(smoothInSlices(request), new AbortController().signal);
  const atOnce = finish(smoothInSlices(request));
  expect(Buffer.from(pieces.moments.mean.buffer).equals(Buffer.from(atOnce.moments.mean.buffer))).toBe(true);
  expect(pieces.band?.upper.levels.at(-1)).toEqual(atOnce.band?.upper.levels.at(-1));
});

test("work in pieces stops when it is no longer wanted", async () => {
  const xs = Float64Array.from({ length: 800_000 }, (_, i) => i);
  const stop = new AbortController();
  const work = finishInPieces(smoothInSlices({ xs, ys: xs, window: 5, withBand: true }), stop.signal);
  stop.abort(new Error("the slider moved"));
  await expect(work).rejects.toThrow("the slider moved");
});
