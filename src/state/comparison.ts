// Comparing two results over the same volumes. What it takes is fetched with the first comparison: most visits have none.
import type { StoreApi } from "zustand/vanilla";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { Commands } from "./app.ts";
import type { AppState } from "./app-state.ts";
import type { Compared } from "./compared.ts";
import type { LayerPlan } from "./layer-plan.ts";
import { planLayers } from "./plan-layers.ts";
import { addProblem, toProblem } from "./problems.ts";
import { selectedRun, shownOf } from "./selectors.ts";

const fetchCode = () => Promise.all([import("./compared.ts"), import("./compare-commands.ts")]);

let code: Awaited<ReturnType<typeof fetchCode>> | undefined;

/** What B comes to; `undefined` when nothing is compared, and until it can be told. */
export function comparedOf(state: AppState): Compared | undefined {
  return state.compare === undefined ? undefined : code?.[0].comparedOf(state);
}

/** Something is compared that cannot be told yet. */
export function awaitsComparison({ compare }: AppState): boolean {
  return compare !== undefined && code === undefined;
}

/** All that the volumes show, lowest first. */
export function planVolumes(state: AppState): readonly LayerPlan[] {
  const run = selectedRun(state);
  if (run === undefined) return [];
  const plans = planLayers(run, shownOf(state), state);
  return state.compare === undefined ? plans : (code?.[0].withSecond(plans, state) ?? plans);
}

const ofDifference: ReadonlySet<string> = new Set(["raw", "gt", "difference", "agreement"]);

/**
 * Whether a person is told of a layer by itself: B's look like A's and have no switches of their own, and those that a difference
 * hides are not spoken of.
 */
export function isListed({ compare, layers }: AppState, name: string): boolean {
  if (name === "prediction B" || name === "segmentation B") return false;
  const isHidden =
    compare?.mode === "difference" && layers.some((layer) => layer.name === "difference" || layer.name === "agreement");
  return !isHidden || ofDifference.has(name);
}

/** Keeps the second view of the viewer where the state says; returns what ends it. */
export function keepSecondView(store: StoreApi<AppState>, viewer: VolumeViewer): () => void {
  let told = "";
  const tell = () => {
    const place = code?.[0].toSecondPlace(store.getState());
    const text = JSON.stringify(place) ?? "";
    if (text !== told) viewer.placeSecondView(place);
    told = text;
  };
  tell();
  return store.subscribe(tell);
}

type Comparison = {
  readonly commands: Pick<Commands, "compare" | "swapCompared" | "setSplit" | "peek">;
  dispose(): void;
};

export function createComparison(store: StoreApi<AppState>): Comparison {
  /** Once it is there, whoever looks at the state looks again. */
  async function fetchFor(then: (found: NonNullable<typeof code>) => void): Promise<void> {
    try {
      code ??= await fetchCode();
      then(code);
    } catch (error) {
      const problem = toProblem(error, { subject: "comparison", sought: "What compares two results" }, Date.now());
      store.setState(({ problems }) => ({ compare: undefined, problems: addProblem(problems, problem) }));
    }
  }
  const look = () => {
    const again = () => store.setState(({ compare }) => ({ compare: compare && { ...compare } }));
    if (awaitsComparison(store.getState())) void fetchFor(again);
  };
  const stop = store.subscribe(look);
  return {
    commands: {
      compare(part) {
        if (part === undefined) store.setState({ compare: undefined, peeking: false });
        else void fetchFor(([, { toCompared }]) => store.setState((state) => toCompared(state, part)));
      },
      swapCompared: () => void fetchFor(([, { swapCompared }]) => store.setState(swapCompared)),
      setSplit: (split) => store.setState({ split: Math.min(1, Math.max(0, split)) }),
      peek: (peeking) => store.setState({ peeking }),
    },
    dispose: stop,
  };
}
