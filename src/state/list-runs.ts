// The runs of a base directory, and whether an address names one.
import { isStorageError, StorageError } from "#storage/errors.ts";
import { openStore, toStoreDescription } from "#storage/open-store.ts";
import { listRuns } from "#storage/run-listing.ts";
import type { Store } from "#storage/store.ts";
import { type SourceOptions, toAbsolute } from "./open-run-source.ts";

export type RunList = { readonly url: string; readonly runs: readonly string[] };

/** @throws StorageError where nothing says which runs there are. */
export async function listBase(
  address: string,
  page: string,
  options: SourceOptions,
  signal: AbortSignal,
): Promise<RunList> {
  const base = openAt(address, page, options);
  const configs = options.configs === undefined ? base.within("configs") : openAt(options.configs, page, options);
  const runs = await listRuns(base, configs, { signal });
  if (runs === undefined) throw noListing(address);
  return { url: toAbsolute(address, page), runs };
}

function openAt(address: string, page: string, { s3Endpoint }: SourceOptions): Store {
  return openStore(toStoreDescription(address, page, s3Endpoint === undefined ? {} : { s3Endpoint }));
}

const leavings = ["checkpoints", "validation.zarr", "snapshot.zarr"];

/** Whether an address names a runs base directory; where nothing can be told it is taken for a single run. */
export async function looksLikeBase(
  address: string,
  page: string,
  options: SourceOptions,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const listing = await openAt(address, page, options).list("", { signal });
    const names = listing?.directories ?? [];
    return names.length > 0 && !leavings.some((name) => names.includes(name));
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
    setting: "autoindex on;\nautoindex_format json;",
  });
}
