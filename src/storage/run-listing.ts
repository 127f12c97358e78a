import { FileConfigStore } from "./config-store.ts";
import { mapConcurrently } from "./probe.ts";
import type { ListOptions, Store } from "./store.ts";
import { toNames } from "./store-path.ts";

const MARKS = ["validation.zarr", "snapshot.zarr", "checkpoints"];
const AT_ONCE = 8;

/**
 * Names of the runs of a base directory: those with a config, and folders that hold what a run writes.
 * `undefined` where the server lists neither.
 */
export async function listRuns(
  base: Store,
  configs: Store,
  options: ListOptions = {},
): Promise<readonly string[] | undefined> {
  const [named, listing] = await Promise.all([
    new FileConfigStore(configs).retrieveRunConfigNames(options),
    base.list("", options),
  ]);
  if (named === undefined && listing === undefined) return undefined;
  const unnamed = (listing?.directories ?? []).filter((name) => !named?.includes(name));
  const marked = await mapConcurrently(unnamed, AT_ONCE, async (name) => {
    const inside = await base.list(name, options);
    return inside?.directories.some((directory) => MARKS.includes(directory)) ?? false;
  });
  return toNames([...(named ?? []), ...unnamed.filter((_, index) => marked[index])]);
}
