import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunArray } from "#storage/open-array.ts";
import {
  toBox,
  toCoordinateSpace,
  toDisplayDimensions,
  toGlobalDimensions,
  toSiUnit,
  toTransformJson,
  withoutAxes,
} from "./coordinate-space.ts";

type Facts = { axes: string[]; shape: number[]; voxel: number[]; offset: number[]; units?: string[] };

function place({ axes, shape, voxel, offset, units }: Facts): Pick<RunArray, "metadata" | "shape"> {
  const types = axes.map((name) => (name.endsWith("^") ? "channel" : "space"));
  return {
    shape,
    metadata: {
      axisNames: axes.map((name) => name.replace("^", "")),
      types: types as RunArray["metadata"]["types"],
      voxelSize: voxel,
      offset,
      units: units ?? voxel.map(() => "nm"),
      spatialAxes: types.flatMap((type, axis) => (type === "space" ? [axis] : [])),
      notes: [],
    },
  };
}

describe("where neuroglancer puts a DaCapo array", () => {
  test("a prediction keeps its channels out of the world and its corner at the offset", () => {
    const space = toCoordinateSpace(
      place({ axes: ["c^", "z", "y", "x"], shape: [5, 7, 120, 120], voxel: [45, 9, 9], offset: [585, 540, 2700] }),
    );
    expect(space.map((axis) => axis.name)).toEqual(["c^", "z", "y", "x"]);
    expect(toBox(space).get("z")).toEqual({ begin: 585e-9, end: 900e-9, voxel: 45e-9 });
    expect(toTransformJson(space)).toEqual({
      outputDimensions: { "c^": [1, ""], z: [45e-9, "m"], y: [9e-9, "m"], x: [9e-9, "m"] },
      inputDimensions: { "c^": [1, ""], z: [45e-9, "m"], y: [9e-9, "m"], x: [9e-9, "m"] },
      matrix: [
        [1, 0, 0, 0, 0],
        [0, 1, 0, 0, 13],
        [0, 0, 1, 0, 60],
        [0, 0, 0, 1, 300],
      ],
    });
  });

  test("unnamed axes are called x, y, z from the last", () => {
    const space = toCoordinateSpace(
      place({ axes: ["d0", "d1", "d2"], shape: [1, 2, 3], voxel: [1, 1, 1], offset: [0, 0, 0] }),
    );
    expect(space.map((axis) => axis.name)).toEqual(["z", "y", "x"]);
  });

  test("two channel axes of one name stay apart", () => {
    const space = toCoordinateSpace(
      place({ axes: ["c^", "c^", "y", "x"], shape: [2, 3, 4, 5], voxel: [1, 1], offset: [0, 0] }),
    );
    expect(space.map((axis) => axis.name)).toEqual(["c^", "c1^", "y", "x"]);
  });

  test("a snapshot's iteration can be held and left out", () => {
    const space = toCoordinateSpace(
      place({
        axes: ["iterations^", "b^", "c^", "z", "y", "x"],
        shape: [2, 1, 3, 4, 5, 6],
        voxel: [1, 1, 1],
        offset: [0, 0, 0],
      }),
    );
    const kept = withoutAxes(space, [
      { axis: 0, index: 1 },
      { axis: 1, index: 0 },
    ]);
    expect(kept.map((axis) => axis.name)).toEqual(["c^", "z", "y", "x"]);
  });

  test("units: empty is nm, micrometres are lengths, an unknown one keeps its numbers", () => {
    expect(toSiUnit("")).toEqual(["m", 1e-9]);
    expect(toSiUnit("Micrometers")).toEqual(["m", 1e-6]);
    expect(toSiUnit("parsnips")).toEqual(["", 1]);
  });

  test("a voxel size of 0 or NaN does not make a singular transform", () => {
    const space = toCoordinateSpace(
      place({ axes: ["y", "x"], shape: [2, 2], voxel: [0, Number.NaN], offset: [3, Number.NaN] }),
    );
    expect(space.every((axis) => axis.scale > 0 && Number.isFinite(axis.offset))).toBe(true);
  });

  test("world and voxel coordinates invert for every voxel size and offset", () => {
    const size = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(size, fc.integer({ min: -1e6, max: 1e6 }), size, (voxel, offset, count) => {
        const [axis] = toCoordinateSpace(place({ axes: ["x"], shape: [count], voxel: [voxel], offset: [offset] }));
        const along = toBox(axis ? [axis] : []).get("x");
        expect((along?.begin ?? 0) / 1e-9).toBeCloseTo(offset, 4);
        expect(((along?.end ?? 0) - (along?.begin ?? 0)) / (along?.voxel ?? 1)).toBeCloseTo(count, 6);
      }),
    );
  });

  test("the viewer steps by the finest voxel of its layers, x first", () => {
    const coarse = toCoordinateSpace(
      place({ axes: ["z", "y", "x"], shape: [1, 1, 1], voxel: [45, 18, 18], offset: [0, 0, 0] }),
    );
    const fine = toCoordinateSpace(
      place({ axes: ["c^", "z", "y", "x"], shape: [1, 1, 1, 1], voxel: [45, 9, 9], offset: [0, 0, 0] }),
    );
    const dimensions = toGlobalDimensions([coarse, fine]);
    expect(Object.entries(dimensions)).toEqual([
      ["x", [9e-9, "m"]],
      ["y", [9e-9, "m"]],
      ["z", [45e-9, "m"]],
    ]);
    expect(toDisplayDimensions(dimensions)).toEqual(["x", "y", "z"]);
  });

  test("two-dimensional data has no z", () => {
    const flat = toCoordinateSpace(place({ axes: ["y", "x"], shape: [4, 4], voxel: [2, 2], offset: [0, 0] }));
    expect(toDisplayDimensions(toGlobalDimensions([flat]))).toEqual(["x", "y"]);
  });
});
