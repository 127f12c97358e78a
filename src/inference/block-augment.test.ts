import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canAugment, planAugmentations, runAugmented } from "./block-augment.ts";
import { summarise } from "./block-check.ts";

const seen = { input: summarise(new Float32Array()), output: summarise(new Float32Array()) };
const identity = async (data: Float32Array<ArrayBuffer>) => ({
  data: data.slice(),
  shape: [2, 3, 4, 4],
  milliseconds: 1,
  seen,
});

describe("augmentation at test time", () => {
  it("turns every image back to where it was", async () => {
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 96, maxLength: 96 });
    await fc.assert(
      fc.asyncProperty(values, async (list) => {
        const data = Float32Array.from(list);
        const all = planAugmentations("all", [3, 4, 4], [45, 9, 9]);
        const { data: mean, milliseconds } = await runAugmented(identity, data, [3, 4, 4], all);
        expect(Array.from(mean)).toEqual(list);
        expect(milliseconds).toBe(8);
      }),
      { numRuns: 20 },
    );
  });

  it("gives a network that looks to one side no side", async () => {
    const toTheRight = async (data: Float32Array<ArrayBuffer>) => ({
      data: data.map((_, i) => (i % 3 === 0 ? 0 : (data[i - 1] ?? 0))),
      shape: [1, 3, 3],
      milliseconds: 1,
      seen,
    });
    const spot = Float32Array.of(0, 0, 0, 0, 8, 0, 0, 0, 0);
    const all = planAugmentations("all", [3, 3], [1, 1]);
    const { data } = await runAugmented(toTheRight, spot, [3, 3], all);
    expect(Array.from(data)).toEqual([0, 2, 0, 2, 0, 2, 0, 2, 0]);
  });

  it("leaves quarter turns out where the plane is not square", () => {
    expect(planAugmentations("all", [3, 4, 4], [45, 9, 9])).toHaveLength(8);
    expect(planAugmentations("all", [3, 4, 6], [45, 9, 9])).toHaveLength(4);
    expect(planAugmentations("all", [3, 4, 4], [45, 9, 8])).toHaveLength(4);
    expect(planAugmentations("none", [3, 4, 4], [45, 9, 9])).toHaveLength(1);
  });

  it("is not for affinities, whose meaning has a direction", () => {
    expect(canAugment([{ name: "mito", kind: "distance" }])).toBe(true);
    expect(canAugment([{ name: "aff_1.0.0", kind: "affinity" }])).toBe(false);
  });
});
