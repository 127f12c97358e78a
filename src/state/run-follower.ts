// Looks at one run again and again: the first look fills the state piece by piece, later ones cost a conditional request
// a file. What was read stays until something newer is whole; a torn or missing file is never taken for loss of data.
import type { StoreApi } from "zustand/vanilla";
import { trainedUntil } from "#dacapo/training-stats.ts";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import type { Stamp } from "#storage/store.ts";
import { markPassed } from "#storage/volume-completeness.ts";
import type { AppState, Async, RunState } from "./app-state.ts";
import { compareRuns, type FollowEvent, isRewound } from "./follow-events.ts";
import { toNamelessNotes } from "./nameless-note.ts";
import { isSilent, toPhase } from "./phase.ts";
import { absentNotes, configNote } from "./piece-notes.ts";
import { planVolumesLook, toImplied, toWanted } from "./plan-volumes-look.ts";
import { createRunDesk } from "./run-desk.ts";
import type { FirstVolumes, Reading, RunSource, VolumesSearch } from "./run-source.ts";
import { configOf, datasetsOf, type FindOrder, releaseOf, toScoresState } from "./score-state.ts";
import { createTornFiles } from "./torn-files.ts";
import { toUnreadableNotes } from "./unreadable-notes.ts";

export type FollowerEffects = {
  readonly now: () => number;
  readonly onEvents: (events: readonly FollowEvent[]) => void;
  /** The order of the datasets in the scores, where it is known from before. */
  readonly knownOrder: FindOrder;
};

export type RunFollower = {
  /** Rejects only with AbortError; everything else becomes a problem. Resolves to whether the run could be reached. */
  check(signal: AbortSignal): Promise<boolean>;
  /** Builds the scores anew, after the order of the datasets was found. */
  rebuildScores(): void;
};

/** A file that was there is called gone only after it was missed this often: DaCapo unlinks before it writes. */
const missesUntilGone = 3;

type File = "training" | "scores";

export function createRunFollower(store: StoreApi<AppState>, source: RunSource, effects: FollowerEffects): RunFollower {
  const { now, onEvents, knownOrder } = effects;
  const desk = createRunDesk(store, source, now);
  const { run, patch } = desk;
  const stamps: Partial<Record<File, Stamp>> = {};
  const misses: Record<File, number> = { training: 0, scores: 0 };
  const torn = createTornFiles(now);
  let told = "[]";
  let entries: readonly ValidationIterationScores[] | undefined;

  async function checkConfig(signal: AbortSignal): Promise<void> {
    if (run()?.config.status === "ready") return;
    const looked = await desk.attempt("config", signal, async () => ({ found: await source.readConfig(signal) }));
    if (looked === undefined) return;
    desk.clear("config");
    if (looked.found === undefined) {
      patch({ config: { status: "absent" } });
      return desk.note("config", absentNotes.config(source.name));
    }
    const { config, text, notes } = looked.found;
    patch({ config: { status: "ready", value: config, at: now() }, configText: text });
    for (const note of notes) desk.note("config", configNote(note));
  }

  async function checkTraining(signal: AbortSignal): Promise<boolean> {
    const onProgress = (progress: number) => {
      if (run()?.training.status === "loading") patch({ training: { status: "loading", progress } });
    };
    const reading = await desk.attempt("training", signal, () =>
      source.readTraining(stamps.training, signal, onProgress),
    );
    if (reading?.status === "found") patch({ training: { status: "ready", value: reading.value, at: now() } });
    return settleFile("training", reading);
  }

  async function checkScores(signal: AbortSignal): Promise<boolean> {
    const reading = await desk.attempt("scores", signal, () => source.readScores(stamps.scores, signal));
    if (reading?.status === "found") entries = reading.value;
    return settleFile("scores", reading);
  }

  /** Whether the file changed. Absence counts once it lasts; on the first look there is nothing to lose. */
  function settleFile(file: File, reading: Reading<unknown> | undefined): boolean {
    if (reading === undefined) return false;
    if (reading.status === "absent") return miss(file);
    misses[file] = 0;
    if (reading.status === "torn") {
      if (torn.isBroken(file, reading.stamp)) desk.fail(file, reading.error);
      return false;
    }
    torn.forget(file);
    desk.clear(file);
    if (reading.status !== "found") return false;
    stamps[file] = reading.stamp;
    patch({ freshness: touched(run(), reading.stamp) });
    return true;
  }

  function miss(file: File): boolean {
    misses[file] += 1;
    const known = run()?.[file].status;
    const isPatient = known === "ready" && misses[file] < missesUntilGone;
    if (isPatient || known === "absent") return false;
    delete stamps[file];
    if (file === "scores") entries = undefined;
    patch({ [file]: { status: "absent" } });
    desk.clear(file); // the server answered: what kept the file from being read is over
    desk.note(file, absentNotes[file](source.name));
    return known === "ready";
  }

  function toScored(state: RunState): Pick<RunState, "scores" | "datasets"> {
    const scores: RunState["scores"] =
      entries === undefined
        ? withoutEntries(state)
        : { status: "ready", value: toScoresState(state, entries, knownOrder), at: now() };
    return { scores, datasets: datasetsOf({ ...state, scores }) };
  }

  function rebuildScores(): void {
    const state = run();
    if (state !== undefined) patch(toScored(state));
  }

  /** Raw and gt are shown while everything else is still being read, where it is certain whose will be shown. */
  async function lookForInputs(signal: AbortSignal): Promise<void> {
    const { selection, viewJson } = store.getState();
    const inputs = await source.findInputs(selection.dataset, signal).catch(() => []); // the look that follows tells
    const [only] = inputs;
    const isPlaced = only?.gt === true || (only?.raw === true && viewJson !== undefined); // gt lies where predictions will
    if (run()?.status === "loading" && inputs.length === 1 && only !== undefined && isPlaced)
      patch({ inputs, datasets: [only.dataset] });
  }

  /** What is new of scores and volumes together: a layer goes only when its successor is known. */
  async function lookForVolumes(state: RunState, signal: AbortSignal): Promise<Partial<RunState>> {
    const scored = toScored(state); // the volumes are sought by the names that the scores imply
    if (state.status === "loading") patch(scored); // charts wait for no volumes
    const implied = toImplied({ ...state, ...scored }, entries ?? [], store.getState().selection.dataset);
    const search: VolumesSearch = {
      wanted: () => toWanted(run() ?? state, store.getState().selection),
      onFound: (some) => run()?.status === "loading" && patch(withVolumes(state, some)), // later looks have what they found
    };
    const found = await desk.attempt("volumes", signal, async () => {
      const volumes = await source.findVolumes(implied, signal, search);
      if (!holdsAnything({ ...state, ...volumes })) await source.checkAnswers(signal); // a page for everything looks like an empty run
      return volumes;
    });
    if (found !== undefined) desk.clear("volumes");
    return { ...found, ...toScored({ ...(run() ?? state), ...found }) };
  }

  function withVolumes(state: RunState, found: FirstVolumes): Partial<RunState> {
    const known = { ...(run() ?? state), ...found };
    return { ...found, volumes: markOver(known), ...toScored(known) };
  }

  /** What nothing more will be written to is whole. */
  function markOver(state: RunState): RunState["volumes"] {
    const trained = state.training.status === "ready" ? trainedUntil(state.training.value) : 0;
    return markPassed(state.volumes, { trainedUntil: trained, isSilent: isSilent(state, now()) });
  }

  function finishLook(found: Partial<RunState>): void {
    const known = run();
    if (known === undefined) return;
    const state = { ...known, ...found };
    const stats = state.training.status === "ready" ? state.training.value : undefined;
    const phase = toPhase({ config: configOf(state), stats, changedAt: state.freshness.changedAt, now: now() });
    const failures = desk.isReachable() ? 0 : state.freshness.failures + 1;
    const release = releaseOf(state);
    const freshness = { ...state.freshness, checkedAt: now(), failures };
    patch({
      ...found,
      phase,
      volumes: markOver(state),
      status: statusOf(state),
      freshness,
      ...(release === undefined ? {} : { release }),
    });
    tellOfDisk();
  }

  /** Once: what a person has dismissed is not told again. */
  function tellOfDisk(): void {
    const state = run();
    if (state === undefined) return;
    const notes = [...toNamelessNotes(state), ...toUnreadableNotes(state, source.urlOf, now())];
    if (JSON.stringify(notes) === told) return;
    told = JSON.stringify(notes);
    desk.clear("disk");
    for (const note of notes) desk.note("disk", note);
  }

  async function check(signal: AbortSignal): Promise<boolean> {
    const before = run();
    if (before === undefined) return true;
    if (before.status === "loading") void lookForInputs(signal);
    const [, training, scores] = await Promise.all([checkConfig(signal), checkTraining(signal), checkScores(signal)]);
    const read = run() ?? before;
    if (isRewound(before, read)) patch({ generation: before.generation + 1 });
    const isNew = planVolumesLook(before, read, { training, scores });
    finishLook(isNew ? await lookForVolumes(run() ?? read, signal) : {});
    onEvents(compareRuns(before, run() ?? read));
    return desk.isReachable();
  }

  return { check, rebuildScores };
}

function withoutEntries(run: RunState): Async<never> {
  return run.scores.status === "ready" ? { status: "absent" } : run.scores;
}

/** The newest of the files' times, by the server's clock. */
function touched(run: RunState | undefined, { lastModified }: Stamp): RunState["freshness"] {
  const known = run?.freshness ?? { failures: 0 };
  const at = Date.parse(lastModified ?? "");
  return Number.isNaN(at) ? known : { ...known, changedAt: Math.max(at, known.changedAt ?? at) };
}

/** `partial`: something is missing or could not be read, and the rest is shown. */
function statusOf(run: RunState): RunState["status"] {
  if (!holdsAnything(run)) return "error";
  return pieces(run).every((status) => status === "ready") ? "ready" : "partial";
}

function holdsAnything(run: RunState): boolean {
  const hasVolumes = run.volumes.length > 0 || run.inputs.length > 0 || run.hasSnapshots || run.checkpoints.length > 0;
  return hasVolumes || pieces(run).includes("ready");
}

const pieces = ({ config, training, scores }: RunState) => [config, training, scores].map(({ status }) => status);
