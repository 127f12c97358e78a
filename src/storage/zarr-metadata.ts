import { StorageError } from "./errors.ts";

/** What was checked of an array's metadata before anything is allocated or fetched for it. */
export type ArrayShape = {
  readonly zarrFormat: 2 | 3 | "n5";
  /** NumPy's string in native (little-endian) order. */
  readonly dtype: string;
  readonly itemBytes: number;
  readonly shape: readonly number[];
  /** Of what is decoded at once: a v3 shard's inner chunks. */
  readonly chunks: readonly number[];
  readonly order: "C" | "F";
  /** The last codec of a chunk file, where nothing follows it and the file is one chunk. */
  readonly outerCodec: string | undefined;
};

export type JsonRecord = Readonly<Record<string, unknown>>;

const MAX_CHUNK_BYTES = 2 ** 30;
const MAX_RANK = 32;

const ITEM_BYTES = new Map([
  ["b1", 1],
  ["i1", 1],
  ["u1", 1],
  ["i2", 2],
  ["u2", 2],
  ["i4", 4],
  ["u4", 4],
  ["i8", 8],
  ["u8", 8],
  ["f4", 4],
  ["f8", 8],
]);

const V3_TYPES = new Map([
  ["bool", "b1"],
  ["int8", "i1"],
  ["uint8", "u1"],
  ["int16", "i2"],
  ["uint16", "u2"],
  ["int32", "i4"],
  ["uint32", "u4"],
  ["int64", "i8"],
  ["uint64", "u8"],
  ["float32", "f4"],
  ["float64", "f8"],
]);

/** `meta`: a parsed `.zarray`; `subject`: its address. @throws StorageError "wrong-content" or "too-large" */
export function parseZarrV2(meta: JsonRecord, subject: string): ArrayShape {
  const kind = typeof meta.dtype === "string" ? /^[<>|](.*)$/.exec(meta.dtype)?.[1] : undefined;
  if (kind === undefined) throw toMetadataError(subject, `its dtype is ${toText(meta.dtype)}`);
  const codec = isRecord(meta.compressor) ? meta.compressor.id : undefined;
  const isPlain = meta.filters == null || (Array.isArray(meta.filters) && meta.filters.length === 0);
  return checkShape(meta.shape, meta.chunks, kind, subject, {
    zarrFormat: 2,
    order: meta.order === "F" ? "F" : "C",
    outerCodec: isPlain ? (typeof codec === "string" ? codec : "none") : undefined,
  });
}

/** `meta`: a parsed `zarr.json`. @throws StorageError "wrong-content" or "too-large" */
export function parseZarrV3(meta: JsonRecord, subject: string): ArrayShape {
  const kind = typeof meta.data_type === "string" ? V3_TYPES.get(meta.data_type) : undefined;
  if (kind === undefined) throw toMetadataError(subject, `its data type is ${toText(meta.data_type)}`);
  const codecs = Array.isArray(meta.codecs) ? meta.codecs.filter(isRecord) : [];
  const shard = codecs.find((codec) => codec.name === "sharding_indexed");
  const inner = shard && isRecord(shard.configuration) ? shard.configuration.chunk_shape : undefined;
  const grid =
    isRecord(meta.chunk_grid) && isRecord(meta.chunk_grid.configuration) ? meta.chunk_grid.configuration : {};
  if (shard)
    checkShape(meta.shape, grid.chunk_shape, kind, subject, { zarrFormat: 3, order: "C", outerCodec: undefined });
  const last = codecs.at(-1)?.name;
  const isSimple = !shard && codecs.every((codec) => codec.name === "bytes" || codec === codecs.at(-1));
  return checkShape(meta.shape, shard ? inner : grid.chunk_shape, kind, subject, {
    zarrFormat: 3,
    order: codecs.some((codec) => codec.name === "transpose") ? "F" : "C",
    outerCodec: isSimple ? (last === "bytes" ? "none" : typeof last === "string" ? last : undefined) : undefined,
  });
}

type Rest = Pick<ArrayShape, "zarrFormat" | "order" | "outerCodec">;

export function checkShape(shape: unknown, chunks: unknown, kind: string, subject: string, rest: Rest): ArrayShape {
  const itemBytes = ITEM_BYTES.get(kind);
  if (itemBytes === undefined) throw toMetadataError(subject, `its values are of type ${toText(kind)}`);
  if (!isSizes(shape, 0) || !isSizes(chunks, 1) || shape.length !== chunks.length) {
    throw toMetadataError(subject, `its shape is ${toText(shape)} in chunks of ${toText(chunks)}`);
  }
  const chunkBytes = product(chunks) * itemBytes;
  if (!Number.isSafeInteger(product(shape) * itemBytes) || chunkBytes > MAX_CHUNK_BYTES) {
    throw toTooLargeError(subject, `Chunks of ${toText(chunks)} voxels (${chunkBytes} bytes)`);
  }
  return { ...rest, dtype: `${itemBytes === 1 ? "|" : "<"}${kind}`, itemBytes, shape, chunks };
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((size, length) => size * length, 1);
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown, least: number): value is readonly number[] {
  return Array.isArray(value) && value.length <= MAX_RANK && value.every((n) => Number.isSafeInteger(n) && n >= least);
}

/** `subject`: the address of the metadata file. */
export function toMetadataError(subject: string, found: string, cause?: unknown): StorageError {
  const message = `The array's metadata at ${subject} cannot be read: ${found}.`;
  const hint = "It may still be being written, be damaged, or use a part of zarr that this viewer does not know.";
  return new StorageError({ tag: "wrong-content", subject, message, hint, cause });
}

export function toTooLargeError(subject: string, what: string): StorageError {
  const message = `${what} of ${subject} are more than can be read at once.`;
  return new StorageError({
    tag: "too-large",
    subject,
    message,
    hint: "Read a smaller part, or check the array's metadata.",
  });
}

function toText(value: unknown): string {
  return (JSON.stringify(value) ?? "missing").slice(0, 100);
}
