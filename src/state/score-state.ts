// Names what the scores of a run are about, from everything that is known of it by now: a pure step from values to values.
import { allBest } from "#dacapo/best.ts";
import { recordedValidateNames } from "#dacapo/datasplit.ts";
import { type ReleaseEvidence, recogniseRelease } from "#dacapo/release.ts";
import type { RunConfig } from "#dacapo/run-config.ts";
import { recoverAxes, toValidationScores } from "#dacapo/score-axes.ts";
import { toScoreNotes } from "#dacapo/score-notes.ts";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import type { RunState, ScoresState } from "./app-state.ts";
import { scoresOf } from "./selectors.ts";

/** The order of the datasets in the scores, as it was found, and a sentence on how. */
export type KnownOrder = { readonly datasets: readonly string[]; readonly note: string };

type Entries = readonly ValidationIterationScores[];
export type FindOrder = (run: RunState, entries: Entries) => KnownOrder | undefined;

export function toScoresState(run: RunState, entries: Entries, findOrder: FindOrder): ScoresState {
  const config = configOf(run);
  const names = { outputNames: outputNames(run), datasetNames: datasetNames(run) };
  const axes = recoverAxes({ ...(config && { config }), scores: entries, ...names });
  const known = axes.datasetOrder === "unknown" ? findOrder(run, entries) : undefined;
  const scores = toValidationScores(known === undefined ? axes : { ...axes, datasets: known.datasets }, entries);
  return {
    scores,
    datasetOrder: known === undefined ? axes.datasetOrder : "resolved",
    notes: known === undefined ? axes.notes : [...axes.notes, known.note],
    best: allBest(scores),
    scoreNotes: toScoreNotes(config, scores),
  };
}

export function configOf({ config }: RunState): RunConfig | undefined {
  return config.status === "ready" ? config.value : undefined;
}

/** In score order, then those that the configuration or the disk has besides. */
export function datasetsOf(run: RunState): readonly string[] {
  const scored = scoresOf(run)?.scores.datasets ?? [];
  const recorded = recordedValidateNames(configOf(run)?.datasplitConfig) ?? [];
  return [...new Set([...scored, ...recorded, ...datasetNames(run)])];
}

export function releaseOf(run: RunState): string | undefined {
  const config = configOf(run);
  const folders = run.volumes.flatMap(({ datasets }) => datasets.map(({ folder }) => folder));
  const evidence: ReleaseEvidence = { datasetFolders: [...new Set(folders)], outputNames: outputNames(run) };
  return recogniseRelease({ ...evidence, ...(config && { config }) }).release;
}

function outputNames(run: RunState): string[] {
  const outputs = run.volumes.flatMap(({ datasets }) => datasets.flatMap((dataset) => dataset.outputs));
  return [...new Set(outputs.map(({ parameters }) => parameters))];
}

function datasetNames(run: RunState): string[] {
  const stored = run.volumes.flatMap(({ datasets }) => datasets.map(({ dataset }) => dataset));
  return [...new Set([...run.inputs.map(({ dataset }) => dataset), ...stored])];
}
