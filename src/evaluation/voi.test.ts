import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EvaluationError } from "./errors.ts";
import { toBinaryVoi, toInstanceScores, toPartition, toVariationOfInformation } from "./voi.ts";

const labels = (max: number) => fc.array(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 200 });
const pairOfLabels = labels(9).chain((truth) =>
  fc.tuple(
    fc.constant(truth),
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: truth.length, maxLength: truth.length }),
  ),
);

/** H(x, y) - H(y), written down from the definition. */
function conditionalEntropy(x: readonly number[], y: readonly number[]): number {
  const entropy = (keys: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return [...counts.values()].reduce((sum, n) => sum - (n / keys.length) * Math.log2(n / keys.length), 0);
  };
  return entropy(x.map((label, i) => `${label},${y[i]}`)) - entropy(y.map(String));
}

describe("variation of information", () => {
  it("gives DaCapo's split and merge for an object cut in two (section 14)", () => {
    const truth = Uint8Array.of(1, 1, 1, 0, 0, 2, 2, 2);
    const test = Uint8Array.of(1, 1, 2, 0, 0, 3, 3, 3);
    expect(toVariationOfInformation(test, truth)).toEqual({ split: expect.closeTo(0.3443609377704336, 12), merge: 0 });
    expect(toVariationOfInformation(truth, test)).toEqual({ split: 0, merge: expect.closeTo(0.3443609377704336, 12) });
  });

  it("counts background as a label, unlike the usual convention of leaving gt 0 out", () => {
    expect(toVariationOfInformation(Uint8Array.of(1, 2, 3, 3), Uint8Array.of(0, 0, 3, 3)).split).toBeCloseTo(0.5, 12);
  });

  it("is the conditional entropies of the two segmentations", () => {
    fc.assert(
      fc.property(pairOfLabels, ([truth, test]) => {
        const { split, merge } = toVariationOfInformation(Uint32Array.from(test), Uint16Array.from(truth));
        expect(split).toBeCloseTo(conditionalEntropy(test, truth), 9);
        expect(merge).toBeCloseTo(conditionalEntropy(truth, test), 9);
      }),
    );
  });

  it("is exactly 0 between a segmentation and any renaming of it, whatever the ids and their type", () => {
    fc.assert(
      fc.property(labels(20), fc.bigInt({ min: 1n, max: 2n ** 58n }), (truth, factor) => {
        const renamed = BigUint64Array.from(truth, (label) => BigInt.asUintN(64, BigInt(label) * (factor * 2n + 1n)));
        expect(toInstanceScores(renamed, Uint8Array.from(truth))).toEqual({ voi_split: 0, voi_merge: 0, voi: 0 });
      }),
    );
  });

  it("tells ids apart that differ only above 2^53 or in their high word", () => {
    const ids = BigUint64Array.of(2n ** 60n, 2n ** 60n + 1n, 5n, 5n + 2n ** 32n);
    expect(toPartition(ids).counts).toEqual(Float64Array.of(1, 1, 1, 1));
  });

  it("reads floats as the whole numbers to which DaCapo casts them", () => {
    expect(toPartition(Float32Array.of(1, 1.9, -0, 0, 2)).indices).toEqual(Uint32Array.of(0, 0, 1, 1, 2));
  });

  it("keeps more labels apart than its table starts with", () => {
    const ids = Uint32Array.from({ length: 100_000 }, (_, i) => Math.imul(i, 2654435761) >>> 0);
    expect(toPartition(ids).counts.length).toBe(100_000);
    expect(toVariationOfInformation(ids, new Uint8Array(ids.length)).split).toBeCloseTo(Math.log2(100_000), 9);
  });

  it("halves the sum for instances and does not for masks", () => {
    const truth = Uint8Array.of(0, 0, 1, 1);
    const test = Uint8Array.of(0, 1, 1, 1);
    const { voi_split, voi_merge, voi } = toInstanceScores(test, truth);
    expect(voi).toBe((voi_split + voi_merge) / 2);
    expect(toBinaryVoi(test, truth)).toBe(voi_split + voi_merge);
  });

  it("refuses volumes of different sizes", () => {
    expect(() => toVariationOfInformation(new Uint8Array(3), new Uint8Array(4))).toThrow(EvaluationError);
  });
});
