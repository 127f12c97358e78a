// Keeps the network at work: opens it, tells how it fares, and lends its prediction to the layers. One at a time.
import type { StoreApi } from "zustand/vanilla";
import type { Inference } from "#inference/inference.ts";
import type { OwnModel } from "#inference/own-model.ts";
import type { Recovery } from "#inference/session-desk.ts";
import { isAbort } from "#storage/errors.ts";
import type { ModelPlan } from "#storage/model-weights.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { AppState, DrawnInference, InferenceOrder, InferenceState, ParityState, RunId } from "./app-state.ts";
import { toQuestion } from "./inference-cost.ts";
import { writeJob } from "./inference-job.ts";
import { proveOrRecall } from "./inference-proof.ts";
import type { RegionWish } from "./inference-region.ts";
import { modelPathOf, taskOf, titleOf } from "./inference-task.ts";
import type { RunInference } from "./inference-work.ts";
import { refusalOf } from "./plan-inference-layers.ts";
import { addProblem, toProblem, withoutProblems } from "./problems.ts";
import type { KeyValue } from "./recents.ts";
import type { RunSource } from "./run-source.ts";

export type InferenceController = {
  /** Resolves once the layer exists; a failure is a problem and the state's, and rejects. */
  start(order: InferenceOrder): Promise<void>;
  pause(paused: boolean): void;
  /** Drops what is queued, until it is resumed. */
  cancel(): void;
  close(): void;
  /** Answers what is asked before much is fetched. */
  confirm(): void;
  /** Computes a region as a whole; the state tells what comes of it. */
  compute(wish: RegionWish): Promise<void>;
  stopRegion(): void;
  forgetJob(): void;
  /** Shows what was refused all the same. */
  insist(): void;
  follow(follows: boolean): void;
  /** Keeps what is computed now beside whatever comes next. */
  keep(): void;
  closeKept(): void;
  /** A prediction that is computed, or was and is still shown. */
  array(generation: number): RunArray | undefined;
  /** What it is computed on. */
  raw(generation: number): RunArray | undefined;
  /** What is at work. */
  current(): Inference | undefined;
  dispose(): void;
};

export type InferenceEffects = {
  /** What a person or a host brought along, by its id. */
  readonly model: (id: string) => OwnModel | undefined;
  readonly raw: (id: string) => readonly RunArray[];
  /** What was read of the prediction while it was not computed has to be read again. */
  readonly onStale: () => void;
  readonly now?: () => number;
};

/** A status is told at most this often. */
const quietMs = 200;
const problemId = "inference";

export function createInferenceController(
  store: StoreApi<AppState>,
  sourceOf: (run: RunId) => RunSource | undefined,
  storage: KeyValue | undefined,
  { onStale, now = Date.now, ...own }: InferenceEffects,
): InferenceController {
  let work: RunInference | undefined;
  /** Those that a layer may still show, by generation. */
  const works = new Map<number, RunInference>();
  let opening: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let generation = 0;
  let cancelled = false;
  let region: AbortController | undefined;
  let agree: (() => void) | undefined;

  function patch(part: Partial<InferenceState>): void {
    store.setState(({ inference }) => (inference === undefined ? {} : { inference: { ...inference, ...part } }));
  }

  /** In voxels of the prediction; until then what was computed of another region stays as it is. */
  async function compute(wish: RegionWish): Promise<void> {
    if (work === undefined || opening === undefined) return;
    const opened = work;
    region?.abort();
    region = new AbortController();
    const signal = AbortSignal.any([region.signal, opening.signal]);
    const { computeRegion } = await import("./inference-region.ts");
    await computeRegion(store, storage, opened, wish, signal);
  }

  /** Ends what computes; what it computed stays until nothing shows it any more. */
  function retire(): void {
    opening?.abort();
    opening = undefined;
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    work?.inference.freeze();
    work = undefined;
    store.setState(({ problems }) => ({ problems: withoutProblems(problems, isOurs) }));
  }

  function close(): void {
    retire();
    store.setState({ inference: undefined });
    sweep();
  }

  /** Forgets what no layer shows. */
  function sweep(): void {
    const { inference, inferenceB } = store.getState();
    const shown = [inference, inference?.drawn, inferenceB].map((each) => each?.generation);
    for (const [of, { inference }] of works) {
      if (shown.includes(of)) continue;
      inference.dispose();
      works.delete(of);
    }
  }

  async function start(order: InferenceOrder): Promise<void> {
    const { runs } = store.getState();
    const [source, run] = [sourceOf(order.run), runs[order.run]];
    if (source === undefined || run === undefined) throw new Error("The run is not open any more.");
    const former = store.getState().inference;
    const drawn = toDrawn(former);
    retire();
    opening = new AbortController();
    const { signal } = opening;
    generation += 1;
    const begun = { ...order, generation, status: "loading", blocksDone: 0, blocksQueued: 0 } as const;
    store.setState({
      settled: false,
      inference: { ...begun, ...(drawn && { drawn }), ...(former?.follows && { follows: true }) },
    });
    sweep();
    try {
      const { openRunInference } = await import("./inference-work.ts");
      const onDownload = (loaded: number, total: number | undefined) =>
        patch({ download: { loaded, ...(total !== undefined && { total }) } });
      const opened = await openRunInference({
        ...{ order, source, run, memory: toMemory(storage), signal, onDownload },
        ...(order.ask && { confirm: (plan: ModelPlan) => ask(plan, signal) }),
        ...(order.ownModel && { ownModel: own.model(order.ownModel.id) }),
        ...(order.ownRaw && { ownRaw: own.raw(order.ownRaw.id) }),
      });
      if (signal.aborted) return opened.inference.dispose();
      take(opened, signal);
    } catch (error) {
      if (!isAbort(error, signal)) fail(error, order, source);
      throw error;
    }
  }

  /** Resolves when a person agrees; closing is how they do not. */
  async function ask(plan: ModelPlan, signal: AbortSignal): Promise<void> {
    const cost = toQuestion(plan);
    if (cost === undefined) return;
    patch({ status: "asking", cost });
    await new Promise<void>((resolve, reject) => {
      agree = resolve;
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    patch({ status: "loading" });
  }

  function take(opened: RunInference, signal: AbortSignal): void {
    work = opened;
    works.set(generation, opened);
    cancelled = false;
    opened.inference.onEvent((event) => {
      if (event.type === "finding") flag(event.sentence);
      if (event.type === "stale") onStale();
      if (event.type === "recovery") recovered(opened, event.recovery, signal);
      if (event.type === "keeper-failed") warn(`Blocks are kept in memory alone: ${toText(event.error)}`);
      if (event.type === "failed") patch({ status: "error", message: event.error.message });
      timer ??= setTimeout(tell, quietMs);
    });
    const { card, normalised, mismatch } = opened;
    const { metadata, shape } = opened.inference.array;
    const { offset, voxelSize } = metadata;
    const grid = { offset, voxelSize, shape: metadata.spatialAxes.map((axis) => shape[axis] ?? 1) };
    patch({ card, normalised, grid, ...(mismatch !== undefined && { mismatch }) });
    tell();
    void prove(opened, signal);
  }

  function tell(): void {
    timer = undefined;
    if (work === undefined) return;
    patch(work.status(cancelled));
    const { state, tilesDone } = work.inference.status();
    if (state === "idle" && tilesDone > 0) forgetFormer();
  }

  /** The layer shows the present one in whole: the former is not needed any more. */
  function forgetFormer(): void {
    const { inference } = store.getState();
    if (inference?.drawn === undefined) return;
    const { drawn: _, ...rest } = inference;
    store.setState({ inference: rest });
    sweep();
  }

  async function prove(opened: RunInference, signal: AbortSignal): Promise<void> {
    try {
      const parity = await proveOrRecall(storage, toProofKey(opened), () => opened.prove(signal));
      if (parity === undefined || signal.aborted || work !== opened) return;
      patch({ parity });
      if (parity.level === "refuse" && opened.inference.status().precision === "f16") return giveUpHalf(parity);
      if (parity.level === "refuse") refuse(opened, parity);
    } catch (error) {
      if (!isAbort(error, signal) && work === opened) warn(toText(error));
    }
  }

  /** What half precision cannot do right, single precision does. */
  function giveUpHalf({ sentences }: ParityState): void {
    const { inference } = store.getState();
    if (inference === undefined) return;
    const { device, settings = {}, ask } = inference;
    const { halfPrecision: _, ...rest } = settings;
    start({ ...taskOf(inference), device, settings: rest, ...(ask && { ask }) }).catch(() => undefined); // a failure is the state's
    warn(`Half precision is not exact enough for this network, so it computes in single precision. ${sentences[0]}`);
  }

  /** The layer is taken away by who plans the layers. */
  function refuse({ inference }: RunInference, { sentences }: ParityState): void {
    const order = store.getState().inference;
    if (order === undefined || order.insisted) return;
    inference.pause();
    tell();
    const problem = {
      id: `${problemId} refused`,
      run: order.run,
      code: "inference-refused",
      subject: modelPathOf(order),
      message: `The ${titleOf(order)} is hidden. ${sentences[0] ?? ""}`,
      hint: 'Compute it on the other device, or press "Show it anyway" in the Network tab.',
      severity: "error" as const,
      at: now(),
    };
    store.setState(({ problems }) => ({ problems: addProblem(problems, problem) }));
  }

  function insist(): void {
    patch({ insisted: true });
    store.setState(({ problems }) => ({ problems: withoutProblems(problems, isOurs) }));
    work?.inference.resume();
    tell();
  }

  /** Another device is another proof. */
  function recovered(opened: RunInference, { action, sentence }: Recovery, signal: AbortSignal): void {
    warn(sentence);
    if (action === "processor") void prove(opened, signal);
  }

  function flag(sentence: string): void {
    store.setState(({ inference }) =>
      inference === undefined
        ? {}
        : { inference: { ...inference, flagged: { blocks: (inference.flagged?.blocks ?? 0) + 1, sentence } } },
    );
  }

  function warn(message: string): void {
    patch({ message });
  }

  function fail(error: unknown, order: InferenceOrder, source: RunSource): void {
    const context = {
      run: order.run,
      subject: order.ownModel?.address ?? source.urlOf(modelPathOf(order)),
      sought: "The network",
    };
    const problem = { ...toProblem(error, context, now()), id: problemId };
    store.setState(({ problems }) => ({ problems: addProblem(problems, problem) }));
    patch({ status: "error", message: problem.message });
  }

  return {
    start,
    pause(paused) {
      if (!paused) cancelled = false;
      if (paused) work?.inference.pause();
      else work?.inference.resume();
      tell();
    },
    cancel() {
      work?.inference.cancel();
      cancelled = true;
      tell();
    },
    close,
    confirm: () => agree?.(),
    compute,
    stopRegion: () => region?.abort(),
    forgetJob() {
      writeJob(storage, undefined);
      store.setState({ inferenceJob: undefined });
    },
    insist,
    follow(follows) {
      const { inference } = store.getState();
      if (inference === undefined) return;
      const { follows: _, ...rest } = inference;
      store.setState({ inference: { ...rest, ...(follows && { follows: true }) } });
    },
    keep() {
      const inferenceB = toDrawn(store.getState().inference);
      if (inferenceB !== undefined) store.setState({ inferenceB });
      sweep();
    },
    closeKept() {
      store.setState({ inferenceB: undefined });
      sweep();
    },
    current: () => work?.inference,
    array: (of) => works.get(of)?.inference.array,
    raw: (of) => works.get(of)?.raw,
    dispose() {
      close();
      for (const { inference } of works.values()) inference.dispose();
    },
  };
}

/** What a layer shows of it: itself, or the former while it is not there yet. */
function toDrawn(inference: InferenceState | undefined): DrawnInference | undefined {
  if (inference?.card === undefined) return inference?.drawn;
  if (refusalOf(inference) !== undefined) return undefined;
  return { ...taskOf(inference), generation: inference.generation };
}

function toText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isOurs({ id }: { readonly id: string }): boolean {
  return id.startsWith(problemId);
}

/** The network and its data, what is compared with, and the device with its way of computing. */
function toProofKey({ identity, reference, inference }: RunInference): string {
  const { facts, calibration } = inference.status();
  return JSON.stringify([identity, reference, facts?.fingerprint, calibration?.lowering ?? ""]);
}

/** What calibrations remember, where the page lends storage. */
function toMemory(storage: KeyValue | undefined) {
  if (storage === undefined) return undefined;
  const name = (key: string) => `dacapo-run-viewer.calibration ${key}`;
  return {
    get: async (key: string) => storage.getItem(name(key)) ?? undefined,
    set: async (key: string, value: string) => storage.setItem(name(key), value),
  };
}
