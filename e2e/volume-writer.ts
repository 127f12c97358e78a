import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openArray, type RunArray } from "#storage/open-array.ts";
import type { Store } from "#storage/store.ts";

/** One raw, as others than DaCapo would have it: whole numbers, other containers, pyramids, other voxels. */
export type Volumes = { readonly folder: string };

export async function toVolumes(store: Store): Promise<Volumes> {
  const folder = await mkdtemp(join(tmpdir(), "volumes-"));
  const array = await openArray(store, "");
  if (array === undefined) throw new Error("There is no raw to make volumes of.");
  const raw = await toBytes(array);
  const { voxelSize, offset } = array.metadata;
  const placed = { axis_names: ["z", "y", "x"], voxel_size: voxelSize, offset, units: ["nm", "nm", "nm"] };
  await writeZarr(join(folder, "crop.zarr/raw"), raw, placed);
  await writePyramid(join(folder, "pyramid.ome.zarr"), raw, voxelSize, offset);
  await writeN5(join(folder, "crop.n5/volumes/raw"), raw, voxelSize, offset);
  await writeZarr(join(folder, "coarse.zarr/raw"), raw, { ...placed, voxel_size: voxelSize.map((size) => 2 * size) });
  return { folder };
}

export function removeVolumes({ folder }: Volumes): Promise<void> {
  return rm(folder, { recursive: true });
}

type Volume = { readonly shape: readonly number[]; readonly data: Uint8Array };

/** As it was before it was divided by 255. */
async function toBytes(array: RunArray): Promise<Volume> {
  const { data, shape } = await array.read([0, 0, 0], array.shape);
  return { shape, data: Uint8Array.from(data as Float32Array, (value) => Math.round(value * 255)) };
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function writeZarr(path: string, { shape, data }: Volume, attributes: object): Promise<void> {
  const zarray = {
    ...{ zarr_format: 2, shape, chunks: shape, dtype: "|u1", compressor: null, fill_value: 0, order: "C" },
    ...{ filters: null, dimension_separator: "/" },
  };
  await write(join(path, ".zarray"), JSON.stringify(zarray));
  await write(join(path, ".zattrs"), JSON.stringify(attributes));
  await write(join(path, "0/0/0"), data);
}

/** Scale "0" has voxels of half the size in plane, "1" is the volume itself; micrometres, as OME-Zarr mostly has. */
async function writePyramid(
  path: string,
  volume: Volume,
  voxelSize: readonly number[],
  offset: readonly number[],
): Promise<void> {
  const um = (sizes: readonly number[]) => sizes.map((size) => size / 1000);
  const finer = voxelSize.map((size, axis) => (axis === 0 ? size : size / 2));
  const level = (name: string, scale: readonly number[]) => ({
    path: name,
    coordinateTransformations: [
      { type: "scale", scale: um(scale) },
      { type: "translation", translation: um(offset) },
    ],
  });
  const axes = ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" }));
  const multiscales = [{ version: "0.4", axes, datasets: [level("0", finer), level("1", voxelSize)] }];
  await write(join(path, ".zgroup"), JSON.stringify({ zarr_format: 2 }));
  await write(join(path, ".zattrs"), JSON.stringify({ multiscales }));
  await writeZarr(join(path, "0"), repeatInPlane(volume), {});
  await writeZarr(join(path, "1"), volume, {});
}

function repeatInPlane({ shape: [depth = 1, height = 1, width = 1], data }: Volume): Volume {
  const shape = [depth, 2 * height, 2 * width];
  const finer = Uint8Array.from({ length: depth * 4 * height * width }, (_, i) => {
    const [x, y, z] = [
      i % (2 * width),
      Math.floor(i / (2 * width)) % (2 * height),
      Math.floor(i / (4 * width * height)),
    ];
    return data[(z * height + (y >> 1)) * width + (x >> 1)] ?? 0;
  });
  return { shape, data: finer };
}

/** One block, x first in its metadata, with the header that N5 puts before it. */
async function writeN5(
  path: string,
  { shape, data }: Volume,
  voxelSize: readonly number[],
  offset: readonly number[],
): Promise<void> {
  const dimensions = shape.toReversed();
  const attributes = {
    ...{ dimensions, blockSize: dimensions, dataType: "uint8", compression: { type: "raw" } },
    ...{ axes: ["x", "y", "z"], resolution: voxelSize.toReversed(), offset: offset.toReversed() },
  };
  await write(join(path, "attributes.json"), JSON.stringify(attributes));
  const block = Buffer.alloc(4 + 4 * shape.length + data.length);
  block.writeUInt16BE(0, 0);
  block.writeUInt16BE(shape.length, 2);
  for (const [i, length] of dimensions.entries()) block.writeUInt32BE(length, 4 + 4 * i);
  block.set(data, 4 + 4 * shape.length);
  await write(join(path, "0/0/0"), block);
}
