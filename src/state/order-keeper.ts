// Finds out which dataset each row of the scores belongs to, once a run, and keeps the answer for the next visit.
import * as v from "valibot";
import type { StoreApi } from "zustand/vanilla";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import type { OrderQuestion } from "#evaluation/dataset-order.ts";
import { isAbort } from "#storage/errors.ts";
import type { AppState, RunId, RunState } from "./app-state.ts";
import type { KeyValue } from "./recents.ts";
import type { RunFollower } from "./run-follower.ts";
import type { RunSource } from "./run-source.ts";
import type { KnownOrder } from "./score-state.ts";
import { scoresOf, volumesOf } from "./selectors.ts";

export type OrderKeeper = {
  readonly knownOrder: (run: RunState, entries: readonly ValidationIterationScores[]) => KnownOrder | undefined;
  /** Searches where the order is unknown and there is something to go by; then has the scores built anew. */
  look(source: RunSource, follower: RunFollower, signal: AbortSignal): Promise<void>;
  dispose(): void;
};

const storageKey = "dacapo-run-viewer.dataset-order";
const keptSchema = v.record(v.string(), v.pipe(v.array(v.string()), v.maxLength(1000)));

const resolvedNote =
  "DaCapo does not record which dataset each row of the scores belongs to; it was found by scoring one stored output of each dataset again and matching the stored numbers.";

export function createOrderKeeper(store: StoreApi<AppState>, storage: KeyValue | undefined): OrderKeeper {
  const closed = new AbortController();
  const found = new Map<string, KnownOrder>();
  /** Searches that gave no answer, by what they had to go by: more evidence is a new search. */
  const failed = new Map<RunId, string>();
  const searching = new Set<RunId>();

  const knownOrder: OrderKeeper["knownOrder"] = (run, entries) => {
    const key = orderKey(run, entries);
    const kept = found.get(key) ?? readKept(storage, key);
    return kept !== undefined && kept.datasets.length === entries[0]?.scores.length ? kept : undefined;
  };

  async function look(source: RunSource, follower: RunFollower, signal: AbortSignal): Promise<void> {
    const run = store.getState().runs[source.url];
    const question = run === undefined ? undefined : toQuestion(run);
    if (run === undefined || question === undefined) return;
    const evidence = JSON.stringify([question.folders, question.storedScores.length]);
    if (failed.get(run.id) === evidence) return;
    mark(run.id, "resolving", []);
    if (searching.has(run.id)) return;
    searching.add(run.id);
    const outcome = await search(source, run, question, signal).finally(() => searching.delete(run.id));
    if (outcome.status === "resolved") {
      const entries = question.storedScores;
      const known = { datasets: outcome.order, note: resolvedNote };
      found.set(orderKey(run, entries), known);
      keep(storage, orderKey(run, entries), known);
      follower.rebuildScores();
    } else {
      failed.set(run.id, evidence);
      mark(run.id, "unknown", [outcome.reason]);
    }
  }

  async function search(source: RunSource, run: RunState, question: OrderQuestion, signal: AbortSignal) {
    const stop = AbortSignal.any([signal, closed.signal]);
    await viewerLoaded(store, stop);
    try {
      const { searchOrder } = await import("./order-search.ts");
      return await searchOrder(source, run, question, stop);
    } catch (error) {
      if (isAbort(error, stop)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return { status: "unmatched" as const, reason: `The stored outputs could not be scored again: ${reason}` };
    }
  }

  function mark(id: RunId, datasetOrder: "resolving" | "unknown", notes: readonly string[]): void {
    const run = store.getState().runs[id];
    if (run?.scores.status !== "ready") return;
    const value = { ...run.scores.value, datasetOrder, notes: [...run.scores.value.notes, ...notes] };
    store.setState(({ runs }) => ({
      runs: { ...runs, [id]: { ...run, scores: { ...run.scores, value } as typeof run.scores } },
    }));
  }

  return { knownOrder, look, dispose: () => closed.abort() };
}

/** The volumes come first: decoding stored outputs needs as much code as they do. */
function viewerLoaded(store: StoreApi<AppState>, signal: AbortSignal): Promise<void> {
  const isLoading = () => store.getState().viewer === "loading";
  return new Promise((resolve, reject) => {
    if (!isLoading()) return resolve();
    const stop = store.subscribe(() => {
      if (isLoading()) return;
      stop();
      resolve();
    });
    signal.addEventListener("abort", () => {
      stop();
      reject(signal.reason);
    });
  });
}

/** `undefined`: nothing to ask, or nothing to answer it with. */
function toQuestion(run: RunState): OrderQuestion | undefined {
  const state = scoresOf(run);
  if (state === undefined || state.datasetOrder !== "unknown" || state.scores.datasets.length < 2) return undefined;
  const entries = state.scores.scores.filter((entry) =>
    state.scores.datasets.every((dataset) =>
      volumesOf(run, entry.iteration, dataset)?.outputs.some(({ whole }) => whole),
    ),
  );
  if (entries.length === 0) return undefined;
  const criteria = state.scores.evaluationScores.criteria.map(({ name }) => name);
  return { kind: state.scores.evaluationScores.kind, folders: state.scores.datasets, criteria, storedScores: entries };
}

/** The first entry tells one training from another that took its place under the same name. */
function orderKey(run: RunState, entries: readonly ValidationIterationScores[]): string {
  const first = entries[0];
  return JSON.stringify([
    run.url,
    first?.iteration,
    first?.scores[0]?.[0]?.slice(0, 3),
    first?.scores[1]?.[0]?.slice(0, 3),
  ]);
}

function readAll(storage: KeyValue | undefined): Record<string, string[]> {
  try {
    const parsed = v.safeParse(keptSchema, JSON.parse(storage?.getItem(storageKey) ?? "{}"));
    return parsed.success ? parsed.output : {};
  } catch {
    return {}; // refused by the browser, or not JSON: it is found again
  }
}

function readKept(storage: KeyValue | undefined, key: string): KnownOrder | undefined {
  const datasets = Object.entries(readAll(storage)).find(([known]) => known === key)?.[1];
  return datasets === undefined
    ? undefined
    : { datasets, note: `${resolvedNote} The answer was kept from an earlier visit.` };
}

const maxKept = 200;

function keep(storage: KeyValue | undefined, key: string, { datasets }: KnownOrder): void {
  try {
    const others = Object.entries(readAll(storage)).filter(([known]) => known !== key);
    const all = [...others, [key, [...datasets]] as const].slice(-maxKept);
    storage?.setItem(storageKey, JSON.stringify(Object.fromEntries(all)));
  } catch {
    // found again at the next visit
  }
}
