import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseArrayMetadata } from "./array-metadata.ts";

const zarray = (...shape: number[]) => ({ shape, chunks: shape, zarr_format: 2 });

describe("arrays that DaCapo writes", () => {
  test("a prediction: channels first, world units per spatial axis, empty units are nm", () => {
    const attributes = {
      axis_names: ["c^", "z", "y", "x"],
      offset: [540, 540, 2880],
      types: ["channel", "space", "space", "space"],
      units: ["", "", ""],
      voxel_size: [45, 9, 9],
    };
    expect(parseArrayMetadata(zarray(5, 8, 100, 100), attributes)).toEqual({
      axisNames: ["c", "z", "y", "x"],
      types: ["channel", "space", "space", "space"],
      voxelSize: [45, 9, 9],
      offset: [540, 540, 2880],
      units: ["nm", "nm", "nm"],
      spatialAxes: [1, 2, 3],
      notes: [],
    });
  });

  test("a snapshot: three channel axes before the spatial ones", () => {
    const attributes = {
      axis_names: ["iterations^", "b^", "c^", "z", "y", "x"],
      iterations: [0, 10],
      offset: [135, 72, 72],
      types: ["channel", "channel", "channel", "space", "space", "space"],
      units: ["", "", ""],
      voxel_size: [45, 9, 9],
    };
    const metadata = parseArrayMetadata(zarray(2, 1, 1, 4, 76, 76), attributes);
    expect(metadata).toMatchObject({
      axisNames: ["iterations", "b", "c", "z", "y", "x"],
      spatialAxes: [3, 4, 5],
      notes: [],
    });
  });

  test("the dummy output, which has no attributes at all", () => {
    const metadata = parseArrayMetadata(zarray(10, 10, 10), undefined);
    expect(metadata).toMatchObject({
      axisNames: ["z", "y", "x"],
      voxelSize: [1, 1, 1],
      offset: [0, 0, 0],
      units: ["nm", "nm", "nm"],
    });
    expect(metadata.notes).toEqual(["The array gives no voxel size: 1 was taken."]);
  });

  test("a 2D array", () => {
    const metadata = parseArrayMetadata(zarray(2, 64, 64), {
      axis_names: ["c^", "y", "x"],
      voxel_size: [4, 4],
      offset: [8, 0],
    });
    expect(metadata).toMatchObject({ spatialAxes: [1, 2], voxelSize: [4, 4], offset: [8, 0] });
  });

  test("zarr 3 keeps the same attributes inside zarr.json", () => {
    const meta = {
      shape: [4, 8, 8],
      zarr_format: 3,
      node_type: "array",
      attributes: { voxel_size: [40, 4, 4], offset: [80, 0, 4] },
    };
    expect(parseArrayMetadata(meta)).toMatchObject({ voxelSize: [40, 4, 4], offset: [80, 0, 4] });
  });
});

describe("arrays of older releases", () => {
  test("a single channel is dropped from the shape and not from the names, and the offset is taken as it stands", () => {
    const attributes = {
      axis_names: ["c^", "z", "y", "x"],
      offset: [3, 8, 8],
      units: ["", "", ""],
      voxel_size: [45, 9, 9],
    };
    const metadata = parseArrayMetadata(zarray(4, 76, 76), attributes);
    expect(metadata).toMatchObject({
      axisNames: ["z", "y", "x"],
      spatialAxes: [0, 1, 2],
      offset: [3, 8, 8],
    });
    expect(metadata.notes).toHaveLength(1);
  });

  test("up to 0.3.0: resolution, offset, axes with a bare c, units with the voxel size in them", () => {
    const attributes = {
      axes: ["c", "z", "y", "x"],
      resolution: [40, 4.5, 4.5],
      offset: [0, 4.5, 9],
      dimension_units: ["", "40 nm", "4.5 nm", "4.5 nm"],
      _ARRAY_DIMENSIONS: ["c^", "z", "y", "x"],
    };
    const metadata = parseArrayMetadata(zarray(2, 8, 8, 8), attributes);
    expect(metadata).toMatchObject({
      types: ["channel", "space", "space", "space"],
      voxelSize: [40, 4.5, 4.5],
      offset: [0, 4.5, 9],
    });
    expect(metadata).toMatchObject({ units: ["nm", "nm", "nm"], axisNames: ["c", "z", "y", "x"] });
  });

  test("voxel size comes before resolution, the array before its groups", () => {
    const parents = [{ attributes: { resolution: [9, 9, 9], offset: [1, 1, 1] }, path: "a" }];
    expect(
      parseArrayMetadata(zarray(2, 2, 2), { voxel_size: [1, 2, 3], resolution: [4, 5, 6] }, parents).voxelSize,
    ).toEqual([1, 2, 3]);
    expect(parseArrayMetadata(zarray(2, 2, 2), { resolution: [4, 5, 6] }, parents)).toMatchObject({
      voxelSize: [4, 5, 6],
      offset: [1, 1, 1],
    });
    expect(parseArrayMetadata(zarray(2, 2, 2), {}, parents).voxelSize).toEqual([9, 9, 9]);
  });

  test("attributes with an entry per axis, channels too, are cut to the spatial axes", () => {
    const attributes = {
      axis_names: ["c^", "z", "y", "x"],
      voxel_size: [1, 40, 4, 4],
      offset: [0, 80, 8, 8],
      units: ["", "um", "um", "um"],
    };
    const metadata = parseArrayMetadata(zarray(3, 2, 2, 2), attributes);
    expect(metadata).toMatchObject({ voxelSize: [40, 4, 4], offset: [80, 8, 8], units: ["um", "um", "um"] });
  });

  test("without names the number of voxel sizes says how many axes are spatial", () => {
    expect(parseArrayMetadata(zarray(3, 20, 20), { voxel_size: [4, 4] })).toMatchObject({
      axisNames: ["c", "y", "x"],
      spatialAxes: [1, 2],
    });
    expect(parseArrayMetadata(zarray(3, 2, 20, 20), {})).toMatchObject({
      axisNames: ["c", "z", "y", "x"],
      spatialAxes: [1, 2, 3],
    });
  });

  test("a c without its mark, contradicted by the voxel size, is a channel", () => {
    const metadata = parseArrayMetadata(zarray(3, 2, 2, 2), {
      axis_names: ["k", "z", "y", "x"],
      voxel_size: [4, 4, 4],
    });
    expect(metadata.types).toEqual(["channel", "space", "space", "space"]);
    expect(metadata.notes[0]).toMatch(/last 3 axes/);
  });
});

describe("N5 and OME-NGFF", () => {
  test("N5 sizes are x first: resolution, pixelResolution and legacy axes are turned round", () => {
    const legacy = {
      dimensions: [300, 200, 100],
      blockSize: [64, 64, 64],
      resolution: [4, 5, 40],
      offset: [1, 2, 3],
      axes: ["x", "y", "z"],
    };
    expect(parseArrayMetadata(legacy)).toMatchObject({
      axisNames: ["z", "y", "x"],
      voxelSize: [40, 5, 4],
      offset: [3, 2, 1],
    });
    const pixel = { dimensions: [300, 200, 100], pixelResolution: { dimensions: [4, 5, 40], unit: "um" } };
    expect(parseArrayMetadata(pixel)).toMatchObject({ voxelSize: [40, 5, 4], units: ["um", "um", "um"] });
  });

  test("N5 written by current funlib is in array order already", () => {
    const meta = {
      dimensions: [300, 200, 100],
      axis_names: ["z", "y", "x"],
      voxel_size: [40, 5, 4],
      offset: [3, 2, 1],
    };
    expect(parseArrayMetadata(meta)).toMatchObject({
      axisNames: ["z", "y", "x"],
      voxelSize: [40, 5, 4],
      offset: [3, 2, 1],
    });
  });

  test("CellMap's transform, in either ordering", () => {
    const transform = {
      axes: ["z", "y", "x"],
      scale: [5.24, 4, 4],
      translate: [2.62, 0, 0],
      units: ["nm", "nm", "nm"],
    };
    expect(parseArrayMetadata(zarray(2, 2, 2), { transform })).toMatchObject({
      voxelSize: [5.24, 4, 4],
      offset: [2.62, 0, 0],
    });
    expect(parseArrayMetadata(zarray(2, 2, 2), { transform: { ...transform, ordering: "F" } }).voxelSize).toEqual([
      4, 4, 5.24,
    ]);
  });

  const axes = [
    { name: "c", type: "channel" },
    { name: "z", type: "space", unit: "nanometer" },
    { name: "y", type: "space", unit: "nanometer" },
    { name: "x", type: "space", unit: "nanometer" },
  ];
  const datasets = ["s0", "s1"].map((path, level) => ({
    path,
    coordinateTransformations: [
      { type: "scale", scale: [1, 40, 4 * 2 ** level, 4 * 2 ** level] },
      { type: "translation", translation: [0, 0, 2 * level, 2 * level] },
    ],
  }));
  const multiscales = [{ axes, datasets, coordinateTransformations: [{ type: "scale", scale: [1, 2, 1, 1] }] }];

  test.each([
    ["0.4", { multiscales }],
    ["0.5", { ome: { multiscales } }],
  ])("a level of OME-NGFF %s has the scales of level and group multiplied", (_, attributes) => {
    const metadata = parseArrayMetadata(zarray(3, 9, 9, 9), {}, [{ attributes, path: "s1" }]);
    expect(metadata).toMatchObject({
      axisNames: ["c", "z", "y", "x"],
      spatialAxes: [1, 2, 3],
      voxelSize: [80, 8, 8],
      offset: [0, 2, 2],
      units: ["nm", "nm", "nm"],
    });
  });

  test("OME-NGFF on the group comes before legacy attributes on the array", () => {
    const metadata = parseArrayMetadata(zarray(3, 9, 9, 9), { resolution: [1, 1, 1] }, [
      { attributes: { multiscales }, path: "s0" },
    ]);
    expect(metadata.voxelSize).toEqual([80, 4, 4]);
  });
});

describe("attributes from anywhere", () => {
  test.each([
    {},
    { shape: "big" },
    { shape: [-1] },
    { shape: [1.5] },
    { shape: Array(100).fill(1) },
    null,
    "text",
    { dimensions: {} },
  ])("%j has no shape to read", (meta) => {
    expect(() => parseArrayMetadata(meta, {})).toThrow(expect.objectContaining({ tag: "malformed" }));
  });

  test("unusable voxel sizes fall back with a note", () => {
    for (const voxel_size of [[0, 0, 0], [1, 2], [1, 2, 3, 4, 5], [-1, 1, 1], ["4", "4", "4"], [null, 1, 1], "4"]) {
      expect(
        parseArrayMetadata(zarray(2, 2, 2), { axis_names: ["z", "y", "x"], voxel_size }).voxelSize.every(
          (size) => size > 0,
        ),
      ).toBe(true);
    }
    expect(parseArrayMetadata(zarray(2, 2, 2), { voxel_size: [0, 4, 4] }).notes).toHaveLength(1);
  });

  test("a unit that is not known is kept and named", () => {
    const metadata = parseArrayMetadata(zarray(2, 2, 2), { voxel_size: [4, 4, 4], units: ["parsec", "", "nm"] });
    expect(metadata.units).toEqual(["parsec", "nm", "nm"]);
    expect(metadata.notes.join()).toContain("parsec");
  });

  test("whatever they are, the axes agree with the shape", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { maxLength: 6 }),
        fc.dictionary(
          fc.constantFrom(
            "axis_names",
            "axes",
            "types",
            "units",
            "voxel_size",
            "offset",
            "resolution",
            "transform",
            "multiscales",
          ),
          fc.anything(),
        ),
        (shape, attributes) => {
          const metadata = parseArrayMetadata({ shape }, attributes, [{ attributes, path: "" }]);
          const { axisNames, types, spatialAxes, voxelSize, offset, units } = metadata;
          expect([axisNames.length, types.length, new Set(axisNames).size]).toEqual(Array(3).fill(shape.length));
          expect([voxelSize.length, offset.length, units.length]).toEqual(Array(3).fill(spatialAxes.length));
          expect(voxelSize.every((size) => size > 0) && offset.every(Number.isFinite)).toBe(true);
        },
      ),
    );
  });
});

const runs = "../shared/runs";
const attributeFiles = existsSync(runs)
  ? readdirSync(runs, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".zattrs"))
  : [];
if (attributeFiles.length === 0) console.info(`skipped: ${runs} is not here, so no real array is read`);

test.skipIf(attributeFiles.length === 0)(
  "every array of the real runs is placed without a note, on 45 x 9 x 9 nm",
  () => {
    for (const name of attributeFiles) {
      const read = (file: string) => JSON.parse(readFileSync(join(runs, file), "utf8"));
      const metadata = parseArrayMetadata(read(name.replace(".zattrs", ".zarray")), read(name));
      expect(metadata, name).toMatchObject({
        voxelSize: [45, 9, 9],
        units: ["nm", "nm", "nm"],
        notes: [],
      });
    }
  },
);
