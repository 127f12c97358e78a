import { describe, expect, test } from "vitest";
import type { CoordinateSpace } from "./coordinate-space.ts";
import { planSource, type SourceFacts } from "./source-plan.ts";

function axes(shape: readonly number[], channels = 0): CoordinateSpace {
  return shape.map((size, i) => ({
    name: i < channels ? `c${i}^` : `d${i}`,
    channel: i < channels,
    size,
    scale: 1,
    unit: "",
    offset: 0,
  }));
}

/** As DaCapo writes its arrays. */
function zarray(dtype: string, shape: readonly number[], chunks: readonly number[], more: object = {}) {
  return {
    zarr_format: 2,
    shape,
    chunks,
    dtype,
    compressor: { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 },
    fill_value: 0,
    filters: null,
    order: "C",
    dimension_separator: "/",
    ...more,
  };
}

type Written = {
  dtype: string;
  shape: number[];
  chunks: number[];
  channels?: number;
  kind?: SourceFacts["kind"];
  more?: object;
};

function plan({ dtype, shape, chunks, channels = 0, kind = "grey", more }: Written) {
  const array = { dtype, shape, chunks, zarrFormat: 2 as const };
  return planSource({ array, space: axes(shape, channels), kind, zarray: zarray(dtype, shape, chunks, more) });
}

describe("how an array reaches neuroglancer", () => {
  test("float32 raw passes through as it is stored", () => {
    const { mode, served } = plan({ dtype: "<f4", shape: [13, 160, 160], chunks: [14, 116, 116] });
    expect(mode).toBe("stored");
    expect(served).toMatchObject({ dtype: "<f4", chunks: [14, 116, 116], dimension_separator: "/", order: "C" });
    expect(served.compressor).toMatchObject({ id: "blosc" });
  });

  test("uint64 labels pass through, and are narrowed where they are classes", () => {
    expect(plan({ dtype: "<u8", shape: [4, 4, 4], chunks: [4, 4, 4], kind: "instances" }).mode).toBe("stored");
    const classes = plan({ dtype: "<u8", shape: [4, 4, 4], chunks: [4, 4, 4], kind: "class-segmentation" });
    expect([classes.mode, classes.served.dtype]).toEqual(["converted", "<u4"]);
  });

  test("a prediction whose channels are split over chunks is served with all of them in one", () => {
    const { mode, served } = plan({
      dtype: "<f4",
      shape: [5, 7, 120, 120],
      chunks: [3, 4, 60, 120],
      channels: 1,
      kind: "affinities",
    });
    expect(mode).toBe("converted");
    expect(served).toMatchObject({ dtype: "<f4", shape: [5, 7, 120, 120], chunks: [5, 4, 60, 120], compressor: null });
  });

  test.each([
    ["|b1", "|u1"],
    ["<f8", "<f4"],
    ["<f2", "<f4"],
  ])("%s, which neuroglancer does not know, is served as %s", (dtype, served) => {
    const planned = plan({ dtype, shape: [8, 8, 8], chunks: [4, 4, 4] });
    expect([planned.mode, planned.served.dtype]).toEqual(["converted", served]);
  });

  test("raw lz4, filters and fill values that no number is are converted", () => {
    const array = { dtype: "|u1", shape: [8, 8, 8], chunks: [8, 8, 8] };
    for (const more of [{ compressor: { id: "lz4" } }, { filters: [{ id: "delta" }] }, { fill_value: "AAAA" }]) {
      expect(plan({ ...array, more }).mode).toBe("converted");
    }
  });

  test("signed and big-endian integers, F order, zlib and no compressor pass through", () => {
    const array = { shape: [8, 8, 8], chunks: [8, 8, 8] };
    expect(plan({ ...array, dtype: "<i2" }).mode).toBe("stored");
    expect(plan({ ...array, dtype: ">u2", more: { order: "F" } }).mode).toBe("stored");
    expect(plan({ ...array, dtype: "|u1", more: { compressor: { id: "zlib", level: 5 } } }).mode).toBe("stored");
    expect(plan({ ...array, dtype: "|u1", more: { compressor: null } }).mode).toBe("stored");
  });

  test("converted chunks are no larger than the array, and never enormous", () => {
    expect(plan({ dtype: "<f8", shape: [11, 128, 128], chunks: [64, 256, 256] }).served.chunks).toEqual([11, 128, 128]);
    const huge = plan({ dtype: "<f8", shape: [3000, 3000, 3000], chunks: [3000, 3000, 3000] }).served.chunks;
    expect(huge.reduce((a, b) => a * b, 4)).toBeLessThanOrEqual(2 ** 27);
  });

  test("zarr v3 and N5 are converted, whatever they hold", () => {
    const array = { dtype: "<f4", shape: [4, 4], chunks: [2, 2], zarrFormat: 3 as const };
    expect(planSource({ array, space: axes([4, 4]), kind: "grey" }).mode).toBe("converted");
  });

  test("a held axis is no axis of what is served", () => {
    const shape = [2, 1, 3, 4, 5, 6];
    const array = { dtype: "<f4", shape, chunks: [1, 1, 3, 4, 5, 6], zarrFormat: 2 as const };
    const fixed = [
      { axis: 0, index: 1 },
      { axis: 1, index: 0 },
    ];
    const planned = planSource({
      array,
      space: axes(shape, 3),
      kind: "grey",
      fixed,
      zarray: zarray("<f4", shape, array.chunks),
    });
    expect([planned.mode, planned.served.shape, planned.dimensionNames]).toEqual([
      "converted",
      [3, 4, 5, 6],
      ["c2^", "d3", "d4", "d5"],
    ]);
  });

  test("nothing of a hostile .zarray but what is understood is passed on", () => {
    const { served } = plan({
      dtype: "|u1",
      shape: [2],
      chunks: [2],
      more: { evil: "<script>", compressor: { id: "gzip", level: "x", evil: 1 } },
    });
    expect(Object.keys(served).sort()).toEqual([
      "chunks",
      "compressor",
      "dimension_separator",
      "dtype",
      "fill_value",
      "filters",
      "order",
      "shape",
      "zarr_format",
    ]);
    expect(served.compressor).toEqual({ id: "gzip", level: 1 });
  });
});
