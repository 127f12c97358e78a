// What B is: one run, iteration and parameters that are looked at beside what is shown, on the same dataset.
import type { SecondViewPlace } from "#volumes/volume-viewer.ts";
import type { AppState, CompareState, RunState, Shown } from "./app-state.ts";
import type { LayerPlan } from "./layer-plan.ts";
import { planLayers } from "./plan-layers.ts";
import { resolveSelection, selectedRun, shownIterations, shownOf } from "./selectors.ts";

export type Compared = {
  readonly run: RunState | undefined;
  readonly shown: Shown;
  /** Lowest first. */
  readonly layers: readonly LayerPlan[];
  /** Why there is nothing of it, or not all; a sentence. */
  readonly reason?: string;
};

type Found = Pick<AppState, "runs" | "selection" | "runOrder"> & { readonly value: Compared | undefined };

const lastFound = new WeakMap<CompareState, Found>();

/** `undefined` when nothing is compared; found once for a state of the runs and a choice. */
export function comparedOf(state: AppState): Compared | undefined {
  const { compare, runs, selection, runOrder } = state;
  if (compare === undefined) return undefined;
  const last = lastFound.get(compare);
  if (last?.runs === runs && last.selection === selection && last.runOrder === runOrder) return last.value;
  const value = findCompared(state, compare);
  lastFound.set(compare, { runs, selection, runOrder, value });
  return value;
}

function findCompared(state: AppState, compare: CompareState): Compared | undefined {
  const shownRun = selectedRun(state);
  if (shownRun === undefined) return undefined;
  const run = state.runs[compare.run ?? shownRun.id];
  const a = shownOf(state);
  if (run === undefined)
    return { run, shown: {}, layers: [], reason: "The run that was compared is not open any more." };
  if (run.status === "loading") return { run, shown: {}, layers: [] };
  const shown = resolveSelection(run, toSelection(state, compare, a, run === shownRun));
  const refusal = refuse(run, compare, a, shown);
  if (refusal !== undefined) return { run, shown, layers: [], reason: refusal };
  const planned = planPair(planOf(shownRun, a), planOf(run, shown), compare, nameOf(run, shown));
  return { run, shown, ...(isSame(a, shown) ? { reason: sameReason } : {}), ...planned };
}

/** Of another run there is no reason to take the iteration that is shown of this one. */
function toSelection({ selection }: AppState, compare: CompareState, shown: Shown, isSameRun: boolean) {
  const { dataset, criterion } = shown;
  const parameters = compare.parameters ?? selection.parameters;
  return {
    iteration: compare.iteration ?? (isSameRun ? (shown.iteration ?? "best") : "best"),
    ...(dataset !== undefined && { dataset }),
    ...(criterion !== undefined && { criterion }),
    ...(parameters !== undefined && { parameters }),
  };
}

function refuse(run: RunState, { iteration }: CompareState, a: Shown, b: Shown): string | undefined {
  if (a.snapshot !== undefined)
    return "A training snapshot is shown: choose a dataset, of which there are results to compare.";
  if (a.dataset !== b.dataset) return `${run.name} has no dataset ${a.dataset}: choose a dataset that both runs have.`;
  const isMissing = typeof iteration === "number" && !shownIterations(run).includes(iteration);
  return isMissing ? `${run.name} has nothing of iteration ${iteration}: choose another for B.` : undefined;
}

const sameReason = "B is what A is: choose another iteration, run or parameters for it.";

function isSame(a: Shown, b: Shown): boolean {
  return a.run === b.run && a.iteration === b.iteration && a.parameters === b.parameters;
}

function planOf(run: RunState, shown: Shown): readonly LayerPlan[] {
  return planLayers(run, shown).filter(({ name }) => name === "prediction" || name === "segmentation");
}

function nameOf(run: RunState, { iteration }: Shown): string {
  return `${run.name} at ${iteration}`;
}

function planPair(
  first: readonly LayerPlan[],
  second: readonly LayerPlan[],
  { mode }: CompareState,
  name: string,
): Pick<Compared, "layers" | "reason"> {
  if (second.length === 0) return { layers: [], reason: `No prediction or segmentation of ${name} is on disk.` };
  if (mode !== "difference") return { layers: second.map(toSecond) };
  const layers = second.flatMap((b) => {
    const a = first.find((plan) => plan.name === b.name);
    return a === undefined ? [] : [toDifference(a, b)];
  });
  if (layers.length > 0) return { layers: layers.map((plan, index) => ({ ...plan, visible: index === 0 })) };
  return { layers: [], reason: `What is shown and ${name} have neither predictions nor segmentations in common.` };
}

function toSecond(plan: LayerPlan): LayerPlan {
  const name = plan.name === "prediction" ? "prediction B" : "segmentation B";
  return { ...plan, name, title: `${plan.title} (B)`, views: "second", looksLike: plan.name };
}

function toDifference(a: LayerPlan, b: LayerPlan): LayerPlan {
  const [name, what] =
    a.name === "prediction" ? (["difference", "predictions"] as const) : (["agreement", "segmentations"] as const);
  const path = `${name} of ${a.path} and ${b.path}`;
  const title = name === "difference" ? `difference of ${what}, B − A` : `agreement of ${what}`;
  return { name, run: b.run, path, source: path, title, visible: true, views: "second", of: [a, b] };
}

/** Layers that are the same whatever is compared: both views have them. */
const shared: ReadonlySet<string> = new Set(["raw", "gt"]);

/** B's layers among those of what is shown, lowest first. */
export function withSecond(plans: readonly LayerPlan[], state: AppState): readonly LayerPlan[] {
  const second = comparedOf(state)?.layers ?? [];
  if (second.length === 0) return plans;
  const both = plans.map((plan) => (shared.has(plan.name) ? { ...plan, views: "both" as const } : plan));
  const isOutline = ({ name }: LayerPlan) => name === "gt";
  return [...both.filter((plan) => !isOutline(plan)), ...second, ...both.filter(isOutline)];
}

/** Where B lies; nowhere while there is nothing of it. */
export function toSecondPlace(state: AppState): SecondViewPlace | undefined {
  const { compare, split, peeking } = state;
  if (compare === undefined || (comparedOf(state)?.layers.length ?? 0) === 0) return undefined;
  if (compare.mode === "side") return { where: "beside" };
  if (compare.mode === "swipe") return { where: "over", split: peeking ? 0 : split };
  return { where: "over", split: peeking ? 1 : 0 };
}
