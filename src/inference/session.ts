import type { Coordinate } from "#dacapo/coordinate.ts";
import { add, multiply } from "#dacapo/coordinate.ts";
import type { RunArray } from "#storage/open-array.ts";
import { type BlockFinding, describeFinding } from "./block-check.ts";
import type { BlockPlan } from "./block-plan.ts";
import { type BlockDone, type BlockRunner, predictRegion } from "./block-run.ts";
import type { Calibration } from "./calibrate.ts";
import type { EngineFacts, GraphVariant } from "./engine.ts";
import { toEngineError } from "./engine-failure.ts";
import { InferenceError, isInferenceError } from "./inference-error.ts";
import { openTileArray, TileMemory, tilesOf } from "./memory-array.ts";
import { type ParityProof, type ParityRequest, proveParity } from "./parity-proof.ts";
import { type DeskRequest, EngineDesk, type Recovery } from "./session-desk.ts";
import { SessionProgress } from "./session-progress.ts";
import { type TileData, type TileJob, TileQueue, type Urgency } from "./session-queue.ts";

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

const KEEP_BYTES = 512 * 2 ** 20;

/** Tiles under way at once: one is computed while the next one's raw is read. */
const AT_ONCE = 2;

/** Of a region that is computed as a whole, so many wait at once: more would not be computed sooner. */
const WAITING_TILES = 16;

/**
 * Opens the device (or, where it is not offered, the processor), loads the model, plans the blocks.
 * Throws InferenceError "plan" when no block fits the device, "raw" when the array does not suit, or what the last engine failed with.
 */
export async function openInference(request: InferenceRequest): Promise<Inference> {
  const session = new Session(request);
  const stop = () => session.dispose();
  request.signal?.addEventListener("abort", stop);
  try {
    return await session.open();
  } catch (error) {
    session.dispose();
    request.signal?.throwIfAborted();
    throw error;
  } finally {
    request.signal?.removeEventListener("abort", stop);
  }
}

class Session {
  readonly #request: InferenceRequest;
  readonly #desk: EngineDesk;
  readonly #queue = new TileQueue();
  readonly #memory: TileMemory;
  readonly #progress = new SessionProgress();
  readonly #listeners = new Set<(event: InferenceEvent) => void>();
  readonly #running = new Set<AbortController>();
  #keeper: TileKeeper | undefined;
  #tileShape: Coordinate = [];
  #centre: Coordinate | undefined;
  #halted: "paused" | "cancelled" | undefined;
  #failure: InferenceError | undefined;
  #disposed = false;

  constructor(request: InferenceRequest) {
    this.#request = request;
    this.#keeper = request.keeper;
    this.#memory = new TileMemory(request.keepBytes ?? KEEP_BYTES);
    this.#desk = new EngineDesk(request, (recovery) => this.#emit({ type: "recovery", recovery }));
  }

  async open(): Promise<Inference> {
    const { grid, label, geometry, source } = this.#request;
    const { plan } = await this.#desk.open();
    this.#tileShape = plan.size.usableShape.map((length, axis) => Math.min(length, grid.shape[axis] ?? length));
    const axes = grid.shape.length;
    const { axisNames, spatialAxes, units } = source.array.metadata;
    const array = await openTileArray({
      label,
      channels: geometry.outputChannels,
      grid,
      tileShape: this.#tileShape,
      axisNames: spatialAxes.slice(-axes).map((axis) => axisNames[axis] ?? ""),
      units: units.slice(-axes),
      source: { readTile: (index, signal) => this.#readTile(index, "view", signal) },
    });
    return {
      array,
      tileShape: this.#tileShape,
      status: () => this.#status(),
      compute: (region) => this.#compute(region),
      keepIn: (keeper) => this.#keepIn(keeper),
      prove: (reference) => this.#prove(reference),
      setCentre: (voxel) => {
        this.#centre = voxel;
      },
      pause: () => this.#halt("paused"),
      resume: () => this.#resume(),
      cancel: () => this.#halt("cancelled"),
      onEvent: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      freeze: () => this.#freeze(),
      dispose: () => this.dispose(),
    };
  }

  dispose(): void {
    this.#freeze();
    this.#memory.clear();
  }

  #freeze(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#desk.dispose();
    this.#queue.cancelAll();
    for (const controller of this.#running) controller.abort();
    this.#listeners.clear();
  }

  #status(): InferenceStatus {
    const queued = this.#queue.size;
    return {
      state: this.#state(),
      facts: this.#desk.facts,
      plan: this.#desk.plan,
      calibration: this.#desk.calibration,
      precision: this.#desk.precision,
      tilesDone: this.#progress.done,
      tilesQueued: queued,
      tilesPerSecond: this.#progress.tilesPerSecond,
      remainingSeconds: queued === 0 ? 0 : this.#progress.secondsFor(queued),
      memoryBytes: this.#memory.byteLength,
    };
  }

  #state(): InferenceState {
    if (this.#failure) return "failed";
    if (this.#halted === "paused") return "paused";
    return this.#queue.size > 0 ? "running" : "idle";
  }

  async #compute({ begin, end, onProgress, signal }: RegionRequest): Promise<void> {
    const { shape } = this.#request.grid;
    const from = begin.map((first) => Math.max(0, first));
    const to = end.map((last, axis) => Math.min(last, shape[axis] ?? 0));
    const tiles = tilesOf(this.#tileShape, from, to);
    const left = new AbortController();
    const stop = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
    let next = 0;
    let done = 0;
    const work = async () => {
      for (let index = tiles[next++]; index !== undefined; index = tiles[next++]) {
        const tile = await this.#readTile(index, "region", stop);
        if (tile === undefined) throw new InferenceError("cancelled", "The region was not computed to its end.");
        onProgress?.(++done, tiles.length);
      }
    };
    try {
      onProgress?.(0, tiles.length);
      await Promise.all(Array.from({ length: WAITING_TILES }, work));
    } finally {
      left.abort(); // when one tile failed, the rest is not wanted any more
    }
  }

  /** Until it is done, however often the engine has to be replaced meanwhile: recovering gives up by itself. */
  async #prove(reference: ProofReference): Promise<ParityProof> {
    for (;;) {
      const runner = await this.#desk.open();
      const { generation } = this.#desk;
      try {
        return await this.#proveWith(runner, reference);
      } catch (error) {
        const isEngines = isInferenceError(error) && !isInferenceError(error, "raw", "reference", "disposed");
        if (this.#disposed || !isEngines) throw error;
        this.#desk.recover(error, generation);
      }
    }
  }

  async #proveWith(runner: BlockRunner, reference: ProofReference): Promise<ParityProof> {
    if (this.#desk.facts?.device === "wasm") return proveParity({ ...reference, runner });
    const { openEngine, model } = this.#request;
    const processor = await orNoReference(openEngine("wasm", reference.signal));
    try {
      await orNoReference(processor.load(model, reference.signal));
      const run: typeof processor.run = (...block) => orNoReference(processor.run(...block));
      return await proveParity({ ...reference, runner, processor: { run } });
    } finally {
      processor.dispose();
    }
  }

  /** The tile, computed when it is not kept; `undefined` when it was cancelled or lies outside. */
  async #readTile(index: Coordinate, urgency: Urgency, signal?: AbortSignal): Promise<TileData | undefined> {
    const { shape } = this.#request.grid;
    if (index.some((n, axis) => n * (this.#tileShape[axis] ?? 1) >= (shape[axis] ?? 0))) return undefined;
    const key = index.join("/");
    const kept = this.#memory.get(key) ?? (await this.#recall(key));
    if (kept) return kept;
    if (this.#failure) throw this.#failure;
    if (this.#disposed || this.#halted === "cancelled") return undefined;
    if (this.#queue.size === 0) this.#progress.begin();
    const tile = this.#queue.want(key, index, urgency, signal);
    this.#emit({ type: "status" });
    this.#advance();
    return tile;
  }

  async #recall(key: string): Promise<TileData | undefined> {
    const keeper = this.#keeper;
    if (keeper === undefined) return undefined;
    const data = await keeper.get(this.#keeperKey(key)).catch(() => undefined); // computed again then
    if (data) this.#memory.set(key, data);
    return data;
  }

  #keepIn(keeper: TileKeeper): void {
    this.#keeper = keeper;
    for (const [key, data] of this.#memory.entries()) this.#put(key, data);
  }

  #put(key: string, data: TileData): void {
    this.#keeper?.put(this.#keeperKey(key), data).catch((cause: unknown) => {
      if (this.#keeper === undefined || this.#disposed) return;
      this.#keeper = undefined; // it is still in memory
      this.#emit({ type: "keeper-failed", error: cause });
    });
  }

  #keeperKey(key: string): string {
    return `${this.#tileShape.join("x")}/${key}`;
  }

  #advance(): void {
    while (this.#canStart()) {
      const job = this.#queue.start((index) => this.#distance(index));
      if (job === undefined) return;
      void this.#run(job);
    }
  }

  #canStart(): boolean {
    return this.#running.size < AT_ONCE && !this.#halted && !this.#disposed && this.#failure === undefined;
  }

  /** Of a tile's centre to the point looked at, squared, in world units. */
  #distance(index: Coordinate): number {
    const centre = this.#centre;
    if (centre === undefined) return 0;
    const { voxelSize } = this.#request.grid;
    return index.reduce((sum, n, axis) => {
      const voxels = (n + 0.5) * (this.#tileShape[axis] ?? 1) - (centre[axis] ?? 0);
      return sum + (voxels * (voxelSize[axis] ?? 1)) ** 2;
    }, 0);
  }

  async #run(job: TileJob): Promise<void> {
    const controller = new AbortController();
    this.#running.add(controller);
    try {
      const runner = await this.#desk.open();
      await this.#predict(job, runner, controller.signal);
    } catch (error) {
      this.#giveUp(toEngineError(error)); // every way to open an engine has been tried
    } finally {
      this.#running.delete(controller);
      this.#emit({ type: "status" });
      this.#advance();
    }
  }

  async #predict(job: TileJob, runner: BlockRunner, signal: AbortSignal): Promise<void> {
    const { generation } = this.#desk;
    const begin = multiply(job.index, this.#tileShape);
    const end = add(begin, this.#tileShape);
    const findings: BlockFinding[] = [];
    try {
      const onBlock = (done: BlockDone) => findings.push(...done.findings);
      const { data } = await predictRegion(runner, begin, end, { signal, onBlock });
      this.#keep(job, data, begin, end, findings);
    } catch (error) {
      this.#fail(job, error, generation);
    }
  }

  #keep(job: TileJob, data: TileData, begin: Coordinate, end: Coordinate, findings: readonly BlockFinding[]): void {
    if (this.#disposed) return;
    const { grid } = this.#request;
    this.#desk.countSuccess();
    this.#memory.set(job.key, data);
    this.#progress.count();
    this.#queue.finish(job.key, data);
    this.#put(job.key, data);
    const last = end.map((n, axis) => Math.min(n, grid.shape[axis] ?? n));
    this.#emit({ type: "tile", index: job.index, begin, end: last });
    for (const finding of findings) {
      this.#emit({ type: "finding", finding, tile: job.index, sentence: describeFinding(finding, job.index) });
    }
  }

  #fail(job: TileJob, error: unknown, generation: number): void {
    if (this.#disposed) return;
    if (!isInferenceError(error) || isInferenceError(error, "raw")) {
      this.#queue.fail(job.key, error); // the raw could not be read there: another tile may do
      return;
    }
    this.#queue.putBack(job.key);
    this.#desk.recover(error, generation);
  }

  #giveUp(error: InferenceError): void {
    if (this.#disposed) return;
    this.#failure = error;
    this.#queue.failAll(error);
    this.#emit({ type: "failed", error });
  }

  #halt(how: "paused" | "cancelled"): void {
    this.#halted = how;
    if (how === "cancelled") this.#queue.cancelAll();
    this.#emit({ type: "status" });
  }

  #resume(): void {
    const stale = this.#halted === "cancelled" || this.#failure !== undefined;
    this.#halted = undefined;
    this.#failure = undefined;
    if (stale) this.#emit({ type: "stale" });
    this.#emit({ type: "status" });
    this.#advance();
  }

  #emit(event: InferenceEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** What befalls the processor that a proof compares with is not the shown device's failure. */
async function orNoReference<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    if (!isInferenceError(cause)) throw cause;
    throw new InferenceError("reference", `There is nothing to compare the device with: ${cause.message}`, cause);
  }
}
