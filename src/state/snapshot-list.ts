// The batches that a training kept, as entries one can move through. Pure.
import type { Snapshots } from "#storage/snapshots.ts";

export type SnapshotEntry = {
  readonly iteration: number;
  /** Of the arrays, below the run's folder. */
  readonly folder: string;
  readonly names: readonly string[];
  /** Place along the first axis of stacked arrays; absent where the iteration has arrays of its own. */
  readonly index?: number;
};

export type SnapshotList = {
  /** Ascending by iteration, one each. */
  readonly entries: readonly SnapshotEntry[];
  /** Entries of what a rewind undid, or that were taken again. */
  readonly superseded: number;
};

/** `run`: the first part of the storage's paths. Entries that a later one goes back behind are of a training that was rewound. */
export function toSnapshotList(snapshots: Snapshots | undefined, run: string): SnapshotList {
  const all = snapshots === undefined ? [] : toEntries(snapshots, run);
  let oldest = Number.POSITIVE_INFINITY;
  const fromLast = all.toReversed().filter(({ iteration }) => {
    const isKept = iteration < oldest;
    oldest = Math.min(oldest, iteration);
    return isKept;
  });
  return { entries: fromLast.toReversed(), superseded: all.length - fromLast.length };
}

function toEntries(snapshots: Snapshots, run: string): readonly SnapshotEntry[] {
  const below = (folder: string) => folder.slice(run.length + 1);
  if (snapshots.layout === "stacked") {
    const { folder, names } = snapshots;
    return snapshots.iterations.map((iteration, index) => ({ iteration, folder: below(folder), names, index }));
  }
  const groups = snapshots.groups.toSorted((a, b) => a.iteration - b.iteration);
  return groups.map(({ iteration, folder, names }) => ({ iteration, folder: below(folder), names }));
}
