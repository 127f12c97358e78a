import fc from "fast-check";
import { expect, test } from "vitest";
import { buildTrace, createTraceCache } from "./trace.ts";
import { describeOddities, readAt, summarise, valuesWithin, wholeOf } from "./trace-summary.ts";

const column = (...values: number[]) => Float64Array.from(values);

test("a trace that grew with its file is the trace of the whole file, also over a rewind", () => {
  const iterations = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(iterations, fc.nat(), (file, cut) => {
      const xs = Float64Array.from(file);
      const ys = xs.map((x, i) => (i % 7 === 3 ? Number.NaN : Math.cos(x * i)));
      const end = cut % file.length;
      const before = buildTrace(xs.slice(0, end), ys.slice(0, end));
      expect(buildTrace(xs, ys, before)).toEqual(buildTrace(xs, ys));
    }),
  );
});

test("what a rewind replaced is kept, by ascending iteration", () => {
  const trace = buildTrace(column(0, 1, 2, 3, 1, 2, 1, 2, 3), column(0, 1, 2, 3, 4, 5, 6, 7, 8));
  expect([...trace.xs]).toEqual([0, 1, 2, 3]);
  expect([...trace.ys]).toEqual([0, 6, 7, 8]);
  expect([...(trace.superseded?.xs ?? [])]).toEqual([1, 1, 2, 2, 3]);
  expect([...(trace.superseded?.ys ?? [])]).toEqual([1, 4, 2, 5, 3]);
});

test("the same columns give the same trace, so that nothing is drawn again", () => {
  const cache = createTraceCache();
  const [xs, ys] = [column(0, 1), column(3, 2)];
  expect(cache.traceOf(xs, ys)).toBe(cache.traceOf(xs, ys));
});

test("says what is odd: NaN, infinities, losses without a logarithm, gaps and rewinds", () => {
  const xs = column(0, 1, 2, 3, 6, 7, 7);
  const trace = buildTrace(xs, column(1, Number.NaN, -1, Number.POSITIVE_INFINITY, 2, 9, 3));
  expect(describeOddities(trace, [0, 7], true)).toEqual([
    "1 NaN",
    "1 +∞",
    "1 ≤ 0 (no logarithm)",
    "1 gap (2 not recorded)",
    "1 rewind from 7 to 7 (1 replaced, drawn faintly)",
  ]);
  expect(describeOddities(trace, [4, 7], false)).not.toContain("1 NaN");
});

test("a log scale spans the positive losses alone, a linear one all finite ones", () => {
  const trace = buildTrace(column(0, 1, 2, 3), column(-5, 0.01, 10, Number.POSITIVE_INFINITY));
  const [low, high] = valuesWithin(trace, [0, 3], true);
  expect(low).toBeGreaterThan(0);
  expect(low).toBeLessThanOrEqual(0.01);
  expect(high).toBeGreaterThanOrEqual(10);
  expect(valuesWithin(trace, [0, 3], false)[0]).toBeLessThanOrEqual(-5);
});

test("a window without a finite loss still has an axis", () => {
  const trace = buildTrace(column(0, 1), column(Number.NaN, Number.NaN));
  expect(valuesWithin(trace, [0, 1], false)).toEqual([0, 1]);
  expect(summarise(trace, "loss", "")).toBe("loss: 2 iterations, no finite value");
});

test("a single iteration stands inside its axis", () => {
  const [first, last] = wholeOf(buildTrace(column(200), column(0.4)));
  expect(first).toBeLessThan(200);
  expect(last).toBeGreaterThan(200);
});

test("the validation after the last loss is in view", () => {
  expect(wholeOf(buildTrace(column(0, 1, 2, 3), column(4, 3, 2, 1)), [2, 4])).toEqual([0, 4]);
});

test("reads the record nearest to the cursor", () => {
  const trace = buildTrace(column(0, 10, 20), column(3, 2, 1));
  expect(readAt(trace, undefined, 14)).toMatchObject({ iteration: 10, value: 2 });
  expect(readAt(trace, undefined, 16)).toMatchObject({ iteration: 20, value: 1 });
});
