import { isStorageError, StorageError } from "./errors.ts";
import { toOmePaths } from "./formats/ome-metadata.ts";
import { openArray, type RunArray } from "./open-array.ts";
import { mapConcurrently, parseJsonRecord, readOptional } from "./probe.ts";
import type { ListOptions, Store } from "./store.ts";
import { joinPath } from "./store-path.ts";

const MAX_SCALES = 24;
const AT_ONCE = 4;
const MAX_METADATA_BYTES = 2 ** 22;

/**
 * The array at `path`, or where that is a group, the scales in it, finest first: those that OME-Zarr's `multiscales` lists, N5's "s0",
 * "s1", ..., or the only array.
 * @throws StorageError "wrong-content" where there is no array, naming what there is
 */
export async function findArrays(store: Store, path: string, options: ListOptions = {}): Promise<readonly RunArray[]> {
  const array = await openArray(store, path, options);
  if (array) return [array];
  const scales = await openAll(store, path, await listScales(store, path, options), options);
  if (scales.length > 0) return scales.toSorted((a, b) => voxelVolume(a) - voxelVolume(b));
  return findOnly(store, path, options);
}

function voxelVolume({ metadata }: RunArray): number {
  return metadata.voxelSize.reduce((volume, size) => volume * size, 1);
}

async function openAll(
  store: Store,
  path: string,
  names: readonly string[],
  options: ListOptions,
): Promise<RunArray[]> {
  const opened = await mapConcurrently(names, AT_ONCE, (name) => openArray(store, joinPath(path, name), options));
  return opened.flatMap((array) => array ?? []);
}

async function listScales(store: Store, path: string, options: ListOptions): Promise<readonly string[]> {
  for (const [file, read] of groupFiles) {
    const found = await readOptional(store, joinPath(path, file), { ...options, maxBytes: MAX_METADATA_BYTES });
    const record = found && parseJsonRecord(found.bytes);
    const named = record ? toOmePaths(read(record)) : [];
    if (named.length > 0) return named.slice(0, MAX_SCALES);
  }
  return listPyramid(store, path, options);
}

type JsonRecord = Readonly<Record<string, unknown>>;

const groupFiles: readonly (readonly [string, (record: JsonRecord) => unknown])[] = [
  [".zattrs", (record) => record],
  ["zarr.json", (record) => (Object.hasOwn(record, "attributes") ? record.attributes : {})],
  ["attributes.json", (record) => record],
];

/** N5's and DaCapo's own pyramids: "s0" until one is missing. */
async function listPyramid(store: Store, path: string, options: ListOptions): Promise<readonly string[]> {
  const names: string[] = [];
  for (let n = 0; n < MAX_SCALES; n++) {
    if ((await openArray(store, joinPath(path, `s${n}`), options)) === undefined) break;
    names.push(`s${n}`);
  }
  return names;
}

async function findOnly(store: Store, path: string, options: ListOptions): Promise<readonly RunArray[]> {
  const listing = await store.list(path, options).catch(ignoreRefused);
  const names = listing?.directories.slice(0, MAX_SCALES) ?? ["raw", "0"];
  const within = await openAll(store, path, names, options);
  const below = within.length > 0 ? [] : names.map((name) => `${name}/raw`); // a folder of datasets, as DaCapo knows them
  const arrays = [...within, ...(await openAll(store, path, listing ? below : [], options))];
  const raw = within.find((array) => array.path.endsWith("raw"));
  const only = arrays.length === 1 ? arrays[0] : raw;
  if (only) return [only];
  throw noArray(store.urlOf(path), arrays.length > 0 ? arrays.map((array) => array.path) : listing?.directories);
}

/** A server that gives no lists is no failure. */
function ignoreRefused(error: unknown): undefined {
  if (!isStorageError(error)) throw error;
}

function noArray(subject: string, names: readonly string[] | undefined): StorageError {
  const message = `No zarr or N5 array is at ${subject}.`;
  const found = names === undefined || names.length === 0 ? "" : ` It holds ${names.slice(0, 8).join(", ")}.`;
  const hint = `Give the address of one array, or of a group of scales.${found}`;
  return new StorageError({ tag: "wrong-content", subject, message, hint });
}
