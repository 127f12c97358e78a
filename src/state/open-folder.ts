// A folder that was opened or dropped: a runs base directory, or one run's folder, whose stats lie outside of it.
import { toDirectoryStore } from "#storage/directory-store.ts";
import { StorageError } from "#storage/errors.ts";
import { toMountedStore } from "#storage/mounted-store.ts";
import { listRuns } from "#storage/run-listing.ts";
import type { Store } from "#storage/store.ts";
import { toLastPart } from "./folder-address.ts";
import { toRunSource } from "./open-run-source.ts";
import type { RunSource } from "./run-source.ts";

export type OpenedFolder = {
  /** Stands for the folder in addresses of this page; no link can carry it elsewhere. */
  readonly address: string;
  readonly runs: readonly string[];
  openRun(address: string): RunSource | undefined;
};

/** @throws StorageError when nothing in the folder looks like a run. */
export async function openFolder(
  handle: FileSystemDirectoryHandle,
  address: string,
  signal: AbortSignal,
): Promise<OpenedFolder> {
  const folder = toDirectoryStore(handle);
  const base = (await isRunFolder(folder, signal)) ? toMountedStore(handle.name, folder) : folder;
  const runs = (await listRuns(base, base.within("configs"), { signal })) ?? [];
  if (runs.length === 0) throw noRuns(handle.name);
  const stores = { base, stats: base.within("stats"), configs: base.within("configs") };
  return {
    address,
    runs,
    openRun(run) {
      const name = runs.find((candidate) =>
        [candidate, encodeURIComponent(candidate)].includes(toLastPart(run, address)),
      );
      return name === undefined ? undefined : toRunSource(stores, { name, url: run, address: run });
    },
  };
}

async function isRunFolder(folder: Store, signal: AbortSignal): Promise<boolean> {
  const listing = await folder.list("", { signal });
  return (
    listing?.directories.some((name) => ["validation.zarr", "checkpoints", "snapshot.zarr"].includes(name)) ?? false
  );
}

function noRuns(name: string): StorageError {
  return new StorageError({
    tag: "wrong-content",
    subject: name,
    message: `The folder "${name}" holds no DaCapo run.`,
    hint: "Choose a runs base directory (with configs, stats and a folder per run in it), or one run's folder (with checkpoints or validation.zarr in it).",
  });
}
