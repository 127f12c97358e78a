import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countOverlap, toCountScores, toTextbookPrecision } from "./binary-scores.ts";
import { toBinaryVoi } from "./voi.ts";

type Box = readonly (readonly [number, number])[];

/** A mask that is 1 in an inclusive box. */
function boxMask([depth, height, width]: readonly [number, number, number], box: Box): Uint8Array {
  const inside = (position: readonly number[]) =>
    position.every((p, axis) => p >= (box[axis]?.[0] ?? 0) && p <= (box[axis]?.[1] ?? 0));
  return Uint8Array.from({ length: depth * height * width }, (_, i) =>
    inside([Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width]) ? 1 : 0,
  );
}

const cube = [6, 6, 6] as const;
const truth = boxMask(cube, [
  [1, 3],
  [1, 4],
  [1, 4],
]);
const test = boxMask(cube, [
  [2, 4],
  [1, 4],
  [2, 5],
]);
const mask = fc.array(fc.constantFrom(0, 1), { minLength: 40, maxLength: 40 }).map((voxels) => Uint8Array.from(voxels));

describe("count-based scores of a mask", () => {
  it("are those of section 14 with SimpleITK 2.2 and newer", () => {
    expect(countOverlap(test, truth)).toEqual({ agreeing: 24, truth: 48, test: 48, background: 144, total: 216 });
    expect(toCountScores(countOverlap(test, truth))).toEqual({
      dice: 0.5,
      jaccard: 0.3333333333333333,
      false_negative_rate: 0.5,
      false_positive_rate: 0.04081632653061224,
      false_discovery_rate: 0.14285714285714285,
      precision: 0.8571428656578064,
      recall: 0.5,
      f1_score: 0.6315789496799585,
    });
    expect(toBinaryVoi(test, truth)).toBeCloseTo(1.3648243222391758, 12);
  });

  it("divide false positives by the output's size before SimpleITK 2.2", () => {
    const { false_discovery_rate, precision } = toCountScores(countOverlap(test, truth), "before-simpleitk-2.2");
    expect(false_discovery_rate).toBe(0.5);
    expect(precision).toBe(0.5);
  });

  it("follow both definitions on the second volume of section 14", () => {
    const shape = [8, 10, 12] as const;
    const counts = countOverlap(
      boxMask(shape, [
        [3, 6],
        [1, 6],
        [4, 10],
      ]),
      boxMask(shape, [
        [2, 5],
        [2, 7],
        [3, 8],
      ]),
    );
    expect(toCountScores(counts).dice).toBe(0.4807692307692308);
    expect(toCountScores(counts).false_discovery_rate).toBeCloseTo(0.11397058823529412, 15);
    expect(toCountScores(counts, "before-simpleitk-2.2").false_discovery_rate).toBeCloseTo(0.5535714285714286, 15);
  });

  it("are NaN where DaCapo writes NaN: everything when both masks are empty", () => {
    const scores = Object.values(toCountScores(countOverlap(new Uint8Array(8), new Uint8Array(8))));
    expect(scores.every(Number.isNaN)).toBe(true);
  });

  it("keep dice, jaccard and false discovery when only the output is empty, as threshold_127 leaves it", () => {
    const scores = toCountScores(countOverlap(new Uint8Array(8), Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0)));
    expect(scores).toMatchObject({ dice: 0, jaccard: 0, false_discovery_rate: 0 });
    const { false_negative_rate, false_positive_rate, precision, recall, f1_score } = scores;
    expect([false_negative_rate, false_positive_rate, precision, recall, f1_score].every(Number.isNaN)).toBe(true);
  });

  it("give the largest double for an empty output before SimpleITK 2.2, as its division by zero did", () => {
    const counts = countOverlap(new Uint8Array(4), Uint8Array.of(1, 0, 0, 0));
    expect(toCountScores(counts, "before-simpleitk-2.2").false_discovery_rate).toBe(1.7976931348623157e308);
  });

  it("have no f1 when precision and recall are both 0", () => {
    const inverse = countOverlap(Uint8Array.of(0, 0, 1, 1), Uint8Array.of(1, 1, 0, 0));
    expect(toCountScores(inverse).f1_score).toBeNaN();
  });

  it("cast volumes as NumPy does: 256 becomes background, labels are compared one by one", () => {
    expect(countOverlap(Uint16Array.of(256, 1, 2), BigUint64Array.of(1n, 1n, 3n))).toMatchObject({
      agreeing: 1,
      truth: 3,
      test: 2,
    });
  });

  it("offer the precision of the textbooks beside DaCapo's", () => {
    expect(toTextbookPrecision(countOverlap(test, truth))).toBe(0.5);
    expect(toTextbookPrecision(countOverlap(new Uint8Array(8), new Uint8Array(8)))).toBeUndefined();
  });

  it("keep to their definitions on any masks", () => {
    fc.assert(
      fc.property(mask, mask, (s, t) => {
        const { dice, jaccard } = toCountScores(countOverlap(s, t));
        if (Number.isNaN(dice)) return;
        expect(jaccard).toBeCloseTo(dice / (2 - dice), 12);
        expect(toCountScores(countOverlap(t, s)).dice).toBe(dice);
        expect(toCountScores(countOverlap(t, t)).dice).toSatisfy((value) => value === 1 || Number.isNaN(value));
      }),
    );
  });
});
