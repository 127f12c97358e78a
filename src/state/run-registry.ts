// The open runs: their sources and followers, by the run's URL. What is a handle lives here, what is a value in the store.
import type { StoreApi } from "zustand/vanilla";
import { isAbort } from "#storage/errors.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { AppOptions } from "./app-options.ts";
import type { AppState, RunId, RunState } from "./app-state.ts";
import { type BestTeller, createBestTeller } from "./best-teller.ts";
import type { FollowEvent } from "./follow-events.ts";
import type { LayerPlan } from "./layer-plan.ts";
import type { LayerSources } from "./layers-controller.ts";
import type { OrderKeeper } from "./order-keeper.ts";
import { addProblem, problemId, toProblem, withoutProblems } from "./problems.ts";
import { createRunFollower, type RunFollower } from "./run-follower.ts";
import type { RunSource } from "./run-source.ts";
import { segmentationKind } from "./to-layer-request.ts";

export type RunRegistry = LayerSources & {
  /** Adds a run and takes its first look; resolves when that is done, whatever came of it. */
  open(source: RunSource): Promise<void>;
  close(run: RunId): void;
  check(run: RunId): Promise<void>;
  sourceOf(run: RunId): RunSource | undefined;
  dispose(): void;
};

export type RegistryContext = {
  readonly page: string;
  readonly options: AppOptions;
  readonly orders: OrderKeeper;
  /** A prediction that is computed in this page. */
  readonly inference: (generation: number) => RunArray | undefined;
  /** What it is computed on. */
  readonly raw: (generation: number) => RunArray | undefined;
  /** Where an output is wrong. */
  readonly errors: (generation: number) => RunArray | undefined;
  readonly onEvents: (events: readonly FollowEvent[]) => void;
};

type OpenRun = {
  readonly source: RunSource;
  readonly follower: RunFollower;
  readonly bests: BestTeller;
  readonly closed: AbortController;
  looking: Promise<void> | undefined;
};

export function createRunRegistry(store: StoreApi<AppState>, context: RegistryContext, now = Date.now): RunRegistry {
  const open = new Map<RunId, OpenRun>();

  function add(source: RunSource): OpenRun {
    const { orders, onEvents } = context;
    const effects = { now, onEvents, knownOrder: orders.knownOrder };
    const follower = createRunFollower(store, source, effects);
    const bests = createBestTeller(onEvents);
    const entry: OpenRun = { source, follower, bests, closed: new AbortController(), looking: undefined };
    open.set(source.url, entry);
    store.setState(({ runs, runOrder }) => ({
      runs: { ...runs, [source.url]: newRun(source) },
      runOrder: [...runOrder.filter((id) => id !== source.url), source.url],
      settled: false,
    }));
    return entry;
  }

  /** One look at a time: a file that takes longer than the interval is not asked for twice. */
  async function check(run: RunId): Promise<void> {
    const entry = open.get(run);
    if (entry === undefined) return;
    entry.looking ??= look(entry).finally(() => {
      entry.looking = undefined;
    });
    await entry.looking;
  }

  async function look(entry: OpenRun): Promise<void> {
    try {
      await entry.follower.check(entry.closed.signal);
    } catch (error) {
      if (!isAbort(error, entry.closed.signal)) throw error;
    }
    void findOrder(entry);
  }

  async function findOrder({ source, follower, bests, closed }: OpenRun): Promise<void> {
    try {
      await context.orders.look(source, follower, closed.signal);
      const run = store.getState().runs[source.url];
      if (run !== undefined) bests.tell(run);
    } catch (error) {
      if (!isAbort(error, closed.signal)) throw error;
    }
  }

  function close(run: RunId): void {
    open.get(run)?.closed.abort();
    open.delete(run);
    store.setState(({ runs: { [run]: _, ...runs }, runOrder, problems }) => ({
      runs,
      runOrder: runOrder.filter((id) => id !== run),
      problems: withoutProblems(problems, (problem) => problem.run === run),
    }));
  }

  /** Computed where it is read, from two arrays. */
  async function openCompared([a, b]: readonly [LayerPlan, LayerPlan], signal: AbortSignal) {
    const [{ openAgreement, openDifference }, { createMatchContext }] = await Promise.all([
      import("./compared-arrays.ts"),
      import("./agreement-wish.ts"),
    ]);
    const [first, second] = await Promise.all(
      [a, b].map((plan) => open.get(plan.run)?.source.openArray(plan.path, signal)),
    );
    if (first === undefined || second === undefined) return undefined;
    if (a.name === "prediction") return openDifference(first, second);
    const kind = segmentationKind(store.getState(), a.run, first);
    return openAgreement(first, second, kind, createMatchContext(store, [a, b]));
  }

  function report(plan: LayerPlan, error: unknown, part?: string): void {
    const url = plan.source ?? open.get(plan.run)?.source.urlOf(plan.path) ?? plan.path;
    const context = { run: plan.run, subject: part ?? url, sought: `The ${plan.name} array ${url}` };
    const problem = toProblem(error, context, now());
    const named = { ...problem, id: layerProblemId(plan, problem.code) };
    store.setState(({ problems }) => ({ problems: addProblem(problems, named) }));
  }

  return {
    async open(source) {
      add(source);
      await check(source.url);
    },
    close,
    check,
    sourceOf: (run) => open.get(run)?.source,
    openArray(plan, signal): Promise<RunArray | undefined> {
      if (plan.of !== undefined) return openCompared(plan.of, signal);
      if (plan.generation !== undefined) return Promise.resolve(context[computedBy(plan)](plan.generation));
      const source = open.get(plan.run)?.source;
      return source === undefined ? Promise.resolve(undefined) : source.openArray(plan.path, signal);
    },
    urlOf: (plan) => plan.source ?? open.get(plan.run)?.source.urlOf(plan.path) ?? plan.path,
    generationOf: (plan) => String(store.getState().runs[plan.run]?.generation ?? 0),
    report,
    resolve: (plan) =>
      store.setState(({ problems }) => ({
        problems: withoutProblems(problems, ({ id }) => id.startsWith(layerProblemPrefix(plan))),
      })),
    dispose() {
      for (const { closed } of open.values()) closed.abort();
      open.clear();
    },
  };
}

function computedBy({ name }: LayerPlan): "raw" | "errors" | "inference" {
  return name === "raw" || name === "errors" ? name : "inference";
}

function layerProblemPrefix(plan: LayerPlan): string {
  return `layer ${JSON.stringify([plan.run, plan.name])}`;
}

function layerProblemId(plan: LayerPlan, code: string): string {
  return `${layerProblemPrefix(plan)} ${problemId(plan.run, code, plan.path)}`;
}

/** Before the first look. */
export function newRun({ url, address, name }: RunSource): RunState {
  return {
    id: url,
    url,
    address,
    name,
    status: "loading",
    config: { status: "loading" },
    training: { status: "loading" },
    scores: { status: "loading" },
    datasets: [],
    volumes: [],
    inputs: [],
    storedBest: [],
    checkpoints: [],
    hasSnapshots: false,
    isListed: true,
    unreadable: [],
    generation: 0,
    phase: "unknown",
    freshness: { failures: 0 },
    events: [],
  };
}
