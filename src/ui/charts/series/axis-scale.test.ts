import { describe, expect, test } from "vitest";
import { linearScale, logScale } from "./axis-scale.ts";

describe("a scale for recharts' axes", () => {
  test("puts iterations evenly, and losses evenly by their logarithm", () => {
    const x = linearScale.copy().domain([1000, 2000]).range([50, 250]);
    expect([1000, 1250, 2000].map(x)).toEqual([50, 100, 250]);
    const y = logScale.copy().domain([0.001, 10]).range([200, 0]);
    expect(y(0.1)).toBeCloseTo(100);
  });

  test("says its ends, and leaves the scale alone that it was copied from", () => {
    const copy = linearScale.copy().domain([3, 4]).range([5, 6]);
    expect([copy.domain(), copy.range()]).toEqual([
      [3, 4],
      [5, 6],
    ]);
    expect(linearScale.domain()).toEqual([0, 1]);
    expect(copy.copy().domain([7, 8]).range()).toEqual([5, 6]);
    expect(copy.domain()).toEqual([3, 4]);
  });
});
