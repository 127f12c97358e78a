import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { registry } from "zarrita";

/** z, y, x in voxels: the 512 × 512 × 64 volume, in DaCapo's own form of raw (float32 in 0..1, Blosc lz4, 64³ chunks). */
export const volumeShape = [64, 512, 512] as const;
const chunkLength = 64;
export const volumeVoxelSizeNm = [40, 4, 4] as const;
export const volumeRun = "bench_volume";
export const volumeDataset = "bench_crop";
export const volumePath = `${volumeRun}/validation.zarr/inputs/${volumeDataset}/raw`;

const metadata = {
  chunks: [chunkLength, chunkLength, chunkLength],
  compressor: { blocksize: 0, clevel: 5, cname: "lz4", id: "blosc", shuffle: 1 },
  dimension_separator: "/",
  dtype: "<f4",
  fill_value: 0,
  filters: null,
  order: "C",
  shape: volumeShape,
  zarr_format: 2,
};

const attributes = {
  axis_names: ["z", "y", "x"],
  offset: [0, 0, 0],
  types: ["space", "space", "space"],
  units: ["", "", ""],
  voxel_size: volumeVoxelSizeNm,
};

/** A grey value of 0..255 with structure at every scale and no two chunks alike. */
function greyAt(z: number, y: number, x: number): number {
  const cells = Math.sin(x / 17 + Math.sin(z / 5)) * Math.cos(y / 23) + Math.sin((x + y + 3 * z) / 61);
  const grain = (Math.imul(x + 512 * (y + 512 * z), 2654435761) >>> 26) & 0x1f;
  return Math.round(112 + 48 * cells + grain);
}

function chunkAt(origin: readonly [z: number, y: number, x: number]): Float32Array {
  const [oz, oy, ox] = origin.map((index) => index * chunkLength) as [number, number, number];
  return Float32Array.from({ length: chunkLength ** 3 }, (_, i) => {
    const z = oz + Math.floor(i / chunkLength ** 2);
    return greyAt(z, oy + (Math.floor(i / chunkLength) % chunkLength), ox + (i % chunkLength)) / 255;
  });
}

async function openCompressor(): Promise<(bytes: Uint8Array) => Promise<Uint8Array>> {
  const chunk = { dataType: "uint8" as const, shape: metadata.chunks, codecs: [], fillValue: 0 };
  const codec = (await registry.get("blosc")?.())?.fromConfig(metadata.compressor, chunk);
  if (codec === undefined) throw new Error("zarrita has no Blosc codec.");
  return async (bytes) => codec.encode(bytes);
}

const emptyFolders = [`${volumeRun}/checkpoints/iterations`, "stats/training_stats", "stats/validation_scores"];

/** Writes a run with that volume as its only array into `base`, with the configs of a demo run and DaCapo's folders. */
export async function writeVolumeRun(base: string, demo: string): Promise<void> {
  const folder = join(base, volumePath);
  for (const path of [folder, ...emptyFolders.map((name) => join(base, name))]) await mkdir(path, { recursive: true });
  await cp(join(demo, "configs"), join(base, "configs"), { recursive: true });
  await cp(join(demo, "configs/runs/vnc_mito_distance.yaml"), join(base, `configs/runs/${volumeRun}.yaml`));
  await writeFile(join(folder, ".zarray"), JSON.stringify(metadata));
  await writeFile(join(folder, ".zattrs"), JSON.stringify(attributes));
  const encode = await openCompressor();
  for (let y = 0; y < volumeShape[1] / chunkLength; y += 1) {
    await mkdir(join(folder, `0/${y}`), { recursive: true });
    for (let x = 0; x < volumeShape[2] / chunkLength; x += 1) {
      const bytes = new Uint8Array(chunkAt([0, y, x]).buffer);
      await writeFile(join(folder, `0/${y}/${x}`), await encode(bytes));
    }
  }
}
