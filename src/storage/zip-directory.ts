/** One file in a zip: `offset` of its local header, sizes in bytes; torch stores uncompressed (method 0), others deflate (8). */
export type ZipEntry = {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  /** As it lies in the file. */
  readonly packedSize: number;
  readonly method: number;
};

/** `size`: of the whole file in bytes. */
export type ZipDirectory = {
  readonly status: "complete";
  readonly size: number;
  readonly entries: readonly ZipEntry[];
};

export type ZipTail =
  | ZipDirectory
  /** The directory begins before the given tail: read the last `suffixLength` bytes of the file. */
  | { readonly status: "longer"; readonly suffixLength: number }
  | { readonly status: "incomplete" };

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const ENTRY = 0x02014b50;
const MAX_DIRECTORY_BYTES = 2 ** 26;

/**
 * Reads the directory of a zip from its last bytes. A file that is still being written has none yet: "incomplete".
 * @param tail the last bytes of the file
 * @param knownSize of the whole file in bytes, where the server told it; else the directory's own word is taken
 */
export function parseZipTail(tail: Uint8Array, knownSize?: number): ZipTail {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const end = findEnd(view);
  const directory = end === undefined ? undefined : readEnd(view, end);
  if (end === undefined || directory === undefined || directory.size > MAX_DIRECTORY_BYTES)
    return { status: "incomplete" };
  const size = directory.offset + directory.size + view.byteLength - directory.end;
  if (knownSize !== undefined && size !== knownSize) return { status: "incomplete" };
  const begin = directory.end - directory.size;
  if (begin < 0) return { status: "longer", suffixLength: size - directory.offset };
  const entries = readEntries(view, begin, directory.count);
  return entries ? { status: "complete", size, entries } : { status: "incomplete" };
}

/** The end record has 22 bytes and a comment of up to 65535. */
function findEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65535); at--) {
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return undefined;
}

/** `end`: where in the tail the directory ends and the end records begin; the rest as the end records tell it. */
type Directory = { readonly end: number; readonly count: number; readonly size: number; readonly offset: number };

function readEnd(view: DataView, end: number): Directory | undefined {
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const offset = view.getUint32(end + 16, true);
  const wide = readWideEnd(view, end);
  if (wide) return wide;
  return count === 0xffff || size === 0xffffffff || offset === 0xffffffff ? undefined : { end, count, size, offset };
}

/** torch writes zip64's end record (56 bytes) and its locator (20 bytes) before the plain one. */
function readWideEnd(view: DataView, end: number): Directory | undefined {
  const at = end - 20 - 56;
  if (at < 0 || view.getUint32(end - 20, true) !== END64_LOCATOR || view.getUint32(at, true) !== END64)
    return undefined;
  const [count, size, offset] = [32, 40, 48].map((field) => Number(view.getBigUint64(at + field, true)));
  return { end: at, count: count ?? 0, size: size ?? 0, offset: offset ?? 0 };
}

function readEntries(view: DataView, begin: number, count: number): readonly ZipEntry[] | undefined {
  const entries: ZipEntry[] = [];
  for (let at = begin; entries.length < count; ) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== ENTRY) return undefined;
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > view.byteLength) return undefined;
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength));
    const wide = readWideFields(view, at + 46 + nameLength, extraLength);
    const size = pick(view.getUint32(at + 24, true), wide);
    const packedSize = pick(view.getUint32(at + 20, true), wide);
    const offset = pick(view.getUint32(at + 42, true), wide);
    entries.push({ name, offset, size, packedSize, method: view.getUint16(at + 10, true) });
    at = next;
  }
  return entries;
}

/** Zip64's extra field holds, in order, those of (size, compressed size, offset) that do not fit 32 bits. */
function readWideFields(view: DataView, begin: number, length: number): bigint[] {
  for (let at = begin; at + 4 <= begin + length; ) {
    const size = view.getUint16(at + 2, true);
    if (at + 4 + size > begin + length) return [];
    if (view.getUint16(at, true) === 1) {
      return Array.from({ length: Math.floor(size / 8) }, (_, i) => view.getBigUint64(at + 4 + i * 8, true));
    }
    at += 4 + size;
  }
  return [];
}

function pick(narrow: number, wide: bigint[]): number {
  return narrow === 0xffffffff ? Number(wide.shift() ?? 0xffffffffn) : narrow;
}
