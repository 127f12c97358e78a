// Looks at one run again and again: the first look fills the state piece by piece, later ones cost a conditional request
// a file. What was read stays until something newer is whole; a torn or missing file is never taken for loss of data.
import type { StoreApi } from "zustand/vanilla";
import { allBest } from "#dacapo/best.ts";
import { recogniseRelease } from "#dacapo/release.ts";
import type { RunConfig } from "#dacapo/run-config.ts";
import { recoverAxes, toValidationScores } from "#dacapo/score-axes.ts";
import { toScoreNotes } from "#dacapo/score-notes.ts";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import { isAbort } from "#storage/errors.ts";
import type { Stamp } from "#storage/store.ts";
import type { AppState, Async, Problem, RunState, ScoresState } from "./app-state.ts";
import { compareRuns, type FollowEvent, isRewound } from "./follow-events.ts";
import { toPhase } from "./phase.ts";
import { planVolumesLook, toImplied } from "./plan-volumes-look.ts";
import { addProblem, problemId, toProblem, withoutProblems } from "./problems.ts";
import type { Reading, RunSource } from "./run-source.ts";
import { scoresOf } from "./selectors.ts";

export type KnownOrder = { readonly datasets: readonly string[]; readonly note: string };

export type FollowerEffects = {
  readonly now: () => number;
  readonly onEvents: (events: readonly FollowEvent[]) => void;
  /** The order of the datasets in the scores, where it is known from before. */
  readonly knownOrder: (run: RunState, entries: readonly ValidationIterationScores[]) => KnownOrder | undefined;
};

export type RunFollower = {
  /** Rejects only with AbortError; everything else becomes a problem. Resolves to whether the run could be reached. */
  check(signal: AbortSignal): Promise<boolean>;
  /** Builds the scores anew, after the order of the datasets was found. */
  rebuildScores(): void;
};

type Piece = "config" | "training" | "scores";

/** A file that was there is called gone only after it was missed this often: DaCapo unlinks before it writes. */
const missesUntilGone = 3;

export function createRunFollower(store: StoreApi<AppState>, source: RunSource, effects: FollowerEffects): RunFollower {
  const id = source.url;
  const stamps: { training?: Stamp; scores?: Stamp } = {};
  const misses: Record<Piece, number> = { config: 0, training: 0, scores: 0 };
  let entries: readonly ValidationIterationScores[] | undefined;
  let reachable = true;

  const run = (): RunState | undefined => store.getState().runs[id];

  function patch(part: Partial<RunState>): void {
    const before = run();
    if (before === undefined) return;
    store.setState(({ runs }) => ({ runs: { ...runs, [id]: { ...before, ...part } } }));
  }

  function report(problem: Problem): void {
    store.setState(({ problems }) => ({ problems: addProblem(problems, problem) }));
  }

  function resolveProblems(piece: Piece): void {
    store.setState(({ problems }) => ({
      problems: withoutProblems(problems, (problem) => problem.run === id && problem.id.includes(`"${piece}:`)),
    }));
  }

  function reportMissing(piece: Piece, severity: Problem["severity"], message: string, hint: string): void {
    const code = `no-${piece}`;
    report({
      id: problemId(id, `${piece}:absent`, source.url),
      run: id,
      code,
      message,
      hint,
      severity,
      subject: source.url,
      at: effects.now(),
    });
  }

  /** Runs one read; a failure is a problem of that piece alone. */
  async function attempt<T>(piece: Piece, signal: AbortSignal, read: () => Promise<T>): Promise<T | undefined> {
    try {
      const value = await read();
      reachable = true;
      return value;
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      const problem = toProblem(
        error,
        { run: id, subject: source.url, sought: `The ${piece} of ${source.name}` },
        effects.now(),
      );
      report({ ...problem, id: problemId(id, `${piece}:${problem.code}`, problem.subject) });
      if (problem.code === "unreachable" || problem.code === "cors") reachable = false;
      fail(piece, problem);
      return undefined;
    }
  }

  /** What was read before stays. */
  function fail(piece: Piece, problem: Problem): void {
    const known = run()?.[piece];
    if (known?.status !== "ready") patch({ [piece]: { status: "failed", problem } });
  }

  async function checkConfig(signal: AbortSignal): Promise<void> {
    if (run()?.config.status === "ready") return;
    const found = await attempt("config", signal, async () => ({ value: await source.readConfig(signal) }));
    if (found === undefined) return;
    if (found.value === undefined) {
      patch({ config: { status: "absent" } });
      return reportMissing(
        "config",
        "warning",
        `No configuration of ${source.name} was found in configs/runs, so its task, channels and datasets are guessed from what is on disk.`,
        "Serve the runs base directory, which holds configs/ and stats/ beside the run's folder, or name it with configs=.",
      );
    }
    resolveProblems("config");
    patch({ config: ready(found.value.config, effects.now()), configText: found.value.text });
    for (const note of found.value.notes)
      report({
        id: problemId(id, "config:note", note),
        run: id,
        code: "config-part",
        message: note,
        subject: `configs/runs/${source.name}.yaml`,
        severity: "info",
        at: effects.now(),
      });
  }

  async function checkTraining(signal: AbortSignal): Promise<boolean> {
    const onProgress = (progress: number) => {
      if (run()?.training.status === "loading") patch({ training: { status: "loading", progress } });
    };
    const reading = await attempt("training", signal, () => source.readTraining(stamps.training, signal, onProgress));
    if (reading?.status === "found") {
      stamps.training = reading.stamp;
      patch({ training: ready(reading.value, effects.now()), freshness: touched(reading.stamp) });
    }
    return settlePiece("training", reading, () =>
      reportMissing(
        "training",
        "info",
        `No training statistics of ${source.name} were found in stats/training_stats.`,
        "DaCapo writes them at the first validation; they are looked for again.",
      ),
    );
  }

  async function checkScores(signal: AbortSignal): Promise<boolean> {
    const reading = await attempt("scores", signal, () => source.readScores(stamps.scores, signal));
    if (reading?.status === "found") {
      stamps.scores = reading.stamp;
      entries = reading.value;
      patch({ freshness: touched(reading.stamp) });
    }
    return settlePiece("scores", reading, () => {
      entries = undefined;
      reportMissing(
        "scores",
        "info",
        `No validation scores of ${source.name} were found in stats/validation_scores.`,
        "DaCapo writes them after the first validation; they are looked for again.",
      );
    });
  }

  /** Whether the file changed. Absence counts once it lasts; on the first look there is nothing to lose. */
  function settlePiece(piece: "training" | "scores", reading: Reading<unknown> | undefined, gone: () => void): boolean {
    if (reading === undefined) return false;
    const isThere = reading.status === "found" || reading.status === "unchanged";
    misses[piece] = isThere ? 0 : misses[piece] + 1;
    if (isThere) resolveProblems(piece);
    if (isThere) return reading.status === "found";
    const known = run()?.[piece].status === "ready";
    if (reading.status === "torn" || (known && misses[piece] < missesUntilGone)) return false;
    if (run()?.[piece].status === "absent") return false;
    delete stamps[piece];
    patch({ [piece]: { status: "absent" } });
    gone();
    return known;
  }

  function touched(stamp: Stamp): RunState["freshness"] {
    const known = run()?.freshness ?? { failures: 0 };
    const at = stamp.lastModified === undefined ? undefined : Date.parse(stamp.lastModified);
    const changedAt = Math.max(at ?? Number.NEGATIVE_INFINITY, known.changedAt ?? Number.NEGATIVE_INFINITY);
    return Number.isFinite(changedAt) ? { ...known, changedAt } : known;
  }

  function rebuildScores(): void {
    const state = run();
    if (state === undefined) return;
    const scores = buildScores(state);
    patch({ scores, datasets: datasetsOf({ ...state, scores }) });
  }

  function buildScores(state: RunState): Async<ScoresState> {
    if (entries === undefined) return state.scores.status === "ready" ? { status: "absent" } : state.scores;
    const axes = recoverAxes({
      ...(state.config.status === "ready" ? { config: state.config.value } : {}),
      scores: entries,
      outputNames: outputNames(state),
      datasetNames: datasetNames(state),
    });
    const known = axes.datasetOrder === "unknown" ? effects.knownOrder(state, entries) : undefined;
    const scores = toValidationScores(known === undefined ? axes : { ...axes, datasets: known.datasets }, entries);
    const datasetOrder = known === undefined ? axes.datasetOrder : "resolved";
    const notes = known === undefined ? axes.notes : [...axes.notes, known.note];
    const scoreNotes = toScoreNotes(configOf(state), scores);
    return ready({ scores, datasetOrder, notes, best: allBest(scores), scoreNotes }, effects.now());
  }

  async function checkVolumes(signal: AbortSignal): Promise<void> {
    const state = run();
    if (state === undefined) return;
    try {
      const found = await source.findVolumes(toImplied(state, entries ?? []), signal);
      patch(found);
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      report(
        toProblem(error, { run: id, subject: source.url, sought: `The volumes of ${source.name}` }, effects.now()),
      );
    }
  }

  function finishLook(): void {
    const state = run();
    if (state === undefined) return;
    const training = state.training.status === "ready" ? state.training.value : undefined;
    const now = effects.now();
    const phase = toPhase({ config: configOf(state), stats: training, changedAt: state.freshness.changedAt, now });
    const failures = reachable ? 0 : state.freshness.failures + 1;
    const { release } = recogniseRelease(toEvidence(state));
    const freshness = { ...state.freshness, checkedAt: now, failures };
    patch({ phase, status: statusOf(state), freshness, ...(release === undefined ? {} : { release }) });
  }

  return {
    async check(signal) {
      const before = run();
      if (before === undefined) return true;
      const [, training, scores] = await Promise.all([checkConfig(signal), checkTraining(signal), checkScores(signal)]);
      const rewound = run();
      if (rewound !== undefined && isRewound(before, rewound)) patch({ generation: before.generation + 1 });
      const state = run();
      if (state !== undefined && planVolumesLook(before, state, { training, scores })) {
        if (scores) rebuildScores(); // the volumes are sought by the names that the scores imply
        await checkVolumes(signal);
        rebuildScores();
      }
      finishLook();
      const after = run();
      if (after !== undefined) effects.onEvents(compareRuns(before, after));
      return reachable;
    },
    rebuildScores,
  };
}

function configOf({ config }: RunState): RunConfig | undefined {
  return config.status === "ready" ? config.value : undefined;
}

function ready<T>(value: T, at: number): Async<T> {
  return { status: "ready", value, at };
}

function toEvidence(run: RunState): Parameters<typeof recogniseRelease>[0] {
  const folders = run.volumes.flatMap(({ datasets }) => datasets.map(({ folder }) => folder));
  const config = run.config.status === "ready" ? { config: run.config.value } : {};
  return { ...config, datasetFolders: [...new Set(folders)], outputNames: outputNames(run) };
}

function outputNames(run: RunState): string[] {
  return [
    ...new Set(
      run.volumes.flatMap(({ datasets }) =>
        datasets.flatMap(({ outputs }) => outputs.map((output) => output.parameters)),
      ),
    ),
  ];
}

function datasetNames(run: RunState): string[] {
  const stored = run.volumes.flatMap(({ datasets }) => datasets.map(({ dataset }) => dataset));
  return [...new Set([...run.inputs.map(({ dataset }) => dataset), ...stored])];
}

function datasetsOf(run: RunState): readonly string[] {
  const scored = scoresOf(run)?.scores.datasets ?? [];
  return [...new Set([...scored, ...datasetNames(run)])];
}

/** `partial`: something is missing or could not be read, and the rest is shown. */
function statusOf(run: RunState): RunState["status"] {
  const pieces = [run.config, run.training, run.scores].map(({ status }) => status);
  const hasVolumes = run.volumes.length > 0 || run.inputs.length > 0 || run.hasSnapshots || run.checkpoints.length > 0;
  if (!pieces.includes("ready") && !hasVolumes) return "error";
  return pieces.every((status) => status === "ready") ? "ready" : "partial";
}
