// Opens the arrays that a person or a host names. Loaded with the first of them.
import { toArrayPlace } from "#storage/array-address.ts";
import { toDirectoryStore } from "#storage/directory-store.ts";
import { findArrays } from "#storage/find-array.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { RawOptions } from "./app-options.ts";

/** Throws StorageError with a sentence for people. */
export async function openAddress(
  address: string,
  { page, s3Endpoint }: RawOptions,
  signal: AbortSignal,
): Promise<readonly RunArray[]> {
  const { store, path } = toArrayPlace(address, page, s3Endpoint === undefined ? {} : { s3Endpoint });
  return findArrays(store, path, { signal });
}

export function openFolderArray(folder: FileSystemDirectoryHandle, signal: AbortSignal): Promise<readonly RunArray[]> {
  return findArrays(toDirectoryStore(folder), "", { signal });
}
