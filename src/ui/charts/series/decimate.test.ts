import fc from "fast-check";
import { expect, test } from "vitest";
import { decimate } from "./decimate.ts";
import { buildPyramid } from "./pyramid.ts";

const NO_GAPS = new Uint32Array(0);

function traceOf(column: readonly number[], strides: readonly number[] = []) {
  let x = 0;
  const xs = Float64Array.from(column, (_, i) => {
    x += strides[i % Math.max(1, strides.length)] ?? 1;
    return x;
  });
  return { xs, ys: Float64Array.from(column) };
}

const values = fc.oneof(
  { weight: 8, arbitrary: fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e6, max: 1e6 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
);

test("draws the lowest and the highest finite value of every pixel column, at any zoom", () => {
  fc.assert(
    fc.property(
      fc.array(values, { minLength: 1, maxLength: 900 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 40 }),
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      (column, strides, columns, [p, q]) => {
        const { xs, ys } = traceOf(column, strides);
        const span = xs.at(-1) ?? 1;
        const [first, last] = [Math.min(p, q) * span, Math.max(p, q) * span + 1] as const;
        const chosen = decimate(xs, buildPyramid(ys), NO_GAPS, { first, last, columns });
        const drawn = new Set(chosen.positions);
        const width = (last - first) / columns;
        for (let c = 0; c < columns; c++) {
          const inside = [...ys.keys()].filter((i) => {
            const x = xs[i] as number;
            const end = c === columns - 1 ? x <= last : x < first + (c + 1) * width;
            return x >= first + c * width && end && Number.isFinite(ys[i]);
          });
          if (inside.length === 0) continue;
          const heights = inside.map((i) => ys[i] as number);
          const drawnHeights = inside.filter((i) => drawn.has(i)).map((i) => ys[i] as number);
          expect(Math.min(...drawnHeights)).toBe(Math.min(...heights));
          expect(Math.max(...drawnHeights)).toBe(Math.max(...heights));
        }
      },
    ),
    { numRuns: 150 },
  );
});

test("draws positions in order, each once, and never one that has no finite value", () => {
  fc.assert(
    fc.property(fc.array(values, { maxLength: 500 }), fc.integer({ min: 1, max: 30 }), (column, columns) => {
      const { xs, ys } = traceOf(column);
      const { positions } = decimate(xs, buildPyramid(ys), NO_GAPS, { first: 0, last: 501, columns });
      expect([...positions]).toEqual([...new Set(positions)].sort((a, b) => a - b));
      expect([...positions].every((i) => Number.isFinite(ys[i]))).toBe(true);
    }),
  );
});

test("a few losses are drawn all, and the pen is lifted where one of them is NaN", () => {
  const { xs, ys } = traceOf([1, 2, Number.NaN, 3, 4]);
  const chosen = decimate(xs, buildPyramid(ys), NO_GAPS, { first: 1, last: 5, columns: 100 });
  expect([...chosen.positions]).toEqual([0, 1, 3, 4]);
  expect([...chosen.lifts]).toEqual([1, 0, 1, 0]);
  expect(chosen.total).toBe(5);
});

test("no line is drawn over iterations that are missing", () => {
  const xs = Float64Array.of(0, 1, 2, 50, 51);
  const ys = Float64Array.of(5, 4, 3, 2, 1);
  const { lifts } = decimate(xs, buildPyramid(ys), Uint32Array.of(3), { first: 0, last: 51, columns: 100 });
  expect([...lifts]).toEqual([1, 0, 0, 1, 0]);
});

test("keeps the neighbours outside of the window, for lines that leave it", () => {
  const { xs, ys } = traceOf([1, 2, 3, 4, 5, 6]);
  const { positions } = decimate(xs, buildPyramid(ys), NO_GAPS, { first: 3, last: 4, columns: 50 });
  expect([...positions]).toEqual([1, 2, 3, 4]);
});

test("a million losses become at most four points a pixel", () => {
  const ys = Float64Array.from({ length: 1_000_000 }, (_, i) => (Math.sin(i * 12.9898) * 43758.5453) % 1);
  const xs = ys.map((_, i) => i);
  const chosen = decimate(xs, buildPyramid(ys), NO_GAPS, { first: 0, last: 999_999, columns: 800 });
  expect(chosen.positions.length).toBeLessThanOrEqual(4 * 800);
  expect(chosen.total).toBe(1_000_000);
});
