import { isStorageError, StorageError } from "./errors.ts";
import type { ByteRange, Store } from "./store.ts";
import { type ArrayShape, product } from "./zarr-metadata.ts";

/** The files of one array as zarrita asks for them: keys begin with "/", `undefined` is a missing file. */
export type ChunkFiles = {
  get(key: `/${string}`, options?: { signal?: AbortSignal }): Promise<Uint8Array | undefined>;
  getRange(key: `/${string}`, range: ByteRange, options?: { signal?: AbortSignal }): Promise<Uint8Array | undefined>;
};

/**
 * Chunk files of the array at the root of `store`. The metadata that was checked is given instead of read again; a chunk
 * that would decode to another size than the metadata says is refused before it is decoded.
 */
export function toChunkFiles(store: Store, shape: ArrayShape, metadata: ReadonlyMap<string, Uint8Array>): ChunkFiles {
  const chunkBytes = product(shape.chunks) * shape.itemBytes;
  // a compressed chunk may be a little longer than the plain one; a shard holds many
  const limit = shape.outerCodec === undefined ? {} : { maxBytes: chunkBytes + chunkBytes / 8 + 65536 };
  return {
    async get(key, options = {}) {
      const known = metadata.get(key);
      if (known || isMetadata(key)) return known;
      const bytes = await readFound(store.read(key.slice(1), { ...options, ...limit }));
      if (bytes) checkChunk(bytes, shape.outerCodec, chunkBytes, store.urlOf(key.slice(1)));
      return bytes;
    },
    getRange: (key, range, options = {}) => readFound(store.readRange(key.slice(1), range, options)),
  };
}

function isMetadata(key: string): boolean {
  return /\/(\.zarray|\.zattrs|\.zgroup|zarr\.json)$/.test(key);
}

async function readFound(fetched: ReturnType<Store["read"]>): Promise<Uint8Array | undefined> {
  const result = await fetched;
  return result.status === "found" ? result.bytes : undefined;
}

/** Before anything is unpacked. */
export function checkChunk(bytes: Uint8Array, codec: string | undefined, chunkBytes: number, url: string): void {
  const announced = toDecodedBytes(bytes, codec);
  if (announced === undefined || announced === chunkBytes) return;
  throw toChunkError(url, `it announces ${announced} bytes where ${chunkBytes} were expected`);
}

/** The size that a chunk says it decodes to; -1 when it is cut off; `undefined` when its codec does not tell. */
function toDecodedBytes(bytes: Uint8Array, codec: string | undefined): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (codec === "none") return bytes.length;
  // Blosc 1 header: flags and versions (4 bytes), nbytes, blocksize, cbytes
  if (codec === "blosc") {
    return bytes.length >= 16 && view.getUint32(12, true) === bytes.length ? view.getUint32(4, true) : -1;
  }
  if (codec === "gzip") return bytes.length >= 18 ? view.getUint32(bytes.length - 4, true) : -1;
  if (codec === "lz4") return bytes.length >= 4 ? view.getUint32(0, true) : -1;
  return undefined;
}

export function toChunkError(url: string, found: string, cause?: unknown): StorageError {
  if (isStorageError(cause)) return cause;
  return new StorageError({
    tag: "wrong-content",
    subject: url,
    message: `The chunk ${url} cannot be decoded: ${found}.`,
    hint: "It may be being written; try again, and if that does not help, the file is damaged.",
    cause,
  });
}
