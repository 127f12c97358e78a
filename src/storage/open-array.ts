import { type DataType, open, root, type Array as ZarrArray } from "zarrita";
import { type ChunkFiles, toChunkError, toChunkFiles } from "./chunk-files.ts";
import { copyChunk, toChunkCoordinates } from "./copy-chunk.ts";
import { isAbort, isStorageError } from "./errors.ts";
import { type ArrayMetadata, type ParentAttributes, parseArrayMetadata } from "./formats/array-metadata.ts";
import { parseN5, toN5Files, toN5Metadata } from "./n5-files.ts";
import { mapConcurrently, parseJsonRecord, readOptional } from "./probe.ts";
import { MAX_READ_BYTES, type Store } from "./store.ts";
import { joinPath } from "./store-path.ts";
import {
  type ArrayShape,
  type JsonRecord,
  parseZarrV2,
  parseZarrV3,
  product,
  toMetadataError,
  toTooLargeError,
} from "./zarr-metadata.ts";

export type VoxelData =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** A box of an array: `shape` in voxels, axes as in the array, `data` in C order and owned by the caller; bool is 0 or 1. */
export type ArrayBlock = { readonly dtype: string; readonly shape: readonly number[]; readonly data: VoxelData };

export type RunArray = {
  readonly store: Store;
  readonly path: string;
  /** NumPy's string for the values that `read` gives, always native order: "|b1", "|u1", "<u8", "<f4", ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** May exceed `shape`. */
  readonly chunks: readonly number[];
  readonly order: "C" | "F";
  readonly zarrFormat: 2 | 3 | "n5";
  readonly metadata: ArrayMetadata;
  /** The array's own attributes as parsed JSON: hostile text, look keys up with `Object.hasOwn`. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Its `.zarray` as parsed JSON, in zarr 2: as hostile. */
  readonly zarray?: Readonly<Record<string, unknown>>;
  /**
   * Voxels `begin` (inclusive) to `end` (exclusive), cut to `shape`.
   * @throws StorageError "wrong-content" for a chunk that does not decode, "too-large", and those of `Store.read`
   */
  read(begin: readonly number[], end: readonly number[], signal?: AbortSignal): Promise<ArrayBlock>;
};

export type OpenArrayOptions = { readonly signal?: AbortSignal };

const MAX_METADATA_BYTES = 2 ** 22;
const MAX_CHUNKS_PER_READ = 2 ** 17;
const CHUNKS_AT_ONCE = 16;
const MAX_PARENTS = 4;

/**
 * Opens the zarr v2, zarr v3 or N5 array at `path`; `undefined` when there is none.
 * @throws StorageError "wrong-content" when its metadata is unreadable or still being written, "too-large" when absurd
 */
export async function openArray(
  store: Store,
  path: string,
  options: OpenArrayOptions = {},
): Promise<RunArray | undefined> {
  const files = await readMetadataFiles(store.within(path), options);
  if (files === undefined) return undefined;
  const array = await toZarrArray(store.within(path), files);
  const { shape } = files;
  return {
    ...{ store, path, dtype: shape.dtype, shape: shape.shape, chunks: shape.chunks, order: shape.order },
    zarrFormat: shape.zarrFormat,
    attributes: files.attributes,
    ...(shape.zarrFormat === 2 ? { zarray: files.meta } : {}),
    metadata: parseArrayMetadata(files.meta, files.attributes, await readParents(store, path, files, options)),
    read: (begin, end, signal) => readBlock(array, shape, store.urlOf(path), begin, end, signal),
  };
}

type MetadataFiles = { readonly shape: ArrayShape; readonly meta: JsonRecord; readonly attributes: JsonRecord };

/** What DaCapo writes is looked for first: every miss is a line in the browser's console. */
async function readMetadataFiles(array: Store, options: OpenArrayOptions): Promise<MetadataFiles | undefined> {
  const [v2, attributes] = await Promise.all([
    readJson(array, ".zarray", options),
    readJson(array, ".zattrs", options),
  ]);
  if (v2) return { shape: parseZarrV2(v2, array.urlOf(".zarray")), meta: v2, attributes: attributes ?? {} };
  const v3 = await readJson(array, "zarr.json", options);
  if (v3?.node_type === "array") {
    return { shape: parseZarrV3(v3, array.urlOf("zarr.json")), meta: v3, attributes: toRecord(v3.attributes) };
  }
  const n5 = await readJson(array, "attributes.json", options);
  return n5 && Object.hasOwn(n5, "dimensions")
    ? { shape: parseN5(n5, array.urlOf("attributes.json")), meta: n5, attributes: n5 }
    : undefined;
}

async function readJson(store: Store, name: string, options: OpenArrayOptions): Promise<JsonRecord | undefined> {
  const found = await readOptional(store, name, { ...options, maxBytes: MAX_METADATA_BYTES });
  const record = found && parseJsonRecord(found.bytes);
  if (found && record === undefined) throw toMetadataError(store.urlOf(name), "it is not complete JSON");
  return record;
}

function toRecord(value: unknown): JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Groups say where an array lies only when it does not say so itself: a DaCapo run has none. */
async function readParents(
  store: Store,
  path: string,
  { shape, attributes }: MetadataFiles,
  options: OpenArrayOptions,
): Promise<readonly ParentAttributes[]> {
  if (Object.hasOwn(attributes, "voxel_size")) return [];
  const segments = path.split("/");
  const name = { 2: ".zattrs", 3: "zarr.json", n5: "attributes.json" }[shape.zarrFormat];
  const depths = segments.map((_, depth) => segments.length - 1 - depth).slice(0, MAX_PARENTS);
  return mapConcurrently(depths, MAX_PARENTS, async (depth) => {
    const parent = await readJson(store.within(joinPath(...segments.slice(0, depth))), name, options).catch(
      ignoreDamaged,
    );
    const own = shape.zarrFormat === 3 ? toRecord(parent?.attributes) : (parent ?? {});
    return { attributes: own, path: segments.slice(depth).join("/") };
  });
}

function ignoreDamaged(error: unknown): undefined {
  if (!isStorageError(error, "wrong-content")) throw error;
}

async function toZarrArray(store: Store, { shape, meta }: MetadataFiles): Promise<ZarrArray<DataType, ChunkFiles>> {
  const encode = (record: JsonRecord) => new TextEncoder().encode(JSON.stringify(record));
  const filled = { ...meta, fill_value: toFillValue(meta.fill_value, shape.dtype) };
  try {
    if (shape.zarrFormat === 3) {
      const files = toChunkFiles(store, shape, new Map([["/zarr.json", encode(filled)]]));
      return await open.v3(root(files), { kind: "array" });
    }
    const isN5 = shape.zarrFormat === "n5";
    const metadata = new Map([["/.zarray", encode(isN5 ? toN5Metadata(shape) : filled)]]);
    const files = isN5 ? toN5Files(store, shape, meta, metadata) : toChunkFiles(store, shape, metadata);
    return await open.v2(root(files), { kind: "array", attrs: false });
  } catch (cause) {
    throw toMetadataError(
      store.urlOf(metadataNames[shape.zarrFormat]),
      cause instanceof Error ? cause.message : "it does not parse",
      cause,
    );
  }
}

const metadataNames = { 2: ".zarray", 3: "zarr.json", n5: "attributes.json" } as const;

/** A value that the array can hold: null and nonsense count as zero. */
function toFillValue(value: unknown, dtype: string): unknown {
  if (dtype === "|b1") return Boolean(value);
  if (typeof value === "string" && dtype.includes("f")) return /^(NaN|-?Infinity)$/.test(value) ? value : 0;
  if (typeof value !== "number") return 0;
  return dtype.includes("f") ? value : Math.trunc(value);
}

async function readBlock(
  array: ZarrArray<DataType, ChunkFiles>,
  info: ArrayShape,
  url: string,
  begin: readonly number[],
  end: readonly number[],
  signal?: AbortSignal,
): Promise<ArrayBlock> {
  const box = {
    begin: info.shape.map((size, axis) => cut(begin[axis], size)),
    end: info.shape.map((size, axis) => cut(end[axis], size)),
  };
  const shape = box.begin.map((first, axis) => Math.max(0, (box.end[axis] ?? 0) - first));
  const chunkCount = product(shape.map((length, axis) => length / (info.chunks[axis] ?? 1) + 1));
  if (product(shape) * info.itemBytes > MAX_READ_BYTES || chunkCount > MAX_CHUNKS_PER_READ) {
    throw toTooLargeError(url, `${shape.join(" x ")} voxels`);
  }
  const data = toVoxelData(info.dtype, product(shape));
  await mapConcurrently([...toChunkCoordinates(box, info.chunks)], CHUNKS_AT_ONCE, async (coordinates) => {
    signal?.throwIfAborted();
    const chunk = await readChunk(array, info, url, coordinates, signal);
    const at = coordinates.map((n, axis) => n * (info.chunks[axis] ?? 1));
    copyChunk<VoxelData>(data, box, { ...chunk, at });
  });
  return { dtype: info.dtype, shape, data };
}

function cut(position: number | undefined, size: number): number {
  return Math.min(Math.max(Math.trunc(position ?? 0), 0), size);
}

async function readChunk(
  array: ZarrArray<DataType, ChunkFiles>,
  info: ArrayShape,
  url: string,
  coordinates: readonly number[],
  signal: AbortSignal | undefined,
) {
  try {
    const { data, shape, stride } = await array.getChunk([...coordinates], signal ? { signal } : {});
    const voxels = toVoxels(data);
    if (voxels?.length === product(info.chunks)) return { data: voxels, shape, stride };
    throw toChunkError(`${url} [${coordinates}]`, `it holds ${voxels?.length ?? "no"} values`);
  } catch (cause) {
    if (isAbort(cause, signal)) throw cause;
    throw toChunkError(`${url} [${coordinates}]`, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** zarrita wraps booleans in a class of its own: their bytes, 0 or 1, are taken. */
function toVoxels(data: object): VoxelData | undefined {
  if (ArrayBuffer.isView(data) && !(data instanceof DataView)) return data as VoxelData;
  if (!("buffer" in data && data.buffer instanceof ArrayBuffer && "byteOffset" in data && "length" in data))
    return undefined;
  return new Uint8Array(data.buffer, Number(data.byteOffset), Number(data.length)).map((value) =>
    value === 0 ? 0 : 1,
  );
}

const CONSTRUCTORS: ReadonlyMap<string, (length: number) => VoxelData> = new Map<string, (length: number) => VoxelData>(
  [
    ["|b1", (length) => new Uint8Array(length)],
    ["|i1", (length) => new Int8Array(length)],
    ["|u1", (length) => new Uint8Array(length)],
    ["<i2", (length) => new Int16Array(length)],
    ["<u2", (length) => new Uint16Array(length)],
    ["<i4", (length) => new Int32Array(length)],
    ["<u4", (length) => new Uint32Array(length)],
    ["<i8", (length) => new BigInt64Array(length)],
    ["<u8", (length) => new BigUint64Array(length)],
    ["<f4", (length) => new Float32Array(length)],
    ["<f8", (length) => new Float64Array(length)],
  ],
);

function toVoxelData(dtype: string, length: number): VoxelData {
  const construct = CONSTRUCTORS.get(dtype);
  if (construct === undefined) throw new TypeError(`No typed array holds ${dtype}.`);
  return construct(length);
}
