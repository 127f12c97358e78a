import { parseZipTail, type ZipEntry } from "#storage/zip-directory.ts";
import { CheckpointError } from "./format-error.ts";
import type { TensorView, TorchStorage } from "./torch-pickle.ts";

/** Bytes of a file, from `offset`. */
export type ByteSpan = { readonly offset: number; readonly length: number };

/** A part of a file that is at hand. */
export type FilePart = { readonly offset: number; readonly bytes: Uint8Array };

/** Where in a checkpoint lies what a model needs. */
export type TorchLayout = {
  readonly fileSize: number;
  readonly pickle: ZipEntry;
  /** "little" or "big"; files of older releases lack it. */
  readonly byteOrder: ZipEntry | undefined;
  readonly storages: ReadonlyMap<string, ZipEntry>;
  /** Where each entry ends at the latest. */
  readonly ends: ReadonlyMap<ZipEntry, number>;
};

const HEADER_BYTES = 30;
// What a local header's extra fields may add where no next entry tells: torch pads to 64 bytes, zip64 adds 20.
const MAX_EXTRA_BYTES = 1024;

/** Throws CheckpointError where there is no `data.pkl`, or entries are compressed. */
export function toTorchLayout(entries: readonly ZipEntry[], fileSize: number): TorchLayout {
  const pickle = entries.find(({ name }) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (pickle === undefined) throw malformed("it is a zip without data.pkl");
  const folder = pickle.name.slice(0, -"data.pkl".length);
  const byteOrder = entries.find(({ name }) => name === `${folder}byteorder`);
  const storages = new Map<string, ZipEntry>();
  for (const entry of entries)
    if (entry.name.startsWith(`${folder}data/`)) storages.set(entry.name.slice(folder.length + 5), entry);
  const needed = [pickle, ...(byteOrder ? [byteOrder] : []), ...storages.values()];
  for (const entry of needed) checkEntry(entry, fileSize);
  return { fileSize, pickle, byteOrder, storages, ends: toEnds(entries, fileSize) };
}

function checkEntry(entry: ZipEntry, fileSize: number): void {
  if (entry.method !== 0) throw malformed("its files are compressed, which torch never does");
  const isInside = Number.isSafeInteger(entry.offset) && Number.isSafeInteger(entry.size);
  if (!isInside || entry.offset + HEADER_BYTES + entry.size > fileSize)
    throw malformed("its directory points beyond its end");
}

function toEnds(entries: readonly ZipEntry[], fileSize: number): ReadonlyMap<ZipEntry, number> {
  const sorted = entries.toSorted((a, b) => a.offset - b.offset);
  return new Map(sorted.map((entry, index) => [entry, sorted[index + 1]?.offset ?? guessEnd(entry, fileSize)]));
}

function guessEnd(entry: ZipEntry, fileSize: number): number {
  const nameBytes = new TextEncoder().encode(entry.name).length;
  return Math.min(fileSize, entry.offset + HEADER_BYTES + nameBytes + MAX_EXTRA_BYTES + entry.size);
}

/** `data.pkl`, and the byte order where that lies beside it. */
export function pickleSpan(layout: TorchLayout): ByteSpan {
  return joinSpans(layout, layout.byteOrder ? [layout.pickle, layout.byteOrder] : [layout.pickle])[0] as ByteSpan;
}

/** Further than this apart, two requests are cheaper than the bytes between. */
const MAX_GAP_BYTES = 2 ** 16;

function joinSpans({ ends }: TorchLayout, entries: readonly ZipEntry[]): readonly ByteSpan[] {
  const spans: { offset: number; length: number }[] = [];
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    const end = ends.get(entry) ?? entry.offset;
    const last = spans.at(-1);
    if (last && entry.offset - (last.offset + last.length) <= MAX_GAP_BYTES)
      last.length = Math.max(last.length, end - last.offset);
    else spans.push({ offset: entry.offset, length: end - entry.offset });
  }
  return spans;
}

/**
 * The parts of the file that hold the model's storages, in few pieces; the optimizer's are left out.
 * Throws CheckpointError where a storage is missing, too short, or all together exceed the file.
 */
export function planStorages(layout: TorchLayout, views: ReadonlyMap<string, TensorView>): readonly ByteSpan[] {
  const storages = storagesOf(views);
  const entries = [...storages].map((storage) => entryOf(layout, storage));
  const total = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (total > layout.fileSize) throw malformed("its weights overlap");
  return joinSpans(layout, entries);
}

export function storagesOf(views: ReadonlyMap<string, TensorView>): ReadonlySet<TorchStorage> {
  return new Set([...views.values()].map(({ storage }) => storage).filter(({ count }) => count > 0));
}

function entryOf(layout: TorchLayout, { key, count, dtype }: TorchStorage): ZipEntry {
  const entry = layout.storages.get(key);
  if (entry === undefined) throw malformed(`data/${key} is missing`);
  if (entry.size < count * dtype.itemBytes)
    throw malformed(`data/${key} has ${entry.size} bytes, fewer than its ${count} numbers need`);
  return entry;
}

/** The bytes of a storage, a view of the part that holds it. */
export function storageBytes(layout: TorchLayout, parts: readonly FilePart[], storage: TorchStorage): Uint8Array {
  return entryBytes(parts, entryOf(layout, storage)).subarray(0, storage.count * storage.dtype.itemBytes);
}

/** The content of an entry, a view of the part that holds it. */
export function entryBytes(parts: readonly FilePart[], entry: ZipEntry): Uint8Array {
  const header = sliceOf(parts, { offset: entry.offset, length: HEADER_BYTES });
  const view = header && new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (view?.getUint32(0, true) !== 0x04034b50) throw malformed(`the header of ${nameOf(entry)} is missing`);
  const skipped = HEADER_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  const bytes = sliceOf(parts, { offset: entry.offset + skipped, length: entry.size });
  if (bytes === undefined) throw malformed(`${nameOf(entry)} is cut short`);
  return bytes;
}

/** Undefined where no one part holds all of the span. */
export function sliceOf(parts: readonly FilePart[], { offset, length }: ByteSpan): Uint8Array | undefined {
  for (const part of parts) {
    const begin = offset - part.offset;
    if (begin >= 0 && begin + length <= part.bytes.length) return part.bytes.subarray(begin, begin + length);
  }
  return undefined;
}

/** Throws for a file written on a big-endian machine. */
export function checkByteOrder(layout: TorchLayout, parts: readonly FilePart[]): void {
  if (layout.byteOrder === undefined || layout.byteOrder.size > 16) return;
  if (!sliceOf(parts, { offset: layout.byteOrder.offset, length: HEADER_BYTES })) return;
  if (new TextDecoder().decode(entryBytes(parts, layout.byteOrder)) !== "big") return;
  const message = "The checkpoint was written on a big-endian machine; load and save it with PyTorch on another one.";
  throw new CheckpointError({ tag: "refused", message });
}

/** The whole file as a layout. Throws CheckpointError: torn, refused (the format before zip), malformed. */
export function readTorchLayout(bytes: Uint8Array): TorchLayout {
  const tail = parseZipTail(bytes, bytes.length);
  if (tail.status !== "complete") throw notZipError(bytes);
  return toTorchLayout(tail.entries, bytes.length);
}

/** Why a file without a zip directory is none, told from its first bytes. */
export function notZipError(head: Uint8Array): CheckpointError {
  const text = new TextDecoder("latin1").decode(head.subarray(0, 512));
  if ("PK".startsWith(text.slice(0, 2))) {
    const message =
      "The checkpoint has no end yet: DaCapo is still writing it or was interrupted; try again in a moment.";
    return new CheckpointError({ tag: "torn", message });
  }
  // a pickle of torch's magic number, or a tar archive
  const isLegacy = LEGACY_MAGIC.every((byte, i) => head[i] === byte); // browsers read "latin1" as another encoding
  if (isLegacy || text.slice(257, 262) === "ustar") {
    const message =
      "The checkpoint is in the format that PyTorch wrote before release 1.6, which is not read here; load and save it again with a newer PyTorch.";
    return new CheckpointError({ tag: "refused", message });
  }
  return malformed("it is no PyTorch file (a zip archive)");
}

const LEGACY_MAGIC = [0x80, 0x02, 0x8a, 0x0a];

const nameOf = (entry: ZipEntry) => JSON.stringify(entry.name.slice(0, 80));

function malformed(found: string): CheckpointError {
  return new CheckpointError({
    tag: "malformed",
    message: `The checkpoint cannot be read: ${found}; check that the file was copied whole.`,
  });
}
