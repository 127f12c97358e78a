import { isStorageError } from "./errors.ts";
import { mapConcurrently, parseJsonRecord, readOptional, readStamp } from "./probe.ts";
import type { Listing, ListOptions, Store } from "./store.ts";
import { joinPath } from "./store-path.ts";

const MAX_METADATA_BYTES = 2 ** 22;
const AT_ONCE = 8;

/** Whether an array's metadata is there, for a byte or two. */
export async function isArray(store: Store, path: string, options: ListOptions): Promise<boolean> {
  if (await readStamp(store, joinPath(path, ".zarray"), options)) return true;
  return (await readStamp(store, joinPath(path, "zarr.json"), options)) !== undefined;
}

/** A metadata file that keeps an array from being opened though something of the array is there. */
export type UnreadableFile = { readonly path: string; readonly found: "missing" | "torn" };

export type LookOptions = ListOptions & { readonly onUnreadable?: (file: UnreadableFile) => void };

/**
 * Whether an array that may just be being made can be opened: its attributes are written after its metadata.
 * `isListed`: a listing names its folder, so that something must be in it.
 */
export async function isReadableArray(
  store: Store,
  path: string,
  options: LookOptions,
  isListed = false,
): Promise<boolean> {
  const look = (name: string) => readJsonFile(store, joinPath(path, name), options);
  const [meta, attributes] = await Promise.all([look(".zarray"), look(".zattrs")]);
  if (isRead(meta) && isRead(attributes)) return true;
  const v3 = meta === "missing" ? await look("zarr.json") : "missing";
  if (isRead(v3)) return v3.node_type === "array";
  const isThere = isListed || [meta, attributes, v3].some((file) => file !== "missing");
  if (isThere) options.onUnreadable?.(toUnreadable(path, { meta, attributes, v3 }));
  return false;
}

type Looked = { readonly meta: JsonFile; readonly attributes: JsonFile; readonly v3: JsonFile };

function toUnreadable(path: string, { meta, attributes, v3 }: Looked): UnreadableFile {
  if (v3 === "torn") return { path: joinPath(path, "zarr.json"), found: "torn" };
  if (!isRead(meta)) return { path: joinPath(path, ".zarray"), found: meta };
  return { path: joinPath(path, ".zattrs"), found: attributes === "torn" ? "torn" : "missing" };
}

type JsonFile = Readonly<Record<string, unknown>> | UnreadableFile["found"];

function isRead(file: JsonFile): file is Readonly<Record<string, unknown>> {
  return typeof file === "object";
}

export async function readRecord(
  store: Store,
  path: string,
  options: ListOptions,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const file = await readJsonFile(store, path, options);
  return isRead(file) ? file : undefined;
}

async function readJsonFile(store: Store, path: string, options: ListOptions): Promise<JsonFile> {
  try {
    const found = await readOptional(store, path, { ...options, maxBytes: MAX_METADATA_BYTES });
    return found === undefined ? "missing" : (parseJsonRecord(found.bytes) ?? "torn");
  } catch (error) {
    if (isStorageError(error, "short-read")) return "torn";
    throw error;
  }
}

/** A directory that holds what was looked for; `path` is relative to where the search began. */
export type Holder = { readonly path: string; readonly listing: Listing };

/**
 * Directories below `root` that satisfy `isHolder`, at most `depth` levels down; neither they nor arrays are searched
 * further. `undefined` when the server gives no listing of `root`.
 */
export async function findHolders(
  store: Store,
  root: string,
  isHolder: (listing: Listing) => boolean,
  depth: number,
  options: ListOptions,
): Promise<readonly Holder[] | undefined> {
  const listing = await store.list(root, options);
  if (listing === undefined) return undefined;
  if (isHolder(listing)) return [{ path: "", listing }];
  if (depth === 0 || isArrayListing(listing)) return [];
  const below = await mapConcurrently(listing.directories, AT_ONCE, async (name) => {
    const holders = await findHolders(store, joinPath(root, name), isHolder, depth - 1, options);
    return (holders ?? []).map((holder) => ({ ...holder, path: joinPath(name, holder.path) }));
  });
  return below.flat();
}

function isArrayListing({ files }: Listing): boolean {
  return files.includes(".zarray") || files.includes("zarr.json");
}

/** Servers may leave dot files out of a listing: then an array shows nothing but its chunks, or nothing at all. */
export function mayBeArray(listing: Listing): boolean {
  return (
    isArrayListing(listing) || [...listing.files, ...listing.directories].every((name) => /^\d+(\.\d+)*$/.test(name))
  );
}
