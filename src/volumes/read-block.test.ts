import { describe, expect, test } from "vitest";
import type { ArrayBlock, RunArray } from "#storage/open-array.ts";
import { readBlock, toArrayRanges, transposeBlock } from "./read-block.ts";

function array(axes: string[], shape: number[], dtype = "<f4"): RunArray {
  const types = axes.map((name) => (name.endsWith("^") ? "channel" : "space"));
  const spatialAxes = types.flatMap((type, axis) => (type === "space" ? [axis] : []));
  return {
    dtype,
    shape,
    metadata: {
      axisNames: axes.map((name) => name.replace("^", "")),
      types,
      voxelSize: spatialAxes.map(() => 1),
      offset: spatialAxes.map(() => 0),
      units: spatialAxes.map(() => "nm"),
      spatialAxes,
      notes: [],
    },
    read: (begin: readonly number[], end: readonly number[]): Promise<ArrayBlock> => {
      const size = end.map((e, axis) => e - (begin[axis] ?? 0));
      const data = new Float32Array(size.reduce((a, b) => a * b, 1)).map((_, i) => i);
      return Promise.resolve({ dtype, shape: size, data });
    },
  } as unknown as RunArray;
}

describe("reading voxels of a layer", () => {
  test("takes z, y, x and gives all channels first", async () => {
    const block = await readBlock(array(["c^", "z", "y", "x"], [3, 4, 5, 6]), [1, 2, 3], [2, 4, 6]);
    expect(block.shape).toEqual([3, 1, 2, 3]);
  });

  test("a channel axis at the end comes first", async () => {
    const block = await readBlock(array(["y", "x", "c^"], [2, 2, 2]), [0, 0], [2, 2]);
    expect([block.shape, [...block.data]]).toEqual([
      [2, 2, 2],
      [0, 2, 4, 6, 1, 3, 5, 7],
    ]);
  });

  test("flat data takes y, x, or z, y, x with any z", () => {
    const flat = array(["y", "x"], [4, 4]);
    expect(toArrayRanges(flat, [1, 1], [2, 3])).toEqual({ begin: [1, 1], end: [2, 3] });
    expect(toArrayRanges(flat, [0, 1, 1], [1, 2, 3])).toEqual({ begin: [1, 1], end: [2, 3] });
  });

  test("a held axis is read at its index and left out", async () => {
    const snapshots = array(["iterations^", "c^", "y", "x"], [5, 2, 3, 3]);
    const block = await readBlock(snapshots, [0, 0], [3, 3], { fixed: [{ axis: 0, index: 4 }] });
    expect(block.shape).toEqual([2, 3, 3]);
  });

  test.each([
    [
      [0, 0, 0],
      [1, 1, 7],
    ],
    [
      [-1, 0, 0],
      [1, 1, 1],
    ],
    [
      [1, 0, 0],
      [1, 1, 1],
    ],
    [
      [0.5, 0, 0],
      [1, 1, 1],
    ],
    [
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ],
  ])("refuses %j to %j of a 4 x 5 x 6 array", (begin, end) => {
    expect(() => toArrayRanges(array(["z", "y", "x"], [4, 5, 6]), begin, end)).toThrow(RangeError);
  });

  test("refuses more than 64 MiB before it reads any", () => {
    const large = array(["c^", "z", "y", "x"], [5, 512, 512, 512]);
    expect(() => toArrayRanges(large, [0, 0, 0], [64, 512, 512])).toThrow(/64/);
    expect(() => toArrayRanges(large, [0, 0, 0], [12, 512, 512])).not.toThrow();
  });

  test("transposing twice gives the block back", () => {
    const block = { dtype: "<f4", shape: [2, 3, 4], data: new Float32Array(24).map((_, i) => i) };
    const there = transposeBlock(block, [2, 0, 1]);
    expect(there.shape).toEqual([4, 2, 3]);
    expect(transposeBlock(there, [1, 2, 0])).toEqual(block);
  });
});
