import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toDistances } from "./distance-transform.ts";

const sizes = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }));
const spacing = fc.tuple(fc.constantFrom(1, 8, 50), fc.constantFrom(1, 4), fc.constantFrom(1, 4.5));

describe("distances to what is outside of a mask", () => {
  it("are those to the nearest of all voxels, each looked at", () => {
    fc.assert(
      fc.property(sizes, spacing, fc.infiniteStream(fc.constantFrom(0, 1, 1, 1)), (shape, unit, values) => {
        const [depth, height, width] = shape;
        const mask = Uint8Array.from({ length: depth * height * width }, () => values.next().value ?? 0);
        const distances = toDistances(mask, shape, unit);
        const at = (voxel: number) => [
          Math.floor(voxel / (height * width)) * unit[0],
          (Math.floor(voxel / width) % height) * unit[1],
          (voxel % width) * unit[2],
        ];
        mask.forEach((_, voxel) => {
          const here = at(voxel);
          const all = Array.from(mask, (value, other) =>
            value === 0 ? Math.hypot(...at(other).map((place, axis) => place - (here[axis] ?? 0))) : Infinity,
          );
          const nearest = Math.min(...all);
          if (nearest === Number.POSITIVE_INFINITY) expect(distances[voxel]).toBe(nearest);
          else expect(distances[voxel]).toBeCloseTo(nearest, 9);
        });
      }),
    );
  });
});
