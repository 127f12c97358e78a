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
