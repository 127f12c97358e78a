// Comparing two results over the same volumes: what B is, how the two are laid out, and what the viewer is told of it.
import type { StoreApi } from "zustand/vanilla";
import type { SecondViewPlace, VolumeViewer } from "#volumes/volume-viewer.ts";
import type { Commands } from "./app.ts";
import type { AppState, CompareState } from "./app-state.ts";
import { comparedOf } from "./compared.ts";
import { bestOf, parametersOf, selectedRun, shownOf, volumeIterations } from "./selectors.ts";

export type CompareCommands = Pick<Commands, "compare" | "swapCompared" | "setSplit" | "peek">;

export function createCompareCommands(store: StoreApi<AppState>): CompareCommands {
  return {
    compare(part) {
      if (part === undefined) store.setState({ compare: undefined, peeking: false });
      else
        store.setState((state) => ({ compare: merge(state, part), peeking: false, split: toSplit(state, part.mode) }));
    },
    swapCompared: () => store.setState(swap),
    setSplit: (split) => store.setState({ split: Math.min(1, Math.max(0, split)) }),
    peek: (peeking) => store.setState({ peeking }),
  };
}

function merge(state: AppState, part: NonNullable<Parameters<Commands["compare"]>[0]>): CompareState {
  const before = state.compare ?? (isSaid(part) ? {} : standardB(state));
  const merged = { mode: "side", ...before, ...part };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as CompareState;
}

/** Between two columns of panels the divider would cut none. */
function toSplit({ split, view, compare }: AppState, mode: CompareState["mode"] | undefined): number {
  const begins = mode === "swipe" && compare?.mode !== "swipe";
  return begins && split === 0.5 && /^4panel|-3d$/.test(view.layout ?? "") ? 0.25 : split;
}

function isSaid({ run, iteration, parameters }: { readonly [K in keyof CompareState]?: unknown }): boolean {
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
function swap(state: AppState): Partial<AppState> {
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

/** Where B lies; nowhere while there is nothing of it. */
export function toSecondPlace(state: AppState): SecondViewPlace | undefined {
  const { compare, split, peeking } = state;
  if (compare === undefined || selectedRun(state) === undefined) return undefined;
  if ((comparedOf(state)?.layers.length ?? 0) === 0) return undefined;
  if (compare.mode === "side") return { where: "beside" };
  if (compare.mode === "swipe") return { where: "over", split: peeking ? 0 : split };
  return { where: "over", split: peeking ? 1 : 0 };
}

/** Keeps the second view of the viewer where the state says; returns what ends it. */
export function keepSecondView(store: StoreApi<AppState>, viewer: VolumeViewer): () => void {
  let told = "";
  const tell = () => {
    const place = toSecondPlace(store.getState());
    const text = JSON.stringify(place) ?? "";
    if (text !== told) viewer.placeSecondView(place);
    told = text;
  };
  tell();
  return store.subscribe(tell);
}
