// Opens the arrays that a person or a host names. Loaded with the first of them.
import { toArrayPlace } from "#storage/array-address.ts";
import { toDirectoryStore } from "#storage/directory-store.ts";
import { isStorageError, StorageError } from "#storage/errors.ts";
import { findArrays } from "#storage/find-array.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { RawOptions } from "./app-options.ts";
import type { OtherRaw } from "./other-raws.ts";

/** Throws StorageError with a sentence for people. */
export async function openAddress(
  address: string,
  { page, s3Endpoint }: RawOptions,
  signal: AbortSignal,
): Promise<readonly RunArray[]> {
  const { store, path } = toArrayPlace(address, page, s3Endpoint === undefined ? {} : { s3Endpoint });
  return findArrays(store, path, { signal });
}

/** Throws StorageError where the array is at none of its addresses. */
export async function openFirst(
  { path, addresses }: OtherRaw,
  options: RawOptions,
  signal: AbortSignal,
): Promise<readonly RunArray[]> {
  for (const address of addresses) {
    try {
      return await openAddress(address, options, signal);
    } catch (error) {
      if (!isStorageError(error)) throw error; // it may be at the next
    }
  }
  throw new StorageError({
    tag: "wrong-content",
    subject: path,
    message: `The run's config has this array at ${path} on the machine that trained, and it is not found from here.`,
    hint: "Serve it beside the runs, or give its address.",
  });
}

export function openFolderArray(folder: FileSystemDirectoryHandle, signal: AbortSignal): Promise<readonly RunArray[]> {
  return findArrays(toDirectoryStore(folder), "", { signal });
}
