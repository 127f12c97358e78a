// Which layers show a batch that the training kept. Pure.
import type { RunState, Shown } from "./app-state.ts";
import type { LayerPlan, LayerRole } from "./layer-plan.ts";
import { snapshotEntry } from "./snapshot-choice.ts";

/** Lowest first. What lies over what the network gave begins hidden. */
const drawn: readonly (readonly [name: LayerRole, visible: boolean, title?: string])[] = [
  ["raw", true],
  ["gradients", false],
  ["weight", false],
  ["mask", false],
  ["prediction", true],
  ["target", false],
  ["gt", false],
];

export function planSnapshotLayers(run: RunState, shown: Shown): readonly LayerPlan[] {
  const entry = snapshotEntry(run, shown);
  if (entry === undefined) return [];
  const { iteration, folder, names, index } = entry;
  const stack = run.snapshots?.status === "ready" ? run.snapshots.value.entries.length : 0;
  const ofStack = index === undefined ? {} : { stack: { index, version: stack } };
  return drawn
    .filter(([name]) => names.includes(name))
    .map(([name, visible]) => ({
      ...{ name, run: run.id, path: `${folder}/${name}`, iteration, visible },
      title: `${titleOf(name, index !== undefined)} in training at ${iteration}`,
      snapshot: ofStack,
    }));
}

/** What current releases keep as gt is the target. */
function titleOf(name: LayerRole, isStacked: boolean): string {
  return name === "gt" && isStacked ? "gt (really the target)" : name;
}
