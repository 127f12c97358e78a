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

/** Whether an array that may just be being made can be opened: its attributes are written after its metadata. */
export async function isReadableArray(store: Store, path: string, options: ListOptions): Promise<boolean> {
  const readJson = (name: string) => readRecord(store, joinPath(path, name), options);
  const [meta, attributes] = await Promise.all([readJson(".zarray"), readJson(".zattrs")]);
  return meta ? attributes !== undefined : (await readJson("zarr.json"))?.node_type === "array";
}

export async function readRecord(
  store: Store,
  path: string,
  options: ListOptions,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const found = await readOptional(store, path, { ...options, maxBytes: MAX_METADATA_BYTES });
    return found && parseJsonRecord(found.bytes);
  } catch (error) {
    if (isStorageError(error, "short-read")) return undefined;
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

export function isArrayListing({ files }: Listing): boolean {
  return files.includes(".zarray") || files.includes("zarr.json");
}

/** Servers may leave dot files out of a listing: then an array shows nothing but its chunks, or nothing at all. */
export function mayBeArray(listing: Listing): boolean {
  return (
    isArrayListing(listing) || [...listing.files, ...listing.directories].every((name) => /^\d+(\.\d+)*$/.test(name))
  );
}
