import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toMemoryStore } from "#storage/memory-store.ts";
import { openArray, type RunArray, type VoxelData } from "#storage/open-array.ts";
import type { Store } from "#storage/store.ts";
import { type ChunkRecipe, readServedChunk } from "./convert-chunk.ts";
import { type LayerKind, toPlainDtype } from "./layer-kind.ts";
import { parseBlock } from "./volume-keys.ts";
import { createVolumeSource, type ReadFailure, type VolumeSource } from "./volume-source.ts";

const RUNS = "../shared/runs";
const RAWGT = "vnc_rawgt_distance/validation.zarr";
const present = existsSync(join(RUNS, RAWGT));
if (!present) console.info(`Skipped: ${RUNS} is not here, so no layer is compared with a real run.`);

function loadFolder(folder: string) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return toMemoryStore(
    new Map(paths.map((path) => [path.slice(folder.length + 1), { bytes: readFileSync(path) }])),
    folder,
  );
}

async function open(path: string): Promise<RunArray> {
  const array = await openArray(loadFolder(join(RUNS, path)), "");
  if (array === undefined) throw new Error(`No array at ${path}.`);
  return array;
}

function serve(array: RunArray, kind: LayerKind, failures: ReadFailure[] = []): VolumeSource {
  return createVolumeSource({ id: "v1", array, kind, onFailure: (failure) => failures.push(failure) });
}

/** Gives the metadata, and `error` for everything else. */
function refuse(store: Store, error: Error): Store {
  return {
    kind: store.kind,
    label: store.label,
    urlOf: (path) => store.urlOf(path),
    read: (path) => (path.endsWith(".zarray") ? store.read(path) : Promise.reject(error)),
    readRange: () => Promise.reject(error),
    list: (path) => store.list(path),
    within: (path) => store.within(path),
  };
}

async function readJson(source: VolumeSource, key: string): Promise<unknown> {
  const found = await source.read(key);
  return found && JSON.parse(new TextDecoder().decode(found.bytes));
}

const VIEWS = {
  "|u1": Uint8Array,
  "<u4": Uint32Array,
  "<u8": BigUint64Array,
  "<f4": Float32Array,
} as const;

/** The voxel at `position` of the served array, as neuroglancer decodes it. */
async function voxelOf(source: VolumeSource, recipe: ChunkRecipe, position: readonly number[]) {
  const { chunks, dtype } = source.plan.served;
  const indices = position.map((p, axis) => Math.floor(p / (chunks[axis] ?? 1)));
  const bytes = await readServedChunk(source.array, recipe, indices.join("."));
  const values: VoxelData = new VIEWS[dtype as keyof typeof VIEWS](bytes?.buffer ?? new ArrayBuffer(0));
  const at = position.reduce((sum, p, axis) => sum * (chunks[axis] ?? 1) + (p % (chunks[axis] ?? 1)), 0);
  return values[at];
}

describe.skipIf(!present)("values of a layer, not just pixels", () => {
  const cases: [string, LayerKind][] = [
    [`${RAWGT}/inputs/vnc/crop_a/raw`, "grey"],
    [`${RAWGT}/inputs/vnc/crop_a/gt`, "binary"],
    [`${RAWGT}/60/ds_vnc_crop_a/prediction`, "distances"],
    [`${RAWGT}/60/ds_vnc_crop_a/output/threshold_0.0`, "binary"],
    ["vnc_affs/validation.zarr/1000/vnc_crop_a/prediction", "affinities"],
    ["vnc_affs/validation.zarr/inputs/vnc_crop_a/gt", "instances"],
    ["vnc_affs/validation.zarr/vnc_crop_a/voi", "instances"],
    ["vnc_classes_onehot/validation.zarr/240/vnc_crop_a/prediction", "classes"],
    ["vnc_mito_distance_head/validation.zarr/60/vnc_crop_a/output/threshold_127", "binary"],
  ];

  test.each(cases.filter(([path]) => existsSync(join(RUNS, path))))(
    "%s is served with the values that are stored",
    async (path, kind) => {
      const array = await open(path);
      const source = serve(array, kind);
      const { recipe } = source.facts;
      const served = (await readJson(source, ".zarray")) as { dtype: string };
      const whole = await array.read(
        array.shape.map(() => 0),
        array.shape,
      );
      for (const fraction of [0, 0.37, 0.62, 1]) {
        const position = array.shape.map((size) => Math.floor(fraction * (size - 1)));
        const stored = whole.data[position.reduce((sum, p, axis) => sum * (array.shape[axis] ?? 1) + p, 0)];
        const expected = toPlainDtype(served.dtype) === "f4" ? Math.fround(Number(stored)) : stored;
        expect(await voxelOf(source, recipe, position)).toEqual(expected);
      }
    },
  );

  test("a chunk that passes through is the file, byte for byte, and is counted", async () => {
    const path = "vnc_affs/validation.zarr/inputs/vnc_crop_a/gt";
    const source = serve(await open(path), "instances");
    expect(source.url).toBe("dacapo://v1/|zarr2:");
    const found = await source.read("0/0/0");
    const file = readFileSync(join(RUNS, path, "0/0/0"));
    expect(Buffer.compare(Buffer.from(found?.bytes ?? []), file)).toBe(0);
    expect(source.counts()).toEqual({ reads: 1, bytes: file.byteLength });
    expect(await readJson(source, ".zattrs")).toEqual({ _ARRAY_DIMENSIONS: ["z", "y", "x"] });
  });

  test("a chunk that DaCapo left out is absent, not a failure", async () => {
    const failures: ReadFailure[] = [];
    const source = serve(
      await open("vnc_mito_distance_head/validation.zarr/60/vnc_crop_a/output/threshold_127"),
      "binary",
      failures,
    );
    expect(await source.read("stored/0/0/0/0")).toBeUndefined();
    expect(failures).toEqual([]);
  });

  test("a chunk that cannot be read is told with its address and place", async () => {
    const array = await open("vnc_affs/validation.zarr/inputs/vnc_crop_a/gt");
    const store = refuse(array.store, new Error("403"));
    const failures: ReadFailure[] = [];
    const source = serve({ ...array, store }, "instances", failures);
    await expect(source.read("0/1/0")).rejects.toThrow("403");
    expect(failures).toMatchObject([{ block: [0, 1, 0], error: { message: "403" } }]);
    expect(source.hasTold("Error: 403")).toBe(true);
  });

  test("an aborted read is no failure", async () => {
    const array = await open("vnc_affs/validation.zarr/inputs/vnc_crop_a/gt");
    const store = refuse(array.store, new DOMException("", "AbortError"));
    const failures: ReadFailure[] = [];
    const source = serve({ ...array, store }, "instances", failures);
    await expect(source.read("0/1/0", { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(failures).toEqual([]);
  });
});

describe("keys", () => {
  test("of chunks in every separator, and nothing else", () => {
    expect(parseBlock("0/3/1")).toEqual([0, 3, 1]);
    expect(parseBlock("0.3.1")).toEqual([0, 3, 1]);
    expect(parseBlock("c/0/3")).toEqual([0, 3]);
    for (const key of [".zarray", "../0", "0//1", "zarr.json", "0/../../x"]) expect(parseBlock(key)).toBeUndefined();
  });
});
