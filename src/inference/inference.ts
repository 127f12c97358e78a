// What a network at work on one array is asked for, gives and tells of; session.ts does the work.
import type { Coordinate } from "#dacapo/coordinate.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { BlockFinding } from "./block-check.ts";
import type { BlockPlan } from "./block-plan.ts";
import type { Calibration } from "./calibrate.ts";
import type { EngineFacts, GraphVariant } from "./engine.ts";
import type { InferenceError } from "./inference-error.ts";
import type { ParityProof, ParityRequest } from "./parity-proof.ts";
import type { DeskRequest, Recovery } from "./session-desk.ts";
import type { TileData } from "./session-queue.ts";

/**
 * Keeps finished tiles between visits, or beyond what memory holds; for one model, raw and normalisation, the caller sees to that.
 * Keys are the tile shape and the tile, "8x76x76/0/1/2". A failure costs no more than that the tile is computed again.
 */
export type TileKeeper = {
  get(key: string): Promise<TileData | undefined>;
  put(key: string, data: TileData): Promise<void>;
};

export type InferenceRequest = DeskRequest & {
  /** For messages: "inference at 1000". */
  readonly label: string;
  /** Finished tiles are kept up to this; the longest unused go first. Default 512 MiB. */
  readonly keepBytes?: number;
  readonly keeper?: TileKeeper;
  readonly signal?: AbortSignal;
};

/** Voxels `begin` to `end` of the grid; `onProgress` counts tiles, those that were there already too. */
export type RegionRequest = {
  readonly begin: Coordinate;
  readonly end: Coordinate;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
};

export type InferenceState = "idle" | "running" | "paused" | "failed";

export type InferenceStatus = {
  readonly state: InferenceState;
  readonly facts: EngineFacts | undefined;
  /** The blocks now used; smaller than `tileShape` after the device's memory ran short. */
  readonly plan: BlockPlan | undefined;
  readonly calibration: Calibration | undefined;
  /** What it computes in; half precision only where that was asked for and the device has it. */
  readonly precision: GraphVariant["precision"] | undefined;
  readonly tilesDone: number;
  /** Wanted and not done, the one being computed included. */
  readonly tilesQueued: number;
  readonly tilesPerSecond: number | undefined;
  readonly remainingSeconds: number | undefined;
  readonly memoryBytes: number;
};

export type InferenceEvent =
  | { readonly type: "status" }
  /** Voxels `begin` to `end` of the array are there now. */
  | { readonly type: "tile"; readonly index: Coordinate; readonly begin: Coordinate; readonly end: Coordinate }
  | { readonly type: "finding"; readonly finding: BlockFinding; readonly tile: Coordinate; readonly sentence: string }
  | { readonly type: "recovery"; readonly recovery: Recovery }
  | { readonly type: "failed"; readonly error: InferenceError }
  /** Finished tiles are kept in memory alone from now on. */
  | { readonly type: "keeper-failed"; readonly error: unknown }
  /** What was read of the array while it was cancelled must be read again: it was given as NaN. */
  | { readonly type: "stale" };

/** A network at work on one array. */
export type Inference = {
  /** The prediction; reading a part of it computes that part and waits. Tiles are its chunks. */
  readonly array: RunArray;
  readonly tileShape: Coordinate;
  status(): InferenceStatus;
  /**
   * Computes a region behind whatever is looked at. Resolves when all of it was computed once (of a region larger than the memory the
   * first tiles are gone again by then, unless there is a keeper).
   */
  compute(region: RegionRequest): Promise<void>;
  /** From now on finished tiles are kept there too, and those that memory holds already. */
  keepIn(keeper: TileKeeper): void;
  /** Compares one small block with the processor's (where that is not what computes) and with what a run stored, if given. */
  prove(reference: ProofReference): Promise<ParityProof>;
  /** Voxel of the grid around which tiles matter most. */
  setCentre(voxel: Coordinate | undefined): void;
  pause(): void;
  /** Goes on after a pause or a cancel. */
  resume(): void;
  /** Drops what is queued and computes nothing more until `resume`: reads give NaN where nothing was computed. */
  cancel(): void;
  onEvent(listener: (event: InferenceEvent) => void): () => void;
  /** Computes nothing more and frees the device. What was computed can still be read; the rest is given as NaN. */
  freeze(): void;
  /** As `freeze`, and forgets what was computed. */
  dispose(): void;
};

/** What is known beside the network, see `proveParity`. */
export type ProofReference = Pick<ParityRequest, "stored" | "batchNorm" | "signal">;
