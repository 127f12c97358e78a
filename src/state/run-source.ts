// What following one run needs of storage; the real one is made in open-run-source.ts, tests give their own.
import type { RunConfig } from "#dacapo/run-config.ts";
import type { TrainingStats } from "#dacapo/training-stats.ts";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import type { UnreadableFile } from "#storage/array-probe.ts";
import type { ModelAbsence, ModelPlan, RetrievedModel } from "#storage/model-weights.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { Snapshots } from "#storage/snapshots.ts";
import type { Stamp } from "#storage/store.ts";
import type { IterationVolumes } from "#storage/volume-completeness.ts";
import type { RunState } from "./app-state.ts";

/** One look at a file that DaCapo rewrites in place. `torn`: caught while it was being written. */
export type Reading<T> =
  | { readonly status: "found"; readonly value: T; readonly stamp: Stamp }
  | { readonly status: "torn"; readonly stamp: Stamp; readonly error: Error }
  | { readonly status: "unchanged" | "absent" };

/** What is read of a run, each with its own place. */
export type SourcePiece = "config" | "training" | "scores" | "volumes";

export type FoundConfig = {
  readonly config: RunConfig;
  /** What could not be read of it; sentences. */
  readonly notes: readonly string[];
  /** The file's own text. */
  readonly text: string;
};

/** What the configuration and the scores say must be there: all there is to go by where a server lists nothing. */
export type Implied = {
  readonly iterations: readonly number[];
  /** Those that have scores: their volumes are whole. */
  readonly scored: readonly number[];
  readonly datasets: readonly string[];
  /** Names that a dataset may have: sought among the inputs only. */
  readonly likelyDatasets: readonly string[];
  readonly parameters: readonly string[];
  readonly criteria: readonly string[];
  /** Another number than at the last look: what was found then may have been overwritten. */
  readonly generation: number;
};

export type FoundVolumes = {
  readonly volumes: readonly IterationVolumes[];
  readonly inputs: RunState["inputs"];
  readonly storedBest: RunState["storedBest"];
  readonly checkpoints: readonly number[];
  readonly hasSnapshots: boolean;
  readonly isListed: boolean;
  /** Of the inputs, and of iterations without scores; paths below the run's folder. */
  readonly unreadable: readonly UnreadableFile[];
};

/** Volumes of some iterations, and all inputs. */
export type FirstVolumes = Pick<FoundVolumes, "volumes" | "inputs">;

/** Thousands of iterations take a while: what is asked for comes first, and what is known is told meanwhile. */
export type VolumesSearch = {
  wanted(): readonly number[];
  onFound(found: FirstVolumes): void;
};

export type ModelOptions = {
  readonly signal: AbortSignal;
  /** Bytes so far and in all. */
  readonly onProgress?: (loaded: number, total: number | undefined) => void;
  /** Asked before anything large is fetched; a rejection is passed on. */
  readonly confirm?: (cost: ModelPlan) => Promise<void>;
};

export type RunSource = {
  readonly name: string;
  /** Absolute, without a trailing slash. */
  readonly url: string;
  readonly address: string;
  readConfig(signal: AbortSignal): Promise<FoundConfig | undefined>;
  readTraining(
    unless: Stamp | undefined,
    signal: AbortSignal,
    onProgress?: (part: number) => void,
  ): Promise<Reading<TrainingStats>>;
  readScores(unless: Stamp | undefined, signal: AbortSignal): Promise<Reading<readonly ValidationIterationScores[]>>;
  /** Before anything else is known: those of one dataset, opened at once, or what the server lists. */
  findInputs(dataset: string | undefined, signal: AbortSignal): Promise<FoundVolumes["inputs"]>;
  findVolumes(implied: Implied, signal: AbortSignal, search?: VolumesSearch): Promise<FoundVolumes>;
  /** For when nothing at all was found. @throws StorageError where the server answers even what is not there, with a web page */
  checkAnswers(signal: AbortSignal): Promise<void>;
  /** Batches that the training kept; undefined when there are none. */
  listSnapshots(signal: AbortSignal): Promise<Snapshots | undefined>;
  /** The network's weights at one iteration, without the optimizer's. */
  readModel(iteration: number, options: ModelOptions): Promise<RetrievedModel | ModelAbsence>;
  /** `path` is below the run's folder. */
  openArray(path: string, signal: AbortSignal): Promise<RunArray | undefined>;
  urlOf(path: string): string;
  /** Where a piece is, or is sought. */
  placeOf(piece: SourcePiece): string;
};
