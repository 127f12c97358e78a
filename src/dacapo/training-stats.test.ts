import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addIterationStats,
  deleteAfter,
  emptyTrainingStats,
  findTrainingBreaks,
  toTable,
  toTrainingStats,
  trainedUntil,
} from "./training-stats.ts";

const statsOf = (iterations: readonly number[]) =>
  toTrainingStats(iterations.map((iteration) => ({ iteration, loss: iteration / 10, time: 1 })));
const iterationsOf = (stats: { readonly iterations: Float64Array }) => [...stats.iterations];

describe("training stats", () => {
  test("are trained until the last entry plus one, and until 0 when there is none", () => {
    expect(trainedUntil(emptyTrainingStats)).toBe(0);
    expect(trainedUntil(statsOf([0, 1, 2]))).toBe(3);
    expect(trainedUntil(statsOf([5, 6, 2]))).toBe(3);
  });

  test("deleted after an iteration keep what is strictly below it, in every column", () => {
    const kept = deleteAfter(statsOf([0, 1, 2, 3]), 2);
    expect(toTable(kept)).toEqual([
      { iteration: 0, loss: 0, time: 1 },
      { iteration: 1, loss: 0.1, time: 1 },
    ]);
  });

  test("lose one entry more than they should when an iteration comes again, as DaCapo's do", () => {
    const again = addIterationStats(statsOf([0, 1, 2, 3, 4]), { iteration: 3, loss: 9, time: 1 });
    expect(iterationsOf(again)).toEqual([0, 1, 3]);
    expect(again.losses.at(-1)).toBe(9);
  });

  test("take a NaN loss as it is", () => {
    expect(addIterationStats(emptyTrainingStats, { iteration: 0, loss: Number.NaN, time: 1 }).losses).toEqual(
      Float64Array.of(Number.NaN),
    );
  });

  test("grown one by one are those given at once", () => {
    fc.assert(
      fc.property(fc.nat(40), (count) => {
        const rows = Array.from({ length: count }, (_, iteration) => ({
          iteration,
          loss: Math.sin(iteration),
          time: 0.5,
        }));
        const grown = rows.reduce(addIterationStats, emptyTrainingStats);
        expect(grown).toEqual(toTrainingStats(rows));
        expect(toTable(grown)).toEqual(rows);
      }),
    );
  });

  test("tell where they start late, miss a part, or were rewound", () => {
    expect(findTrainingBreaks(statsOf([0, 1, 2]))).toEqual([]);
    expect(findTrainingBreaks(statsOf([900, 901, 950, 920]))).toEqual([
      { kind: "late-start", index: 0, from: -1, to: 900 },
      { kind: "gap", index: 2, from: 901, to: 950 },
      { kind: "rewind", index: 3, from: 950, to: 920 },
    ]);
  });
});
