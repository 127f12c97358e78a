import fc from "fast-check";
import { expect, test } from "vitest";
import { buildPyramid, extendPyramid, extentOf } from "./pyramid.ts";

const losses = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -20, max: 20 }) },
    { weight: 2, arbitrary: fc.double() },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0) },
  ),
  { maxLength: 700 },
);

function scan(values: Float64Array, begin: number, end: number, positiveOnly: boolean) {
  let minimum = -1;
  let maximum = -1;
  for (let i = begin; i < end; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value) || (positiveOnly && value <= 0)) continue;
    if (minimum < 0 || value < (values[minimum] as number)) minimum = i;
    if (maximum < 0 || value > (values[maximum] as number)) maximum = i;
  }
  return minimum < 0 ? undefined : { minimum, maximum };
}

test("finds the lowest and highest loss of any window, as a scan of every loss does", () => {
  fc.assert(
    fc.property(losses, fc.nat(), fc.nat(), fc.boolean(), (column, a, b, positiveOnly) => {
      const values = Float64Array.from(column);
      const [begin = 0, end = 0] = [a % (values.length + 1), b % (values.length + 1)].sort((x, y) => x - y);
      expect(extentOf(buildPyramid(values, positiveOnly), begin, end)).toEqual(scan(values, begin, end, positiveOnly));
    }),
    { numRuns: 400 },
  );
});

test("a pyramid that was extended is the pyramid that is built of the whole", () => {
  fc.assert(
    fc.property(losses, fc.nat(), (column, cut) => {
      const values = Float64Array.from(column);
      const half = buildPyramid(values.slice(0, cut % (values.length + 1)));
      expect(extendPyramid(half, values)).toEqual(buildPyramid(values));
    }),
    { numRuns: 200 },
  );
});

test("keeps a single spike among a million losses", () => {
  const values = new Float64Array(1_000_000).fill(0.5);
  values[765_432] = 9;
  values[3] = Number.NaN;
  expect(extentOf(buildPyramid(values), 0, values.length)).toEqual({ minimum: 0, maximum: 765_432 });
});
