// Which snapshot is chosen, and what one moves through: snapshots in their place, validated iterations otherwise. Pure.
import type { RunState, Selection, SelectionPart, Shown } from "./app-state.ts";
import type { SnapshotEntry } from "./snapshot-list.ts";

/** Empty until they are listed. */
export function snapshotsOf(run: RunState): readonly SnapshotEntry[] {
  return run.snapshots?.status === "ready" ? run.snapshots.value.entries : [];
}

/** The iteration of the chosen one; the last before it where there is none of just that iteration. */
export function resolveSnapshot(run: RunState, { snapshot }: Selection): number | undefined {
  if (snapshot === undefined) return undefined;
  const entries = snapshotsOf(run);
  const before = entries.filter(({ iteration }) => snapshot === "latest" || iteration <= snapshot);
  return (before.at(-1) ?? entries[0])?.iteration;
}

export function snapshotEntry(run: RunState, { snapshot }: Shown): SnapshotEntry | undefined {
  return snapshotsOf(run).find(({ iteration }) => iteration === snapshot);
}

/** Choosing anything of the validation leaves the snapshots. */
export function leavesSnapshots(part: SelectionPart): boolean {
  const { snapshot, run, dataset, iteration, parameters } = part;
  return snapshot === undefined && [run, dataset, iteration, parameters].some((each) => each !== undefined);
}
