// The state room owns what the app knows and what a person has chosen: runs, selection, view, following, problems, notices.
// It is a vanilla zustand store made by a factory, so that two viewers live on one page and tests need no React.
// Only plain values live here; stores, sessions and the neuroglancer viewer stay in the controllers behind ids.
// It must not know React, the DOM's elements, or how anything is drawn.
import type { Best } from "#dacapo/best.ts";
import type { RunConfig } from "#dacapo/run-config.ts";
import type { ScoreNote } from "#dacapo/score-notes.ts";
import type { TrainingStats } from "#dacapo/training-stats.ts";
import type { ValidationScores } from "#dacapo/validation-scores.ts";
import type { ErrorReport } from "#evaluation/error-analysis.ts";
import type { UnreadableFile } from "#storage/array-probe.ts";
import type { IterationVolumes } from "#storage/volume-completeness.ts";
import type { CompareMode } from "./compare-mode.ts";
import type { ErrorProgress } from "./error-blocks.ts";
import type { MatchProgress } from "./matching.ts";
import type { PanelTab } from "./panel-tab.ts";
import type { Phase } from "./phase-name.ts";
import type { RunRow, RunTableChoice } from "./run-table.ts";
import type { SnapshotList } from "./snapshot-list.ts";
import type { ViewRequest } from "./view-url.ts";

/** A run's URL, as given and made absolute, without a trailing slash. */
export type RunId = string;

/** Something that was sought and not had; the message is one sentence for a biologist. */
export type Problem = {
  readonly id: string;
  readonly run?: RunId;
  /** Machine-readable kind, such as `unreachable` or `pickle-torn`. */
  readonly code: string;
  readonly message: string;
  /** The URL, path or name that it is about. */
  readonly subject: string;
  /** What to try. */
  readonly hint?: string;
  /** A server setting to copy. */
  readonly setting?: string;
  readonly severity: "error" | "warning" | "info";
  /** Milliseconds since the epoch. */
  readonly at: number;
};

export type Async<T> =
  | { readonly status: "idle" }
  | { readonly status: "loading"; readonly progress?: number }
  | { readonly status: "ready"; readonly value: T; readonly at: number }
  | { readonly status: "absent" }
  | { readonly status: "failed"; readonly problem: Problem };

/** How the order of the datasets in the scores is known; DaCapo records it nowhere for discovered datasets. */
export type DatasetOrder = "recorded" | "single" | "resolving" | "resolved" | "unknown";

export type ScoresState = {
  readonly scores: ValidationScores;
  readonly datasetOrder: DatasetOrder;
  /** How the order was found, or why it is not known; sentences. */
  readonly notes: readonly string[];
  readonly best: readonly Best[];
  /** What a reader must know before trusting the numbers. */
  readonly scoreNotes: readonly ScoreNote[];
};

export type Freshness = {
  readonly checkedAt?: number;
  /** When the run's files last changed, by the server's clock. */
  readonly changedAt?: number;
  readonly nextCheckAt?: number;
  /** Consecutive failed checks. */
  readonly failures: number;
};

export type RunState = {
  readonly id: RunId;
  readonly url: string;
  /** As it was given: links keep it, so that a relative one stays relative. */
  readonly address: string;
  readonly name: string;
  readonly status: "loading" | "ready" | "partial" | "error";
  readonly config: Async<RunConfig>;
  /** The configuration's YAML as it stands on disk; hostile text. */
  readonly configText?: string;
  readonly training: Async<TrainingStats>;
  readonly scores: Async<ScoresState>;
  /** Names as DaCapo gives them, in score order where it is known. */
  readonly datasets: readonly string[];
  /** Ascending by iteration. */
  readonly volumes: readonly IterationVolumes[];
  /** Datasets whose raw (and gt) DaCapo has copied to `validation.zarr/inputs`. */
  readonly inputs: readonly { readonly dataset: string; readonly raw: boolean; readonly gt: boolean }[];
  /** Stored best arrays (legacy releases): `validation.zarr/<dataset>/<criterion>`. */
  readonly storedBest: readonly { readonly dataset: string; readonly criterion: string }[];
  readonly checkpoints: readonly number[];
  readonly hasSnapshots: boolean;
  /** Once somebody asked for them. */
  readonly snapshots?: Async<SnapshotList>;
  /** Whether the server says what lies in a folder; without that everything is sought by name. */
  readonly isListed: boolean;
  /** Files that keep arrays from being opened, below the run's folder: in progress while a training writes, broken after. */
  readonly unreadable: readonly UnreadableFile[];
  readonly release?: string;
  /** Goes up when the training was rewound or restarted: volumes under the same path may hold something else then. */
  readonly generation: number;
  readonly phase: Phase;
  readonly freshness: Freshness;
  /** Losses that a rewind removed, and the like; sentences with the time they were seen. */
  readonly events: readonly { readonly at: number; readonly text: string }[];
};

export type IterationChoice = number | "latest" | "best";

/** What the person chose; absent parts follow the documented defaults. */
export type Selection = {
  readonly run?: RunId;
  readonly dataset?: string;
  readonly iteration?: IterationChoice;
  readonly criterion?: string;
  /** A parameters string; absent means the best ones for the shown iteration. */
  readonly parameters?: string;
  /** A batch that the training kept, instead of a validation: the iteration it is of. */
  readonly snapshot?: number | "latest";
};

/** A change of the choice: an undefined part takes it back. */
export type SelectionPart = { readonly [K in keyof Selection]?: Selection[K] | undefined };

/** What is compared with what is shown: absent parts are those of what is shown, of another run its best. */
export type CompareState = {
  readonly mode: CompareMode;
  readonly run?: RunId;
  readonly iteration?: IterationChoice;
  readonly parameters?: string;
};

/** What that choice comes to for the loaded run. */
export type Shown = {
  readonly run?: RunId;
  readonly dataset?: string;
  readonly iteration?: number;
  readonly criterion?: string;
  readonly parameters?: string;
  /** In place of dataset and iteration. */
  readonly snapshot?: number;
};

export type LayerState = {
  readonly name: string;
  readonly run: RunId;
  readonly title: string;
  /** URL of the array that is drawn. */
  readonly source: string;
  readonly kind: string;
  readonly iteration?: number;
  readonly visible: boolean;
  readonly opacity: number;
  /** `pending`: a newer array is on its way and the old one stays drawn. */
  readonly status: "loading" | "ready" | "pending" | "failed";
  readonly message?: string;
  /** It could be drawn and is not; `message` says why. */
  readonly withheld?: true;
};

/** A model or an array that a person or a host brought along. */
export type OwnRef = { readonly id: string; readonly name: string; readonly address: string };

/** A model of one's own: what its file says, before it is first run. */
export type OwnModelState = OwnRef & {
  readonly status: "loading" | "ready" | "failed";
  readonly download?: { readonly loaded: number; readonly total?: number };
  /** Why it cannot be run, or not as one would wish; a sentence. */
  readonly message?: string;
  /** Orders of axes that its input may have (b batch, c channel, z y x), the likeliest first; the chosen one. */
  readonly layouts: readonly string[];
  readonly layout?: string;
  readonly facts?: OwnModelFacts;
};

export type OwnModelFacts = {
  /** "raw: 1 × 1 × z × y × x, float32". */
  readonly input: string;
  readonly output: string;
  /** "UNet 2D Nuclei, bioimage.io 0.5.3". */
  readonly package?: string;
  readonly weightBytes: number;
  readonly operators: number;
  /** Sentences. */
  readonly notes: readonly string[];
};

/** An array of one's own to run networks on. */
export type OwnRawState = OwnRef & {
  readonly status: "loading" | "ready" | "failed";
  /** Why it cannot be read; a sentence. */
  readonly message?: string;
  /** Of its finest scale. */
  readonly facts?: {
    readonly scales: number;
    readonly shape: readonly number[];
    readonly voxelSize: readonly number[];
    readonly unit: string;
    readonly dtype: string;
  };
};

/** How a network is run; what is absent is as DaCapo's own validation has it, in single precision. */
export type InferenceSettings = {
  /** Where the device has it. */
  readonly halfPrecision?: true;
  /** Averaged over flips of the image plane, or over quarter turns too. */
  readonly augmentation?: "flips" | "all";
  /** What the network sees beyond the raw: its mirror image instead of zeros. */
  readonly edges?: "reflect";
  /** As one block over the whole would give, without the seams that DaCapo's blocks leave in a padded network's prediction. */
  readonly seamless?: true;
  /** Finished blocks stay in the browser's private storage. */
  readonly keep?: true;
};

/** What is computed as a whole, also where nobody looks. */
export type InferenceRegion = {
  readonly what: "view" | "all";
  readonly status: "running" | "done" | "stopped";
  /** Blocks. */
  readonly done: number;
  readonly total: number;
  /** Why it ended, or what is not as one would expect; a sentence. */
  readonly message?: string;
};

/** A region that was not computed to its end when the page was left. */
export type InferenceJob = Pick<InferenceTask, "run"> & {
  readonly iteration: number;
  readonly dataset: string;
  readonly device: "webgpu" | "wasm";
  readonly settings?: InferenceSettings;
  readonly done: number;
  readonly total: number;
};

/** Which network is run on what: one of a run's checkpoints or a model, on one of its validation datasets or an array. */
export type InferenceTask = {
  readonly run: RunId;
  /** Of the checkpoint; absent for a model of one's own. */
  readonly iteration?: number;
  readonly ownModel?: OwnRef;
  /** With an array of one's own: the one in whose place it is shown. */
  readonly dataset?: string;
  readonly ownRaw?: OwnRef;
  /** The values that count as 0 and as 1, where a person chose them. */
  readonly normalisation?: { readonly min: number; readonly max: number };
  /** The array is resampled to the voxel size that the network was trained at. */
  readonly resample?: boolean;
  readonly settings?: InferenceSettings;
};

/** What is to be run, on what: by default on the shown dataset, on the GPU where there is one. */
export type InferenceWish = {
  readonly model: { readonly iteration: IterationChoice } | { readonly id: string } | { readonly url: string };
  readonly dataset?: string;
  /** An array instead of a dataset. */
  readonly raw?: { readonly id: string } | { readonly url: string };
  readonly normalisation?: { readonly min: number; readonly max: number };
  readonly resample?: boolean;
  readonly settings?: InferenceSettings;
  readonly device?: "webgpu" | "wasm";
  /** A person is there to be asked before much is fetched. */
  readonly ask?: boolean;
};

/** That, settled. */
export type InferenceOrder = InferenceTask & { readonly device: "webgpu" | "wasm"; readonly ask?: boolean };

/** What fetching a network takes, before it is done. */
export type DownloadCost = {
  /** Undefined where the server does not tell. */
  readonly bytes?: number;
  readonly fileBytes?: number;
  /** The server ignores ranges: the optimizer comes along. */
  readonly whole: boolean;
};

/** A network at work. */
export type InferenceState = InferenceOrder & {
  /** Goes up with every start: other voxels under the same name. */
  readonly generation: number;
  /** What its layer shows until it can show this one: the former. */
  readonly drawn?: DrawnInference;
  /** It is started anew for every iteration and dataset that is shown. */
  readonly follows?: true;
  /** Why it runs on its device, which need not be the one that was asked for; a sentence. */
  readonly reason?: string;
  readonly status: "loading" | "asking" | "running" | "idle" | "paused" | "error";
  /** "asking": whether this is to be fetched. */
  readonly cost?: DownloadCost;
  /** What befell it last; a sentence. */
  readonly message?: string;
  /** How its values were normalised; a sentence. */
  readonly normalised?: string;
  /** Its voxels have another size than those that the network was trained on; a sentence. */
  readonly mismatch?: string;
  /** Of the checkpoint, in bytes. */
  readonly download?: { readonly loaded: number; readonly total?: number };
  readonly blocksDone: number;
  readonly blocksQueued: number;
  readonly blocksPerSecond?: number;
  readonly remainingSeconds?: number;
  /** How it is cut. */
  readonly block?: {
    /** Voxels of the prediction that one block gives, and of the raw that it sees. */
    readonly outputShape: readonly number[];
    readonly inputShape: readonly number[];
    /** World units of raw around it that it depends on. */
    readonly context: readonly number[];
    /** At most, of one block at work. */
    readonly memoryBytes: number;
  };
  /** Where the prediction lies: world units, voxels. */
  readonly grid?: {
    readonly offset: readonly number[];
    readonly voxelSize: readonly number[];
    readonly shape: readonly number[];
  };
  readonly precision?: "f32" | "f16";
  /** Bytes of finished blocks in memory. */
  readonly memoryBytes?: number;
  readonly region?: InferenceRegion;
  readonly card?: {
    readonly parameterCount: number;
    readonly channels: readonly string[];
    /** That it ends in; absent where it has none. */
    readonly activation?: "sigmoid";
    readonly receptiveField?: readonly number[];
    readonly fetchedBytes: number;
    readonly fileBytes: number;
    /** What cannot be as exact as one would wish; sentences. */
    readonly notes?: readonly string[];
  };
  /** Absent until one block has been compared, and where there is nothing to compare with. */
  readonly parity?: ParityState;
  /** `parity` refuses what this device computes, and a person wants to see it all the same. */
  readonly insisted?: true;
  /** Blocks whose values may be wrong; the sentence is about the last of them. */
  readonly flagged?: { readonly blocks: number; readonly sentence: string };
};

/** A prediction that was computed here, as far as it was. */
export type DrawnInference = InferenceTask & { readonly generation: number };

/** How far what this device computes is from what it was compared with. */
export type ParityState = {
  readonly level: "ok" | "warn" | "refuse";
  readonly maxDifference: number;
  /** The difference has a reason that is none of the device's. */
  readonly excused: boolean;
  /** What each comparison says, the one that counts first. */
  readonly sentences: readonly string[];
  /** Compared on an earlier visit. */
  readonly remembered: boolean;
};

/** An output that is compared with its ground truth. */
export type ErrorsTarget = {
  readonly run: RunId;
  readonly dataset: string;
  readonly iteration: number;
  readonly parameters: string;
};

/** What is wrong with the output that is shown, or how far that is known. */
export type ErrorsState = {
  /** Goes up with every comparison. */
  readonly generation: number;
  /** "waiting" for the choice to rest, "asking" whether so much is to be read, "unavailable": there is nothing to compare. */
  readonly status: "waiting" | "asking" | "computing" | "ready" | "stopped" | "failed" | "unavailable";
  /** Absent where nothing can be compared. */
  readonly target?: ErrorsTarget;
  readonly progress?: ErrorProgress;
  /** Why it is not ready; a sentence. */
  readonly message?: string;
  readonly report?: ErrorReport;
  /** Where the report's voxels lie, metres: the outer corner of voxel 0, and the size of one. */
  readonly grid?: { readonly origin: readonly number[]; readonly step: readonly number[] };
};

/** In neuroglancer's terms; position in nm (or `unit`), z, y, x. */
export type ViewState = {
  readonly position?: readonly number[];
  /** `unit` per screen pixel. */
  readonly scale?: number;
  readonly layout?: string;
  readonly unit?: string;
};

export type Notice = {
  readonly id: string;
  readonly at: number;
  readonly kind: "validation" | "best" | "rewind" | "finished" | "stale" | "info" | "error";
  readonly text: string;
  /** What a click on it chooses. */
  readonly offer?: Selection;
};

export type FollowState = {
  readonly enabled: boolean;
  readonly intervalMs: number;
  /** The tab is hidden, so nothing is asked for. */
  readonly hidden: boolean;
  readonly checking: boolean;
};

export type Theme = "dark" | "light" | "system";

export type RecentRun = {
  readonly url: string;
  readonly name: string;
  readonly at: number;
  readonly thumbnail?: string;
};
export type ServedDirectory = {
  readonly path: string;
  readonly name: string;
  readonly kind: "base" | "run";
  readonly run?: string;
};

export type AppState = {
  readonly runs: Readonly<Record<RunId, RunState>>;
  readonly runOrder: readonly RunId[];
  /** A base directory whose runs are listed on the start page. */
  readonly base: Async<{ readonly url: string; readonly runs: readonly string[] }>;
  /** What is known of the runs of that base, by name. */
  readonly runRows: Readonly<Record<string, RunRow>>;
  /** How they are listed. */
  readonly runTable: RunTableChoice;
  readonly served: readonly ServedDirectory[];
  readonly recents: readonly RecentRun[];
  /** What was asked for and is not open, as it is on its way or a folder of this machine is withheld: the address keeps it. */
  readonly asked: Partial<ViewRequest> | undefined;
  readonly selection: Selection;
  /** B, which is compared with the selection, A; `undefined` when nothing is. */
  readonly compare: CompareState | undefined;
  /** Where A ends and B begins when one is swiped over the other, 0 to 1. */
  readonly split: number;
  /** How far the objects of two segmentations are matched, to tell where they agree; absent while they are not being matched. */
  readonly matching: MatchProgress | undefined;
  /** The other one is shown while a key is held. */
  readonly peeking: boolean;
  readonly layers: readonly LayerState[];
  readonly view: ViewState;
  /** neuroglancer's own state keys (allow-listed), kept so that a view survives reloads and failed viewers. */
  readonly viewJson: unknown;
  readonly viewer: "idle" | "loading" | "ready" | "failed";
  readonly inference: InferenceState | undefined;
  /** Kept to be compared with the present one. */
  readonly inferenceB: DrawnInference | undefined;
  /** Begun on an earlier visit. */
  readonly inferenceJob: InferenceJob | undefined;
  /** Absent while nobody asked for it. */
  readonly errors: ErrorsState | undefined;
  /** Nobody wants them, also where they are looked for by themselves. */
  readonly errorsDeclined: boolean;
  readonly models: readonly OwnModelState[];
  readonly raws: readonly OwnRawState[];
  /** Those that a person chose last, by id; absent: of the run. */
  readonly pick: { readonly model?: string | undefined; readonly raw?: string | undefined };
  readonly settled: boolean;
  readonly playing: boolean;
  readonly follow: FollowState;
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
  /** Iteration under the cursor of any chart or the timeline. */
  readonly cursorIteration?: number;
  readonly theme: Theme;
  readonly panel: { readonly open: boolean; readonly tab: PanelTab; readonly width: number };
  readonly embed: boolean;
};
