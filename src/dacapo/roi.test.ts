import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, divide, floorDivide, leastCommonMultiple, multiply, product, subtract } from "./coordinate.ts";
import {
  containsPoint,
  containsRoi,
  growRoi,
  intersectRoi,
  isEmptyRoi,
  type Roi,
  roiCenter,
  roiEnd,
  roiEquals,
  roiOfArray,
  roiVolume,
  shiftRoi,
  snapRoiToGrid,
  unionRoi,
  voxelToWorld,
  worldToVoxel,
} from "./roi.ts";

const axis = fc.integer({ min: -500, max: 500 });
const coordinate = fc.tuple(axis, axis, axis);
const length = fc.integer({ min: 0, max: 300 });
const anyRoi: fc.Arbitrary<Roi> = fc.record({ offset: coordinate, shape: fc.tuple(length, length, length) });
const voxelSize = fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 50 })));

describe("coordinates", () => {
  test("are computed axis by axis, a scalar standing for every axis", () => {
    expect(add([1, 2, 3], [10, 20, 30])).toEqual([11, 22, 33]);
    expect(subtract([1, 2, 3], 1)).toEqual([0, 1, 2]);
    expect(multiply([1, 2, 3], [45, 9, 9])).toEqual([45, 18, 27]);
    expect(divide([90, 18, 9], [45, 9, 9])).toEqual([2, 2, 1]);
    expect(floorDivide([-1, 9], [2, 2])).toEqual([-1, 4]);
    expect(product([14, 116, 116])).toBe(188_384);
    expect(leastCommonMultiple([45, 9, 9], [30, 9, 4])).toEqual([90, 9, 36]);
  });
});

describe("a roi", () => {
  test("of an array spans its voxels from the corner of the first one", () => {
    const roi = roiOfArray([6, 76, 76], [45, 9, 9], [630, 2970, 810]);
    expect(roiEnd(roi)).toEqual([900, 3654, 1494]);
    expect(roiCenter(roi)).toEqual([765, 3312, 1152]);
    expect(containsPoint(roi, [630, 2970, 810])).toBe(true);
    expect(containsPoint(roi, roiEnd(roi))).toBe(false);
  });

  test("intersected lies in both, and is empty where they do not meet", () => {
    fc.assert(
      fc.property(anyRoi, anyRoi, (a, b) => {
        const both = intersectRoi(a, b);
        if (isEmptyRoi(both)) {
          expect(roiVolume(both)).toBe(0);
          return;
        }
        expect(containsRoi(a, both) && containsRoi(b, both)).toBe(true);
        expect(containsRoi(unionRoi(a, b), a) && containsRoi(unionRoi(a, b), b)).toBe(true);
      }),
    );
  });

  test("grown and shrunk by the same amount, or shifted there and back, is itself", () => {
    fc.assert(
      fc.property(anyRoi, coordinate, fc.nat(100), (roi, by, amount) => {
        expect(roiEquals(growRoi(growRoi(roi, amount), -amount), roi)).toBe(true);
        expect(roiEquals(shiftRoi(shiftRoi(roi, by), multiply(by, -1)), roi)).toBe(true);
      }),
    );
  });

  test("snapped by growing covers it, by shrinking lies in it, both on the grid", () => {
    fc.assert(
      fc.property(anyRoi, voxelSize, (roi, grid) => {
        const grown = snapRoiToGrid(roi, grid, "grow");
        const shrunk = snapRoiToGrid(roi, grid, "shrink");
        expect(containsRoi(grown, roi)).toBe(true);
        expect(isEmptyRoi(shrunk) || containsRoi(roi, shrunk)).toBe(true);
        for (const corner of [grown.offset, roiEnd(grown)]) {
          expect(corner.every((x, index) => Math.abs(x % (grid[index] ?? 1)) === 0)).toBe(true);
        }
      }),
    );
  });

  test("world and voxel conversions invert", () => {
    fc.assert(
      fc.property(coordinate, voxelSize, coordinate, (voxel, size, offset) => {
        expect(worldToVoxel(voxelToWorld(voxel, size, offset), size, offset).map((x) => x + 0)).toEqual(
          voxel.map((x) => x + 0),
        );
      }),
    );
  });
});
