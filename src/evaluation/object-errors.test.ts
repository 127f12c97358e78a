import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createJointCounter } from "./joint-counter.ts";
import type { LabelData } from "./label-data.ts";
import { findObjectErrors, type LabelledObject, voxelErrors } from "./object-errors.ts";
import { toVariationOfInformation } from "./voi.ts";

const volumes = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })), { minLength: 1, maxLength: 150 })
  .map((voxels) => ({
    output: BigUint64Array.from(voxels, ([label]) => BigInt(label)),
    truth: Uint32Array.from(voxels, ([, label]) => label),
  }));

function analyse(output: LabelData, truth: LabelData) {
  const counter = createJointCounter();
  counter.add(output, truth, [1, 1, truth.length], [0, 0, 0]);
  const found = findObjectErrors(counter.table());
  return { ...found, errors: Array.from(counter.pairsOf(output, truth), (pair) => found.codes[pair]) };
}

const find = (objects: readonly LabelledObject[], side: LabelledObject["side"], id: bigint) =>
  objects.find((object) => object.side === side && object.id === id);

const { right, split, merge, missed, spurious } = voxelErrors;

describe("the errors of a segmentation", () => {
  it("are shared out over objects and background, and sum to the variation of information", () => {
    fc.assert(
      fc.property(volumes, ({ output, truth }) => {
        const { objects, voi } = analyse(output, truth);
        const total = (side: LabelledObject["side"]) =>
          objects.filter((object) => object.side === side).reduce((bits, { voiShare }) => bits + voiShare, 0);
        const expected = toVariationOfInformation(output, truth);
        expect(voi.split).toBeCloseTo(expected.split, 9);
        expect(voi.merge).toBeCloseTo(expected.merge, 9);
        expect(total("truth")).toBeCloseTo(expected.split, 9);
        expect(total("output")).toBeCloseTo(expected.merge, 9);
      }),
    );
  });

  it("count every voxel of every object and of the background once", () => {
    fc.assert(
      fc.property(volumes, ({ output, truth }) => {
        const { objects } = analyse(output, truth);
        const voxels = (side: LabelledObject["side"]) =>
          objects.filter((object) => object.side === side).reduce((count, object) => count + object.voxels, 0);
        expect(voxels("truth")).toBe(truth.length);
        expect(voxels("output")).toBe(truth.length);
      }),
    );
  });

  it("lie where the object is", () => {
    fc.assert(
      fc.property(volumes, ({ output, truth }) => {
        for (const { side, id, place } of analyse(output, truth).objects) {
          const volume = side === "truth" ? truth : output;
          expect(BigInt(volume[place.at(-1) ?? -1] ?? -1)).toBe(id);
        }
      }),
    );
  });

  it("are none between a segmentation and a renaming of it", () => {
    fc.assert(
      fc.property(volumes, ({ truth }) => {
        const renamed = BigUint64Array.from(truth, (label) => (label === 0 ? 0n : 2n ** 60n + BigInt(label)));
        const { objects, errors } = analyse(renamed, truth);
        expect(errors.every((code) => code === right)).toBe(true);
        const named = objects.filter(({ verdict }) => verdict !== "background");
        expect(named.every(({ verdict, iou }) => verdict === "matched" && iou === 1)).toBe(true);
      }),
    );
  });

  it("tell a split object and its smaller piece, and show the piece", () => {
    const { objects, errors } = analyse(Uint8Array.of(1, 1, 2, 0, 0, 3, 3, 3), Uint8Array.of(1, 1, 1, 0, 0, 2, 2, 2));
    const object = find(objects, "truth", 1n);
    expect(object).toMatchObject({ verdict: "split", bestMatch: 1n, iou: 2 / 3, voxels: 3, place: [0, 0, 2] });
    expect(object?.partners).toEqual([1n, 2n]);
    expect(object?.voiShare).toBeCloseTo(0.3443609377704336, 12);
    expect(find(objects, "truth", 2n)).toMatchObject({ verdict: "matched", bestMatch: 3n, iou: 1, voiShare: 0 });
    expect(find(objects, "output", 1n)?.verdict).toBe("matched");
    expect(find(objects, "output", 2n)?.verdict).toBe("split");
    expect(errors).toEqual([right, right, split, right, right, right, right, right]);
  });

  it("tell a merger, and which object of the truth it swallowed", () => {
    const { objects, errors } = analyse(Uint8Array.of(7, 7, 7, 7, 7, 0), Uint8Array.of(1, 1, 1, 2, 2, 0));
    expect(find(objects, "output", 7n)).toMatchObject({ verdict: "merged", bestMatch: 1n, iou: 3 / 5 });
    expect(find(objects, "truth", 1n)?.verdict).toBe("matched");
    expect(find(objects, "truth", 2n)?.verdict).toBe("merged");
    expect(errors).toEqual([right, right, right, merge, merge, right]);
  });

  it("call nothing matched that its segment shares with many small ones", () => {
    const truth = Uint8Array.from({ length: 24 }, (_, i) => (i < 6 ? 1 : i));
    const { objects } = analyse(new Uint8Array(24).fill(7), truth);
    expect(find(objects, "truth", 1n)).toMatchObject({ verdict: "merged", bestMatch: 7n, iou: 6 / 24 });
    expect(find(objects, "output", 7n)?.verdict).toBe("merged");
  });

  it("tell what was missed and what is spurious", () => {
    const { objects, errors } = analyse(Uint8Array.of(0, 0, 0, 4), Uint8Array.of(3, 3, 0, 0));
    expect(find(objects, "truth", 3n)).toMatchObject({ verdict: "missed", bestMatch: undefined, iou: 0 });
    expect(find(objects, "output", 4n)).toMatchObject({ verdict: "spurious", bestMatch: undefined, iou: 0 });
    expect(errors).toEqual([missed, missed, right, spurious]);
  });

  it("call an object missed that is mostly background, and still say what is left of it", () => {
    const { objects } = analyse(Uint8Array.of(0, 0, 0, 5, 5), Uint8Array.of(1, 1, 1, 1, 1));
    expect(find(objects, "truth", 1n)).toMatchObject({ verdict: "missed", bestMatch: 5n, iou: 2 / 5 });
  });
});
