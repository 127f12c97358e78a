// The runs of a base directory: those that have a configuration or stats, and folders that hold what a run leaves.
import { isStorageError } from "#storage/errors.ts";
import { FileConfigStore } from "#storage/config-store.ts";
import { openStore, toStoreDescription } from "#storage/open-store.ts";
import { StorageError } from "#storage/errors.ts";
import type { Store } from "#storage/store.ts";
import { type SourceOptions, toAbsolute } from "./open-run-source.ts";

export type RunList = { readonly url: string; readonly runs: readonly string[] };

/** @throws StorageError where nothing says which runs there are. */
export async function listRuns(address: string, page: string, options: SourceOptions, signal: AbortSignal): Promise<RunList> {
  const base = openBase(address, page, options);
  const configs = options.configs === undefined ? base.within("configs") : openBase(options.configs, page, options);
  const runs = await findRuns(base, configs, signal);
  if (runs === undefined) throw noListing(address);
  return { url: toAbsolute(address, page), runs };
}

function openBase(address: string, page: string, { s3Endpoint }: SourceOptions): Store {
  return openStore(toStoreDescription(address, page, s3Endpoint === undefined ? {} : { s3Endpoint }));
}

const reserved = new Set(["configs", "stats"]);

/** Sorted; `undefined` where the server lists neither the base nor its configs. */
export async function findRuns(base: Store, configs: Store, signal: AbortSignal): Promise<string[] | undefined> {
  const [configured, top, losses] = await Promise.all([
    new FileConfigStore(configs).retrieveRunConfigNames({ signal }),
    base.list("", { signal }),
    base.list("stats/training_stats", { signal }),
  ]);
  if (configured === undefined && top === undefined) return undefined;
  const folders = top?.directories.filter((name) => !reserved.has(name) && !name.startsWith(".")) ?? [];
  const trained = losses?.files.map((file) => file.replace(/\.json$/, "")) ?? [];
  const known = new Set([...(configured ?? []), ...trained]);
  const others = await Promise.all(folders.filter((name) => !known.has(name)).map((name) => isRun(base, name, signal)));
  return [...new Set([...known, ...others.flatMap((name) => name ?? [])])].sort();
}

const leavings = new Set(["checkpoints", "validation.zarr", "snapshot.zarr"]);

async function isRun(base: Store, name: string, signal: AbortSignal): Promise<string | undefined> {
  const listing = await base.list(name, { signal });
  return listing?.directories.some((directory) => leavings.has(directory)) ? name : undefined;
}

/** Whether an address names a runs base directory; a single run where nothing can be told. */
export async function looksLikeBase(address: string, page: string, options: SourceOptions, signal: AbortSignal): Promise<boolean> {
  try {
    const listing = await openBase(address, page, options).list("", { signal });
    if (listing === undefined) return false;
    const names = new Set(listing.directories);
    if ([...leavings].some((name) => names.has(name))) return false;
    return names.has("configs") || names.has("stats") || names.size > 0;
  } catch (error) {
    if (isStorageError(error)) return false; // opening it as a run says what is wrong with it
    throw error;
  }
}

function noListing(address: string): StorageError {
  return new StorageError({
    tag: "wrong-content",
    subject: address,
    message: `The server lists no files at ${address}, so the runs there are not known.`,
    hint: "Open a run by its own address, or have the server list directories.",
    setting: "nginx: autoindex on; autoindex_format json;",
  });
}
