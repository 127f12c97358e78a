import { describe, expect, it } from "vitest";
import { describeFinding, findFlaws, summarise } from "./block-check.ts";

const of = (...values: number[]) => summarise(Float32Array.from(values));
const raw = of(0.2, 0.7);

describe("a block's values", () => {
  it("that are no numbers are counted", () => {
    const output = of(0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    expect(output).toMatchObject({ nonFinite: 3, least: 0.5, most: 0.5 });
    expect(findFlaws(raw, output, true)).toEqual([{ flaw: "not-a-number", count: 3, total: 4 }]);
  });

  it("that are all the same are told of, unless the raw is all the same too", () => {
    expect(findFlaws(raw, of(3, 3, 3), false)).toEqual([{ flaw: "constant", count: 3, total: 3 }]);
    expect(findFlaws(of(0, 0), of(3, 3, 3), false)).toEqual([]);
  });

  it("at the very ends of a sigmoid are told of, but not those of a network without", () => {
    const output = of(0, 1, 1, 0, 0);
    expect(findFlaws(raw, output, true)).toMatchObject([{ flaw: "saturated", count: 5 }]);
    expect(findFlaws(raw, output, false)).toEqual([]);
    expect(findFlaws(raw, of(0, 0.3, 1), true)).toEqual([]);
  });

  it("are described with the block and what to try", () => {
    const sentence = describeFinding({ flaw: "constant", count: 8, total: 8 }, [0, 1, 2]);
    expect(sentence).toMatch(/^In block 0, 1, 2 all values are the same .* normalisation/);
  });
});
