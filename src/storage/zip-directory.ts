/** One file in a zip: `offset` of its local header, sizes in bytes; torch stores uncompressed (method 0). */
export type ZipEntry = {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly method: number;
};

export type ZipTail =
  | { readonly status: "complete"; readonly entries: readonly ZipEntry[] }
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
 * @param size of the whole file in bytes
 */
export function parseZipTail(tail: Uint8Array, size: number): ZipTail {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const end = findEnd(view);
  const directory = end === undefined ? undefined : readEnd(view, end, size - tail.length);
  if (directory === undefined || directory.offset + directory.size > size) return { status: "incomplete" };
  if (directory.size > MAX_DIRECTORY_BYTES) return { status: "incomplete" };
  const begin = directory.offset - (size - tail.length);
  if (begin < 0) return { status: "longer", suffixLength: size - directory.offset };
  const entries = readEntries(view, begin, directory.count);
  return entries ? { status: "complete", entries } : { status: "incomplete" };
}

/** The end record has 22 bytes and a comment of up to 65535. */
function findEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65535); at--) {
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return undefined;
}

type Directory = { readonly count: number; readonly size: number; readonly offset: number };

function readEnd(view: DataView, end: number, tailBegin: number): Directory | undefined {
  const [count, size, offset] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ];
  if (count !== 0xffff && size !== 0xffffffff && offset !== 0xffffffff) return { count, size, offset };
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== END64_LOCATOR) return undefined;
  const at = Number(view.getBigUint64(locator + 8, true)) - tailBegin;
  if (at < 0 || at + 56 > view.byteLength || view.getUint32(at, true) !== END64) return undefined;
  const [count64, size64, offset64] = [
    view.getBigUint64(at + 32, true),
    view.getBigUint64(at + 40, true),
    view.getBigUint64(at + 48, true),
  ];
  return { count: Number(count64), size: Number(size64), offset: Number(offset64) };
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
    pick(view.getUint32(at + 20, true), wide);
    const offset = pick(view.getUint32(at + 42, true), wide);
    entries.push({ name, offset, size, method: view.getUint16(at + 10, true) });
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
