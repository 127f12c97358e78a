import { checkRange, checkSize, toInterval } from "./byte-range.ts";
import { StorageError } from "./errors.ts";
import { type ByteRange, type Fetched, type Listing, MAX_READ_BYTES, type ReadOptions, type Store } from "./store.ts";
import { encodePath, isPlainName, joinPath, toNames, toSegments } from "./store-path.ts";
import { parseZipTail, type ZipEntry } from "./zip-directory.ts";

const LOCAL = 0x04034b50;
const HEADER_BYTES = 30;

/**
 * The files in a zip at hand, stored or deflated. Names that would lead out of it do not exist.
 * @throws StorageError "wrong-content" for bytes that are no whole zip
 */
export function toZipStore(bytes: Uint8Array, label: string): Store {
  const tail = parseZipTail(bytes, bytes.length);
  if (tail.status !== "complete") throw damaged(label, "it is no zip, or stops before its end");
  const isSound = ({ name }: ZipEntry) => name.split("/").every(isPlainName);
  const entries = new Map(tail.entries.filter(isSound).map((entry) => [entry.name, entry]));
  return new ZipStore({ bytes, entries }, label, "");
}

function damaged(subject: string, found: string): StorageError {
  const message = `${subject} cannot be read: ${found}.`;
  return new StorageError({ tag: "wrong-content", subject, message, hint: "Check that it was copied whole." });
}

type Zip = { readonly bytes: Uint8Array; readonly entries: ReadonlyMap<string, ZipEntry> };

class ZipStore implements Store {
  readonly kind = "memory";
  readonly label: string;
  readonly #zip: Zip;
  readonly #root: string;

  constructor(zip: Zip, label: string, root: string) {
    this.#zip = zip;
    this.label = label;
    this.#root = root;
  }

  urlOf(path: string): string {
    return `${this.label}/${encodePath(joinPath(this.#root, path))}`;
  }

  read(path: string, options: ReadOptions = {}): Promise<Fetched> {
    return this.readRange(path, { offset: 0, length: Number.MAX_SAFE_INTEGER }, options);
  }

  async readRange(path: string, range: ByteRange, options: ReadOptions = {}): Promise<Fetched> {
    options.signal?.throwIfAborted();
    checkRange(range, path);
    const entry = this.#zip.entries.get(joinPath(this.#root, ...toSegments(path)));
    if (entry === undefined) return { status: "absent" };
    checkSize(entry.size, options.maxBytes ?? MAX_READ_BYTES, this.urlOf(path));
    const bytes = await unpack(this.#zip.bytes, entry, this.urlOf(path));
    const { begin, end } = toInterval(range, bytes.length);
    options.onProgress?.(end - begin, end - begin);
    return { status: "found", bytes: bytes.subarray(begin, end), stamp: { size: bytes.length } };
  }

  async list(path: string): Promise<Listing | undefined> {
    const folder = joinPath(this.#root, path);
    const prefix = folder === "" ? "" : `${folder}/`;
    const below = [...this.#zip.entries.keys()].filter((name) => name.startsWith(prefix));
    const names = below.map((name) => name.slice(prefix.length));
    if (names.length === 0) return undefined;
    const files = names.filter((name) => !name.includes("/"));
    const directories = names.filter((name) => name.includes("/")).map((name) => name.slice(0, name.indexOf("/")));
    return { files: toNames(files), directories: toNames(directories) };
  }

  within(path: string): Store {
    return new ZipStore(this.#zip, this.label, joinPath(this.#root, ...toSegments(path)));
  }
}

/** Never gives more bytes than the directory promised. */
async function unpack(zip: Uint8Array, entry: ZipEntry, subject: string): Promise<Uint8Array> {
  const { offset, size, packedSize, method } = entry;
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const isInside = offset + HEADER_BYTES <= zip.length && view.getUint32(offset, true) === LOCAL;
  if (!isInside) throw damaged(subject, "its directory points beyond its end");
  const begin = offset + HEADER_BYTES + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const packed = zip.slice(begin, begin + packedSize);
  if (packed.length !== packedSize) throw damaged(subject, "it is cut short");
  const bytes = method === 0 ? packed : await inflate(packed, entry, subject);
  if (bytes.length !== size) throw damaged(subject, "it has another length than its zip says");
  return bytes;
}

async function inflate(packed: Uint8Array<ArrayBuffer>, { method, size }: ZipEntry, subject: string) {
  if (method !== 8) throw damaged(subject, "it is compressed in a way that is not read here");
  const bytes = new Uint8Array(size);
  let at = 0;
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const reader = stream.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (at + next.value.length > size) throw new RangeError("longer than said");
      bytes.set(next.value, at);
      at += next.value.length;
    }
  } catch {
    throw damaged(subject, "its compressed bytes are damaged");
  }
  return bytes.subarray(0, at);
}
