import { readRecord } from "./array-probe.ts";
import { mapConcurrently } from "./probe.ts";
import { snapshotContainer, toIterations } from "./run-layout.ts";
import type { ListOptions, Store } from "./store.ts";
import { joinPath } from "./store-path.ts";

export type SnapshotVolumes = {
  /** Path of the group that holds the arrays, relative to the runs base directory. */
  readonly folder: string;
  readonly names: readonly string[];
};

/**
 * Batches that training kept. `stacked`: arrays that grow along axis 0, entry i was taken at `iterations[i]` (which may
 * repeat and go back, after a resume). `separate`: releases up to 0.3.5, a group per iteration.
 */
export type Snapshots =
  | (SnapshotVolumes & { readonly layout: "stacked"; readonly iterations: readonly number[] })
  | { readonly layout: "separate"; readonly groups: readonly (SnapshotVolumes & { readonly iteration: number })[] };

const NAMES = ["raw", "gt", "target", "weight", "mask", "prediction", "gradients"];
const AT_ONCE = 8;

/** `undefined` when the run has no snapshots. Without a listing only the current, stacked form is found. */
export async function listSnapshots(
  base: Store,
  run: string,
  options: ListOptions = {},
): Promise<Snapshots | undefined> {
  const stacked = await listStacked(base, joinPath(snapshotContainer(run), "volumes"), options);
  if (stacked) return stacked;
  const listing = await base.list(snapshotContainer(run), options);
  const groups = await mapConcurrently(toIterations(listing?.directories ?? []), AT_ONCE, async (iteration) => {
    const folder = joinPath(snapshotContainer(run), String(iteration), "volumes");
    return { iteration, folder, names: (await base.list(folder, options))?.directories ?? [] };
  });
  const present = groups.filter(({ names }) => names.length > 0);
  return present.length > 0 ? { layout: "separate", groups: present } : undefined;
}

async function listStacked(base: Store, folder: string, options: ListOptions): Promise<Snapshots | undefined> {
  const listed = await base.list(folder, options);
  const names = listed ? NAMES.filter((name) => listed.directories.includes(name)) : NAMES;
  const arrays = await mapConcurrently(names, AT_ONCE, async (name) => {
    const [meta, attributes] = await Promise.all(
      [".zarray", ".zattrs"].map((file) => readRecord(base, joinPath(folder, name, file), options)),
    );
    return { name, iterations: toTaken(meta?.shape, attributes?.iterations) };
  });
  const whole = arrays.filter((array) => array.iterations !== undefined);
  // an array grows before its list does, and the arrays grow one after another
  const shortest = whole.map(({ iterations }) => iterations ?? []).reduce(toShorter, undefined);
  return shortest && { layout: "stacked", folder, names: whole.map(({ name }) => name), iterations: shortest };
}

function toShorter(a: readonly number[] | undefined, b: readonly number[]): readonly number[] {
  return a === undefined || b.length < a.length ? b : a;
}

function toTaken(shape: unknown, iterations: unknown): readonly number[] | undefined {
  if (!Array.isArray(shape) || !Array.isArray(iterations)) return undefined;
  if (!iterations.every((iteration) => Number.isSafeInteger(iteration))) return undefined;
  return iterations.slice(0, Number(shape[0]));
}
