// Fills the list of a base directory's runs: what is looked at first, a few runs at a time, and looks again while it is seen.
import type { StoreApi } from "zustand/vanilla";
import { isAbort } from "#storage/errors.ts";
import type { Stamp } from "#storage/store.ts";
import type { AppState, RunState } from "./app-state.ts";
import { toProblem } from "./problems.ts";
import { newRun } from "./run-registry.ts";
import { toRunRow, waitingRow } from "./run-row.ts";
import type { Reading, RunSource } from "./run-source.ts";
import type { RunRow } from "./run-table.ts";
import { type FindOrder, toScoresState } from "./score-state.ts";

export type RunTableKeeper = {
  /** Names that are on the screen now: they are read before the others, and looked at again. */
  show(names: readonly string[]): void;
  dispose(): void;
};

export type TableEffects = {
  /** How the runs of the base at this address are read. */
  sourcesOf(base: string): (name: string) => RunSource;
  /** The names in that directory now. */
  listRuns(base: string): Promise<readonly string[]>;
  readonly knownOrder: FindOrder;
  readonly now: () => number;
};

const readsAtOnce = 6;
/** Rows are handed over together: a thousand single changes would draw the list a thousand times. */
const quietMs = 100;

type Stamps = { readonly training: Stamp | undefined; readonly scores: Stamp | undefined };

export function createRunTableKeeper(store: StoreApi<AppState>, effects: TableEffects): RunTableKeeper {
  let base: string | undefined;
  let names: readonly string[] = [];
  let sourceOf: (name: string) => RunSource = () => {
    throw new Error("No directory is listed.");
  };
  let closed = new AbortController();
  let shown: readonly string[] = [];
  let reading = 0;
  let flushing: ReturnType<typeof setTimeout> | undefined;
  let looking: ReturnType<typeof setTimeout> | undefined;
  const queue = new Set<string>();
  const stamps = new Map<string, Stamps>();
  const fresh = new Map<string, RunRow>();

  function update({ base: listed, runOrder }: AppState): void {
    const value = listed.status === "ready" ? listed.value : undefined;
    if (value?.url !== base) enter(value?.url);
    if (value !== undefined && value.runs !== names) add(value.runs);
    if (runOrder.length > 0) stop();
    else if (value !== undefined) look();
  }

  function enter(url: string | undefined): void {
    closed.abort();
    closed = new AbortController();
    stop();
    [base, names, shown] = [url, [], []];
    for (const memory of [queue, stamps, fresh]) memory.clear();
    if (url !== undefined) sourceOf = effects.sourcesOf(url);
    if (Object.keys(store.getState().runRows).length > 0) store.setState({ runRows: {} });
  }

  function add(listed: readonly string[]): void {
    const known = new Set(names);
    names = listed;
    for (const name of listed) if (!known.has(name)) queue.add(name);
    fill();
  }

  /** Before the next look: while a run is open, nobody sees the list. */
  function stop(): void {
    clearTimeout(looking);
    looking = undefined;
  }

  function fill(): void {
    while (reading < readsAtOnce && queue.size > 0) {
      const name = shown.find((one) => queue.has(one)) ?? [...queue][0];
      if (name === undefined) return;
      queue.delete(name);
      reading += 1;
      void readRow(name, closed.signal).finally(() => {
        reading -= 1;
        fill();
      });
    }
  }

  async function readRow(name: string, signal: AbortSignal): Promise<void> {
    try {
      const row = await readRun(sourceOf(name), name, signal);
      if (row !== undefined && !signal.aborted) hand(row);
    } catch (error) {
      if (isAbort(error, signal) || signal.aborted) return;
      const problem = toProblem(error, { subject: name, sought: `The run ${name}` }, effects.now());
      hand({ ...waitingRow(name), status: "failed", reason: problem.message });
    }
  }

  /** Undefined where nothing changed since the last look. */
  async function readRun(source: RunSource, name: string, signal: AbortSignal): Promise<RunRow | undefined> {
    const before = stamps.get(name);
    const reasons: string[] = [];
    const attempt = <T>(read: Promise<T>) =>
      read.catch((error: unknown) => {
        if (isAbort(error, signal)) throw error;
        reasons.push(toProblem(error, { subject: source.url, sought: `A part of ${name}` }, effects.now()).message);
        return undefined;
      });
    const looked =
      before &&
      (await Promise.all([
        attempt(source.readTraining(before.training, signal)),
        attempt(source.readScores(before.scores, signal)),
      ]));
    if (looked?.every((part) => part === undefined || part.status === "unchanged" || part.status === "torn"))
      return undefined;
    const [config, training, scores] = await Promise.all([
      attempt(source.readConfig(signal)),
      attempt(source.readTraining(undefined, signal)),
      attempt(source.readScores(undefined, signal)),
    ]);
    stamps.set(name, { training: stampOf(training), scores: stampOf(scores) });
    const run: RunState = {
      ...newRun(source),
      config:
        config === undefined ? { status: "absent" } : { status: "ready", value: config.config, at: effects.now() },
      training: training?.status === "found" ? { status: "ready", value: training.value, at: 0 } : { status: "absent" },
      freshness: { failures: 0, ...newest([stampOf(training), stampOf(scores)]) },
      ...(config !== undefined && { configText: config.text }),
    };
    const entries = scores?.status === "found" ? scores.value : undefined;
    const scored: RunState =
      entries === undefined
        ? run
        : { ...run, scores: { status: "ready", value: toScoresState(run, entries, effects.knownOrder), at: 0 } };
    return toRunRow(scored, reasons[0] ?? whyEmpty(config, training, scores), effects.now());
  }

  function hand(row: RunRow): void {
    fresh.set(row.name, row);
    flushing ??= setTimeout(flush, quietMs);
  }

  function flush(): void {
    flushing = undefined;
    store.setState(({ runRows }) => ({ runRows: { ...runRows, ...Object.fromEntries(fresh) } }));
    fresh.clear();
  }

  function look(): void {
    const { enabled, hidden, intervalMs } = store.getState().follow;
    if (looking !== undefined || !enabled || hidden) return;
    looking = setTimeout(() => {
      looking = undefined;
      for (const name of shown) if (stamps.has(name)) queue.add(name);
      fill();
      void relist(closed.signal);
      update(store.getState());
    }, intervalMs);
  }

  /** Runs that were started meanwhile, or taken away. A listing that fails leaves the list as it is until the next look. */
  async function relist(signal: AbortSignal): Promise<void> {
    if (base === undefined) return;
    const runs = await effects.listRuns(base).catch(() => names);
    if (signal.aborted || (runs.length === names.length && runs.every((name, i) => name === names[i]))) return;
    store.setState(({ base: listed }) =>
      listed.status === "ready" ? { base: { ...listed, value: { ...listed.value, runs } } } : {},
    );
  }

  const stopStore = store.subscribe(update);
  update(store.getState());
  return {
    show(visible) {
      shown = visible;
      fill();
    },
    dispose() {
      stopStore();
      stop();
      clearTimeout(flushing);
      closed.abort();
    },
  };
}

function stampOf(reading: Reading<unknown> | undefined): Stamp | undefined {
  return reading?.status === "found" ? reading.stamp : undefined;
}

function newest(found: readonly (Stamp | undefined)[]): { changedAt?: number } {
  const times = found.map((stamp) => Date.parse(stamp?.lastModified ?? "")).filter(Number.isFinite);
  return times.length === 0 ? {} : { changedAt: Math.max(...times) };
}

function whyEmpty(
  config: unknown,
  training: Reading<unknown> | undefined,
  scores: Reading<unknown> | undefined,
): string | undefined {
  const missing = [
    config === undefined ? "configuration" : undefined,
    training?.status === "found" ? undefined : "losses",
    scores?.status === "found" ? undefined : "validation scores",
  ].filter((what) => what !== undefined);
  return missing.length === 0 ? undefined : `It has no ${missing.join(", no ")}.`;
}
