import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agrees, allCandidates, matches, narrow, openPairs, toUniqueOrder } from "./dataset-match.ts";

/** Every permutation of 0 … n - 1 that the candidates allow, by trying them all. */
function allOrders(candidates: readonly (readonly boolean[])[]): readonly (readonly number[])[] {
  const extend = (order: readonly number[]): readonly (readonly number[])[] =>
    order.length === candidates.length
      ? [order]
      : [...candidates.keys()]
          .filter((folder) => !order.includes(folder) && candidates[folder]?.[order.length])
          .flatMap((folder) => extend([...order, folder]));
  return extend([]);
}

const square = fc
  .integer({ min: 1, max: 5 })
  .chain((n) => fc.array(fc.array(fc.boolean(), { minLength: n, maxLength: n }), { minLength: n, maxLength: n }));

describe("matching recomputed scores with stored ones", () => {
  it("bridges summation order and float32, and nothing that a person would call another score", () => {
    expect(agrees(3.0331451404741645, 3.0331451404741632)).toBe(true);
    expect(agrees(Math.fround(0.1), 0.1)).toBe(true);
    expect(agrees(-0, 1e-17)).toBe(true);
    expect(agrees(0.5, 0.50001)).toBe(false);
  });

  it("takes NaN for NaN, since DaCapo writes it by rule", () => {
    expect(agrees(Number.NaN, Number.NaN)).toBe(true);
    expect(agrees(Number.NaN, 0)).toBe(false);
  });

  it("compares only what was computed, and something must have been", () => {
    expect(matches([0.5, undefined], [0.5, 9])).toBe(true);
    expect(matches([undefined], [9])).toBe(false);
    expect(matches([0.5], [])).toBe(false);
  });

  it("finds the order exactly when one is left", () => {
    fc.assert(
      fc.property(square, (candidates) => {
        const orders = allOrders(candidates);
        expect(toUniqueOrder(candidates)).toEqual(orders.length === 1 ? orders[0] : undefined);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses evidence that leaves a dataset without a place", () => {
    expect(
      narrow(allCandidates(2), [
        [false, false],
        [true, true],
      ]),
    ).toBeUndefined();
    expect(
      narrow(allCandidates(2), [
        [true, false],
        [true, false],
      ]),
    ).toBeUndefined();
    expect(
      narrow(allCandidates(2), [
        [true, false],
        [true, true],
      ]),
    ).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  it("knows which places can still be confused", () => {
    expect(
      openPairs([
        [true, true, false],
        [true, true, false],
        [false, false, true],
      ]),
    ).toEqual([[0, 1]]);
  });
});
