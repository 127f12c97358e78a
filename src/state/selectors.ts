// Derived things: plain functions of the state, so that nothing is stored twice.
import { type Best, bestScore, defaultCriterion } from "#dacapo/best.ts";
import { toParametersString } from "#dacapo/post-processor-parameters.ts";
import { isPlaceholder } from "#dacapo/recover-datasets.ts";
import type { IterationVolumes } from "#storage/volume-completeness.ts";
import type { AppState, Problem, RunState, ScoresState, Selection, SelectionPart, Shown } from "./app-state.ts";
import { resolveSnapshot, snapshotsOf } from "./snapshot-choice.ts";

export function selectedRun(state: AppState): RunState | undefined {
  const id = state.selection.run ?? state.runOrder[0];
  return id === undefined ? undefined : state.runs[id];
}

export function scoresOf(run: RunState): ScoresState | undefined {
  return run.scores.status === "ready" ? run.scores.value : undefined;
}

/** Found once for a run as it stands: a run of thousands of validations is asked again at every step of a scrub. */
function ofRun<T>(find: (run: RunState) => T): (run: RunState) => T {
  const known = new WeakMap<RunState, { readonly value: T }>();
  return (run) => {
    const found = known.get(run) ?? { value: find(run) };
    known.set(run, found);
    return found.value;
  };
}

/** Iterations that have scores, ascending and unique (a validation may have been repeated). */
export const validationIterations = ofRun((run): readonly number[] => {
  const iterations = scoresOf(run)?.scores.scores.map((entry) => entry.iteration) ?? [];
  return [...new Set(iterations)].sort((a, b) => a - b);
});

/** Iterations that have a prediction or an output on disk, ascending. */
export const volumeIterations = ofRun((run): readonly number[] =>
  run.volumes.filter(hasVolumes).map((entry) => entry.iteration),
);

function hasVolumes(entry: IterationVolumes): boolean {
  return entry.datasets.some(({ prediction, outputs }) => prediction !== "absent" || outputs.length > 0);
}

/** Everything a person can scrub through: iterations with scores or volumes, ascending. */
export const shownIterations = ofRun((run): readonly number[] =>
  [...new Set([...validationIterations(run), ...volumeIterations(run)])].sort((a, b) => a - b),
);

export function volumesOf(run: RunState, iteration: number | undefined, dataset: string | undefined) {
  const entry = run.volumes.find((volumes) => volumes.iteration === iteration);
  return entry?.datasets.find((volumes) => volumes.dataset === dataset);
}

export function criteriaOf(run: RunState): readonly string[] {
  return scoresOf(run)?.scores.evaluationScores.criteria.map(({ name }) => name) ?? [];
}

/** Parameters strings in enumeration order, as DaCapo names its folders; from the volumes where there are no scores. */
export const parametersOf = ofRun((run): readonly string[] => {
  const scored = scoresOf(run)?.scores.parameters.map(toParametersString) ?? [];
  const stored = run.volumes.flatMap(({ datasets }) => datasets.flatMap(({ outputs }) => outputs));
  return [...new Set([...scored, ...stored.map(({ parameters }) => parameters)])];
});

export function bestOf(run: RunState, dataset: string | undefined, criterion: string | undefined): Best | undefined {
  return scoresOf(run)?.best.find((best) => best.dataset === dataset && best.criterion === criterion);
}

/** The best over parameters at one iteration. */
function bestAt(run: RunState, iteration: number, dataset: string, criterion: string): Best | undefined {
  const scores = scoresOf(run)?.scores;
  if (scores === undefined) return undefined;
  const at = { ...scores, scores: scores.scores.filter((entry) => entry.iteration === iteration) };
  return bestScore(at, dataset, criterion);
}

/** The newest iteration whose volumes are whole for the dataset; failing that the newest with any, then with scores. */
export function latestIteration(run: RunState, dataset: string | undefined): number | undefined {
  const whole = run.volumes.filter(({ datasets }) =>
    datasets.some((volumes) => volumes.dataset === dataset && volumes.prediction !== "partial"),
  );
  return whole.at(-1)?.iteration ?? validationIterations(run).at(-1) ?? volumeIterations(run).at(-1);
}

const nothing: Shown = {};
const lastShown = new WeakMap<RunState, { readonly selection: Selection; readonly shown: Shown }>();

/** What the person's choice comes to for the run as it is loaded now; the same object until one of them changes. */
export function shownOf(state: AppState): Shown {
  const { selection } = state;
  const run = selectedRun(state);
  if (run === undefined) return nothing;
  const last = lastShown.get(run);
  if (last?.selection === selection) return last.shown;
  const shown = resolveSelection(run, selection);
  lastShown.set(run, { selection, shown });
  return shown;
}

/** What one moves through, which of it is shown, and what chooses another. */
export type Scrub = {
  /** Ascending. */
  readonly all: readonly number[];
  readonly shown: number | undefined;
  toPart(iteration: number): SelectionPart;
};

export function scrubOf(state: AppState): Scrub {
  const run = selectedRun(state);
  const { snapshot, iteration } = shownOf(state);
  if (run === undefined || snapshot === undefined)
    return {
      all: run === undefined ? [] : shownIterations(run),
      shown: iteration,
      toPart: (to) => ({ iteration: to }),
    };
  const all = snapshotsOf(run).map((entry) => entry.iteration);
  return { all, shown: snapshot, toPart: (to) => ({ snapshot: to }) };
}

export function resolveSelection(run: RunState, selection: Selection): Shown {
  const snapshot = resolveSnapshot(run, selection);
  if (snapshot !== undefined) return { run: run.id, snapshot };
  const dataset = pick(selection.dataset, run.datasets, standardDataset(run));
  const scores = scoresOf(run)?.scores;
  const standard = scores === undefined ? undefined : defaultCriterion(scores.evaluationScores);
  const criterion = pick(selection.criterion, criteriaOf(run), standard);
  const iteration = resolveIteration(run, selection, dataset, criterion);
  const parameters = resolveParameters(run, selection, defined({ dataset, criterion, iteration }));
  return { run: run.id, ...defined({ dataset, iteration, criterion, parameters }) };
}

/** The first that the configuration records, else the first by name: an order that is found only later moves nobody. */
function standardDataset(run: RunState): string | undefined {
  const order = scoresOf(run)?.datasetOrder ?? "recorded";
  if (order === "recorded" || order === "single") return run.datasets[0];
  const named = run.datasets.filter((name) => !isPlaceholder(name));
  return (named.length > 0 ? named : run.datasets).toSorted()[0];
}

function pick(wanted: string | undefined, offered: readonly string[], standard = offered[0]): string | undefined {
  return wanted !== undefined && offered.includes(wanted) ? wanted : standard;
}

function resolveIteration(run: RunState, selection: Selection, dataset?: string, criterion?: string) {
  const chosen = selection.iteration;
  if (typeof chosen === "number" && shownIterations(run).includes(chosen)) return chosen;
  const latest = latestIteration(run, dataset);
  if (selection.iteration === "latest") return latest;
  return bestOf(run, dataset, criterion)?.iteration ?? latest;
}

function resolveParameters(run: RunState, selection: Selection, shown: Shown): string | undefined {
  const { dataset, criterion, iteration } = shown;
  const offered = parametersOf(run);
  if (selection.parameters !== undefined && offered.includes(selection.parameters)) return selection.parameters;
  if (dataset === undefined || iteration === undefined) return offered[0];
  const best = criterion === undefined ? undefined : bestAt(run, iteration, dataset, criterion);
  return best?.parameters ?? volumesOf(run, iteration, dataset)?.outputs[0]?.parameters ?? offered[0];
}

function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

export function problemsOf(state: AppState, run: RunState | undefined): readonly Problem[] {
  return state.problems.filter((problem) => problem.run === undefined || problem.run === run?.id);
}

/** What a link had that was not understood, or that the run does not have. */
export function linkProblemsOf({ problems }: AppState): readonly Problem[] {
  return problems.filter(({ code }) => code === "link" || code.startsWith("unknown-"));
}

/** Whether new results are swapped in by themselves. */
export function isFollowing(selection: Selection): boolean {
  return typeof selection.iteration !== "number";
}
