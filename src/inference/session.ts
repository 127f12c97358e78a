import type { Coordinate } from "#dacapo/coordinate.ts";
import { add, multiply } from "#dacapo/coordinate.ts";
import { type BlockFinding, describeFinding } from "./block-check.ts";
import { type BlockDone, type BlockRunner, predictRegion } from "./block-run.ts";
import { toEngineError } from "./engine-failure.ts";
import type {
  Inference,
  InferenceEvent,
  InferenceRequest,
  InferenceState,
  InferenceStatus,
  RegionRequest,
  TileKeeper,
} from "./inference.ts";
import { InferenceError, isInferenceError } from "./inference-error.ts";
import { openTileArray, TileMemory, tilesOf } from "./memory-array.ts";
import { EngineDesk } from "./session-desk.ts";
import { SessionProgress } from "./session-progress.ts";
import { proveOnDesk } from "./session-proof.ts";
import { type TileData, type TileJob, TileQueue, type Urgency } from "./session-queue.ts";

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
      prove: (reference) => proveOnDesk(this.#desk, this.#request, reference),
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
