// Beginning to compare, changing what is compared, and exchanging the two: what each makes of the state.
import type { AppState, CompareState } from "./app-state.ts";
import { comparedOf } from "./compared.ts";
import { bestOf, parametersOf, selectedRun, shownOf, volumeIterations } from "./selectors.ts";

/** A change of what is compared: an undefined part takes it back. */
export type ComparePart = { readonly [K in keyof CompareState]?: CompareState[K] | undefined };

export function toCompared(state: AppState, part: ComparePart): Partial<AppState> {
  return { compare: merge(state, part), peeking: false, split: toSplit(state, part.mode) };
}

function merge(state: AppState, part: ComparePart): CompareState {
  const before = state.compare ?? (isSaid(part) ? {} : standardB(state));
  const merged = { mode: "side", ...before, ...part };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as CompareState;
}

/** Between two columns of panels the divider would cut none. */
function toSplit({ split, view, compare }: AppState, mode: CompareState["mode"] | undefined): number {
  const begins = mode === "swipe" && compare?.mode !== "swipe";
  return begins && split === 0.5 && /^4panel|-3d$/.test(view.layout ?? "") ? 0.25 : split;
}

function isSaid({ run, iteration, parameters }: ComparePart): boolean {
  return run !== undefined || iteration !== undefined || parameters !== undefined;
}

/** What one most likely wants beside what is shown: the best, else the validation before it, else another run or other parameters. */
function standardB(state: AppState): Omit<CompareState, "mode"> {
  const run = selectedRun(state);
  if (run === undefined) return {};
  const { iteration, dataset, criterion, parameters } = shownOf(state);
  const best = bestOf(run, dataset, criterion);
  if (best !== undefined && best.iteration !== iteration) return { iteration: best.iteration };
  const others = volumeIterations(run).filter((other) => other !== iteration);
  const before = others.findLast((other) => other < (iteration ?? 0)) ?? others[0];
  if (before !== undefined) return { iteration: before };
  const otherRun = state.runOrder.find((id) => id !== run.id);
  if (otherRun !== undefined) return { run: otherRun };
  const other = parametersOf(run).find((name) => name !== parameters);
  return other === undefined ? {} : { parameters: other };
}

/** Both stay as they are, whatever is best or latest by then. */
export function swapCompared(state: AppState): Partial<AppState> {
  const b = comparedOf(state)?.shown;
  const { compare, selection } = state;
  if (compare === undefined || b?.run === undefined) return {};
  const { run, iteration, parameters } = shownOf(state);
  return {
    selection: { ...selection, ...pick(b.run, b.iteration, b.parameters) },
    compare: { mode: compare.mode, ...pick(run, iteration, parameters) },
  };
}

function pick(run: string | undefined, iteration: number | undefined, parameters: string | undefined) {
  return {
    ...(run !== undefined && { run }),
    ...(iteration !== undefined && { iteration }),
    ...(parameters !== undefined && { parameters }),
  };
}
