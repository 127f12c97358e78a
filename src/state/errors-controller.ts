// Keeps the comparison of the shown output with its ground truth, as long as the state has one: begun anew when another is
// shown, one at a time.
import type { StoreApi } from "zustand/vanilla";
import { isAbort } from "#storage/errors.ts";
import type { RunArray } from "#storage/open-array.ts";
import { toCoordinateSpace } from "#volumes/coordinate-space.ts";
import type { AppState, ErrorsState, RunId } from "./app-state.ts";
import type { ErrorProgress } from "./error-blocks.ts";
import type { ErrorTask, ErrorWork } from "./error-work.ts";
import { type ErrorsWish, toErrorsWish } from "./errors-wish.ts";
import type { RunSource } from "./run-source.ts";

export type ErrorsController = {
  /** Begins anew, or agrees to what was asked. */
  compute(): void;
  stop(): void;
  /** The layer of a comparison. */
  array(generation: number): RunArray | undefined;
  dispose(): void;
};

type Comparison = Extract<ErrorsWish, { readonly target: unknown }>;

export type ErrorsEffects = {
  readonly sourceOf: (run: RunId) => RunSource | undefined;
  readonly open?: (task: ErrorTask) => Promise<ErrorWork>;
  /** A choice has to last so long: who scrubs does not start a comparison for each step. */
  readonly restMs?: number;
};

const openLazily = async (task: ErrorTask): Promise<ErrorWork> => (await import("./error-work.ts")).openErrorWork(task);

export function createErrorsController(
  store: StoreApi<AppState>,
  { sourceOf, open = openLazily, restMs = 250 }: ErrorsEffects,
): ErrorsController {
  let asked: string | undefined;
  let generation = 0;
  let running: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let work: ErrorWork | undefined;
  let agree: (() => void) | undefined;

  function end(): void {
    clearTimeout(timer);
    running?.abort();
    running = undefined;
    agree = undefined;
    work?.dispose();
    work = undefined;
  }

  function tell(state: Omit<ErrorsState, "generation">): void {
    store.setState({ errors: { ...state, generation } });
  }

  function update(): void {
    const state = store.getState();
    if (state.errors === undefined) {
      if (asked !== undefined) end();
      asked = undefined;
      return;
    }
    const wish = toErrorsWish(state);
    const key = JSON.stringify(wish);
    if (key === asked) return;
    const isFirst = asked === undefined;
    asked = key;
    begin(wish, isFirst ? 0 : restMs);
  }

  function begin(wish: ErrorsWish, delay: number): void {
    end();
    generation += 1;
    if ("message" in wish) {
      tell({ status: "unavailable", message: wish.message });
      return;
    }
    running = new AbortController();
    const { signal } = running;
    tell({ status: "waiting", target: wish.target });
    timer = setTimeout(() => void compare(wish, signal), delay);
  }

  async function compare(wish: Comparison, signal: AbortSignal): Promise<void> {
    const { target, question } = wish;
    const onProgress = (progress: ErrorProgress) => {
      if (!signal.aborted) tell({ status: "computing", target, progress });
    };
    tell({ status: "computing", target });
    try {
      const { output, gt } = await openBoth(sourceOf(target.run), wish, signal);
      const confirm = (sentence: string) => ask({ status: "asking", target, message: sentence }, signal);
      const label = `errors at ${target.iteration}`;
      const opened = await open({ label, output, gt, question, signal, onProgress, confirm });
      if (signal.aborted) return opened.dispose();
      work = opened;
      const { report, array } = opened;
      tell({ status: "ready", target, report, grid: toGrid(array) });
    } catch (error) {
      if (isAbort(error, signal)) return;
      tell({ status: "failed", target, message: error instanceof Error ? error.message : String(error) });
    }
  }

  async function ask(state: Omit<ErrorsState, "generation">, signal: AbortSignal): Promise<void> {
    tell(state);
    await new Promise<void>((resolve, reject) => {
      agree = resolve;
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  const unsubscribe = store.subscribe(update);
  update();
  return {
    compute() {
      if (agree !== undefined) {
        agree();
        agree = undefined;
        return;
      }
      asked = undefined;
      update();
    },
    stop() {
      const { errors } = store.getState();
      if (errors?.target === undefined) return;
      end();
      tell({ status: "stopped", target: errors.target });
    },
    array: (of) => (of === generation ? work?.array : undefined),
    dispose() {
      unsubscribe();
      end();
    },
  };
}

async function openBoth(source: RunSource | undefined, { output, gt }: Comparison, signal: AbortSignal) {
  if (source === undefined) throw new Error("The run is not open any more.");
  const [ofOutput, ofGt] = await Promise.all([source.openArray(output, signal), source.openArray(gt, signal)]);
  if (ofOutput === undefined) throw new Error(`There is no array at ${source.urlOf(output)} any more.`);
  if (ofGt === undefined) throw new Error(`There is no array at ${source.urlOf(gt)} any more.`);
  return { output: ofOutput, gt: ofGt };
}

function toGrid(array: RunArray): NonNullable<ErrorsState["grid"]> {
  const axes = toCoordinateSpace(array).filter(({ channel }) => !channel);
  return { origin: axes.map(({ offset, scale }) => offset * scale), step: axes.map(({ scale }) => scale) };
}
