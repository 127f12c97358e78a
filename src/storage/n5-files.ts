import { registry } from "zarrita";
import { type ChunkFiles, checkChunk, toChunkError } from "./chunk-files.ts";
import type { Store } from "./store.ts";
import { type ArrayShape, checkShape, isRecord, type JsonRecord, product, toMetadataError } from "./zarr-metadata.ts";

const KINDS = new Map([
  ["uint8", "u1"],
  ["int8", "i1"],
  ["uint16", "u2"],
  ["int16", "i2"],
  ["uint32", "u4"],
  ["int32", "i4"],
  ["uint64", "u8"],
  ["int64", "i8"],
  ["float32", "f4"],
  ["float64", "f8"],
]);

/** `meta`: a parsed `attributes.json`, whose sizes run x first: reversed here. @throws StorageError */
export function parseN5(meta: JsonRecord, subject: string): ArrayShape {
  const kind = KINDS.get(String(meta.dataType));
  if (kind === undefined) throw toMetadataError(subject, `its data type is ${JSON.stringify(meta.dataType)}`);
  if (toFormat(meta) === undefined)
    throw toMetadataError(subject, "its N5 compression is none of raw, gzip, blosc and zstd");
  const reversed = (sizes: unknown) => (Array.isArray(sizes) ? sizes.toReversed() : sizes);
  const rest = { zarrFormat: "n5", order: "C", outerCodec: undefined } as const;
  return checkShape(reversed(meta.dimensions), reversed(meta.blockSize), kind, subject, rest);
}

/** The same array as a plain big-endian zarr v2 array. */
export function toN5Metadata({ shape, chunks, dtype }: ArrayShape): JsonRecord {
  const rest = { compressor: null, filters: null, fill_value: 0, order: "C", dimension_separator: "/" };
  return { zarr_format: 2, shape, chunks, dtype: dtype.replace("<", ">"), ...rest };
}

type Format = "raw" | "gzip" | "deflate" | "blosc" | "zstd";

function toFormat(meta: JsonRecord): Format | undefined {
  const compression = isRecord(meta.compression) ? meta.compression : { type: meta.compressionType };
  const { type } = compression;
  if (type === "raw" || type === "blosc" || type === "zstd") return type;
  if (compression.type !== "gzip") return undefined;
  return compression.useZlib === true ? "deflate" : "gzip";
}

/** Blocks of an N5 array, unpacked and padded to whole chunks, under the keys of a zarr array. */
export function toN5Files(
  store: Store,
  shape: ArrayShape,
  meta: JsonRecord,
  metadata: ReadonlyMap<string, Uint8Array>,
): ChunkFiles {
  const format = toFormat(meta) ?? "raw";
  const get: ChunkFiles["get"] = async (key, options = {}) => {
    const known = metadata.get(key);
    if (known || key.startsWith("/.")) return known;
    const path = key.slice(1).split("/").toReversed().join("/");
    const fetched = await store.read(path, options);
    return fetched.status === "found" ? unpackBlock(fetched.bytes, shape, format, store.urlOf(path)) : undefined;
  };
  return { get, getRange: () => Promise.reject(new TypeError("N5 blocks are read whole.")) };
}

/** Header, big-endian: mode (0, or 1 with an item count), number of axes, block size x first. Blocks at edges are cut. */
async function unpackBlock(
  bytes: Uint8Array,
  { chunks, itemBytes }: ArrayShape,
  format: Format,
  url: string,
): Promise<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rank = chunks.length;
  const begin = 4 + 4 * rank + (bytes.length >= 4 && view.getUint16(0) === 1 ? 4 : 0);
  if (bytes.length < begin || view.getUint16(0) > 1 || view.getUint16(2) !== rank)
    throw toChunkError(url, "its header does not fit");
  const size = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * (rank - 1 - axis)));
  if (size.some((length, axis) => length > (chunks[axis] ?? 0))) throw toChunkError(url, "it exceeds its chunk");
  const plain = await inflate(bytes.subarray(begin), format, product(size) * itemBytes, url);
  return pad(plain, size, chunks, itemBytes);
}

async function inflate(bytes: Uint8Array, format: Format, length: number, url: string): Promise<Uint8Array> {
  if (format === "blosc" || format === "zstd") return decode(bytes, format, length, url);
  if (format !== "raw")
    return readExactly(new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream(format)), length, url);
  if (bytes.length !== length) throw toChunkError(url, `it holds ${bytes.length} of ${length} bytes`);
  return bytes;
}

/** By the codecs that zarr arrays are read with. */
async function decode(bytes: Uint8Array, format: "blosc" | "zstd", length: number, url: string): Promise<Uint8Array> {
  checkChunk(bytes, format, length, url);
  try {
    const codec = await registry.get(format)?.();
    const plain: unknown = await codec
      ?.fromConfig({}, { shape: [length], dataType: "uint8", codecs: [], fillValue: 0 })
      .decode(bytes);
    if (plain instanceof Uint8Array && plain.length === length) return plain;
    throw toChunkError(url, "it does not decompress to its size");
  } catch (cause) {
    throw toChunkError(url, "it does not decompress", cause);
  }
}

async function readExactly(stream: ReadableStream<Uint8Array>, length: number, url: string): Promise<Uint8Array> {
  const target = new Uint8Array(length);
  let at = 0;
  try {
    for await (const piece of stream) {
      if (at + piece.length > length) throw toChunkError(url, `it holds more than ${length} bytes`);
      target.set(piece, at);
      at += piece.length;
    }
  } catch (cause) {
    throw toChunkError(url, "it does not decompress", cause);
  }
  if (at < length) throw toChunkError(url, `it holds ${at} of ${length} bytes`);
  return target;
}

/** Copies rows (along the last axis, contiguous in both) into a zeroed whole chunk. */
function pad(plain: Uint8Array, size: readonly number[], chunks: readonly number[], itemBytes: number): Uint8Array {
  const whole = new Uint8Array(product(chunks) * itemBytes);
  const rowBytes = (size.at(-1) ?? 1) * itemBytes;
  const rows = rowBytes === 0 ? 0 : plain.length / rowBytes;
  for (let row = 0; row < rows; row++) {
    whole.set(plain.subarray(row * rowBytes, (row + 1) * rowBytes), toItem(row, size, chunks) * itemBytes);
  }
  return whole;
}

/** Item in the whole chunk at which the `row`th row of a cut block begins. */
function toItem(row: number, size: readonly number[], chunks: readonly number[]): number {
  let [rest, item, stride] = [row, 0, chunks.at(-1) ?? 1];
  for (let axis = size.length - 2; axis >= 0; axis--) {
    const length = size[axis] ?? 1;
    item += (rest % length) * stride;
    rest = Math.floor(rest / length);
    stride *= chunks[axis] ?? 1;
  }
  return item;
}
