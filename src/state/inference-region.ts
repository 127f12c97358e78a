// Computes a region as a whole: behind what is looked at, with its progress, and kept so that it can be gone on with after a reload.
import type { StoreApi } from "zustand/vanilla";
import { openFileKeeper } from "#inference/memory-keeper.ts";
import type { AppState, InferenceRegion } from "./app-state.ts";
import { toJob, writeJob } from "./inference-job.ts";
import type { RunInference } from "./inference-work.ts";
import type { KeyValue } from "./recents.ts";

export type RegionWish = {
  readonly what: InferenceRegion["what"];
  /** Voxels of the prediction. */
  readonly begin: readonly number[];
  readonly end: readonly number[];
};

/** Progress is told at most this often. */
const quietMs = 300;

/** Resolves when it is done, stopped or failed, which the state tells. */
export async function computeRegion(
  store: StoreApi<AppState>,
  storage: KeyValue | undefined,
  { inference, keeperKey }: RunInference,
  { what, begin, end }: RegionWish,
  signal: AbortSignal,
): Promise<void> {
  const generation = store.getState().inference?.generation;
  let count = { done: 0, total: 0 };
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(part: Partial<InferenceRegion>): void {
    const { inference: state } = store.getState();
    if (state?.generation !== generation || state === undefined) return;
    const region = { what, status: "running" as const, done: 0, total: 0, ...state.region, ...part };
    store.setState({ inference: { ...state, region } });
    if (what !== "all") return;
    const job = region.status === "done" ? undefined : toJob(state, region.done, region.total);
    writeJob(storage, job);
  }

  function onProgress(done: number, total: number): void {
    count = { done, total };
    timer ??= setTimeout(() => {
      timer = undefined;
      tell(count);
    }, quietMs);
  }

  tell({ what, status: "running", done: 0, total: 0 });
  try {
    if (what === "all") await keepBlocks().catch(tellUnkept);
    await inference.compute({ begin, end, onProgress, signal });
    tell({ ...count, status: "done" });
  } catch (error) {
    const message = signal.aborted ? undefined : error instanceof Error ? error.message : String(error);
    tell({ ...count, status: "stopped", ...(message !== undefined && { message }) });
  } finally {
    clearTimeout(timer);
  }

  async function keepBlocks(): Promise<void> {
    inference.keepIn(await openFileKeeper(keeperKey));
  }

  function tellUnkept(): void {
    tell({ message: "This browser lends no storage, so blocks are kept in memory alone and a reload begins anew." });
  }
}
