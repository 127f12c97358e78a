import type { Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Graft, ServedDirectory } from "./served-directory.ts";

/** One line of a listing; `modified` is ISO 8601. Directories have no size. */
export type Entry = {
  readonly name: string;
  readonly type: "file" | "directory";
  readonly size?: number;
  readonly modified?: string;
  /** Of a directory, where it was asked for. */
  readonly entries?: readonly Entry[];
};

/** The names in a request path below `/data/<n>/`, decoded; undefined for a path that could mean anything but plain names. */
export function parseSegments(encodedPath: string): readonly string[] | undefined {
  const encoded = encodedPath.split("/").filter((segment, i, all) => segment !== "" || i < all.length - 1);
  try {
    const segments = encoded.map(decodeURIComponent);
    return segments.every(isPlainName) ? segments : undefined;
  } catch {
    return undefined;
  }
}

/** Dot files are plain names: zarr's metadata are dot files. */
const isPlainName = (name: string) => name !== "" && name !== "." && name !== ".." && !/[/\\\0]/.test(name);

/** The real path at `segments`; undefined where nothing lies, or where a link leads out of what is served. */
export async function resolveInside(
  directory: ServedDirectory,
  segments: readonly string[],
): Promise<string | undefined> {
  const graft = graftOf(directory, segments);
  if (!graft) return undefined;
  return realInside(join(graft.path, ...segments.slice(graft.at.length)), graft.within);
}

/** The entries of the directory at `segments`, sorted by name; undefined where no directory is. */
export async function readEntries(
  directory: ServedDirectory,
  segments: readonly string[],
): Promise<readonly Entry[] | undefined> {
  const path = await resolveInside(directory, segments);
  const stored = path === undefined ? undefined : await storedNames(path);
  const grafted = graftedNames(directory, segments);
  if (stored === undefined && grafted.size === 0) return undefined;
  const names = [...new Set([...(stored ?? []), ...grafted])].sort();
  const entries = await inBatches(names, 64, (name) => readEntry(directory, [...segments, name]));
  return entries.filter((entry) => entry !== undefined);
}

/** Lines in one answer; directories that would make it longer come without their entries. */
const maxEntries = 100_000;

/**
 * As `readEntries`, with the entries of the directories below down to `depth` levels in all: what takes a client thousands of
 * requests otherwise. Chunks are left out: arrays are not gone into.
 */
export async function readTree(
  directory: ServedDirectory,
  segments: readonly string[],
  depth: number,
): Promise<readonly Entry[] | undefined> {
  const room = { left: maxEntries };
  const entries = await readEntries(directory, segments);
  return entries && goDeeper(directory, segments, entries, depth, room);
}

async function goDeeper(
  directory: ServedDirectory,
  segments: readonly string[],
  entries: readonly Entry[],
  depth: number,
  room: { left: number },
): Promise<readonly Entry[]> {
  room.left -= entries.length;
  if (depth <= 1 || entries.some(({ name }) => name === ".zarray")) return entries;
  return inBatches(entries, 64, async (entry) => {
    if (entry.type !== "directory" || room.left <= 0) return entry;
    const path = [...segments, entry.name];
    const below = await readNames(directory, path);
    if (below === undefined || below.length > room.left) return entry;
    return { ...entry, entries: await goDeeper(directory, path, below, depth - 1, room) };
  });
}

/** As `readEntries`, with no more of each entry than its type: the disk is asked once for all of them. */
async function readNames(
  directory: ServedDirectory,
  segments: readonly string[],
): Promise<readonly Entry[] | undefined> {
  if (graftedNames(directory, segments).size > 0) return readEntries(directory, segments);
  const path = await resolveInside(directory, segments);
  const found = path === undefined ? undefined : await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (found === undefined) return undefined;
  const entries = await inBatches(found, 64, async (entry): Promise<Entry | undefined> => {
    const { name } = entry;
    if (entry.isFile()) return { name, type: "file" };
    if (entry.isDirectory()) return { name, type: "directory" };
    return readEntry(directory, [...segments, name]); // a link is followed, within what is served
  });
  return entries.filter((entry) => entry !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function graftOf(directory: ServedDirectory, segments: readonly string[]): Graft | undefined {
  const above = directory.grafts.filter(({ at }) => at.every((name, i) => name === segments[i]));
  return above.reduce<Graft | undefined>(
    (deepest, graft) => (deepest && deepest.at.length >= graft.at.length ? deepest : graft),
    undefined,
  );
}

/** Names that grafts below `segments` add there: `stats` and `configs` of a single run. */
function graftedNames(directory: ServedDirectory, segments: readonly string[]): ReadonlySet<string> {
  const below = directory.grafts.filter(
    ({ at }) => at.length > segments.length && segments.every((name, i) => name === at[i]),
  );
  return new Set(below.flatMap(({ at }) => at[segments.length] ?? []));
}

async function realInside(path: string, within: string): Promise<string | undefined> {
  const real = await realpath(path).catch(() => undefined);
  return real !== undefined && (real === within || real.startsWith(within.endsWith(sep) ? within : within + sep))
    ? real
    : undefined;
}

const storedNames = (path: string) => readdir(path).catch(() => undefined);

async function readEntry(directory: ServedDirectory, segments: readonly string[]): Promise<Entry | undefined> {
  const name = segments.at(-1) ?? "";
  const path = await resolveInside(directory, segments);
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (found) return toEntry(name, found);
  return graftedNames(directory, segments).size > 0 ? { name, type: "directory" } : undefined;
}

function toEntry(name: string, found: Stats): Entry | undefined {
  const modified = found.mtime.toISOString();
  if (found.isDirectory()) return { name, type: "directory", modified };
  return found.isFile() ? { name, type: "file", size: found.size, modified } : undefined;
}

/** A directory may hold a hundred thousand chunks: as many open requests to the disk at once are too many. */
async function inBatches<T, R>(items: readonly T[], size: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let i = 0; i < items.length; i += size) done.push(...(await Promise.all(items.slice(i, i + size).map(work))));
  return done;
}
