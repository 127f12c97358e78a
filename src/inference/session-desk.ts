import { product } from "#dacapo/coordinate.ts";
import type { AugmentationChoice } from "./block-augment.ts";
import type { BlockGeometry } from "./block-geometry.ts";
import type { OutputGrid } from "./block-grid.ts";
import type { InputSource } from "./block-input.ts";
import { type BlockPlan, planBlocks } from "./block-plan.ts";
import type { BlockRunner } from "./block-run.ts";
import { type BlockLimits, leastSize, type Tiling } from "./block-size.ts";
import { type Calibration, calibrate, type KeyValue, recallOrCalibrate } from "./calibrate.ts";
import type { Engine, EngineDevice, EngineFacts, EngineModel, GraphVariant } from "./engine.ts";
import { WASM_ADDRESS_BYTES } from "./engine-facts.ts";
import { toEngineError } from "./engine-failure.ts";
import { InferenceError, isInferenceError } from "./inference-error.ts";
import { describeRecovery, planRecovery, type RecoveryAction } from "./session-recovery.ts";
import type { ValueStep } from "./value-steps.ts";

/** What is computed, and on what. */
export type DeskRequest = {
  readonly model: EngineModel;
  readonly geometry: BlockGeometry;
  /** Spatial axes of the network itself; the geometry has one more where it is applied slice by slice. */
  readonly dimensions: number;
  /** The network ends in a sigmoid. */
  readonly activated: boolean;
  /** What a package does to the values of the network. */
  readonly finish?: readonly ValueStep[];
  readonly source: InputSource;
  readonly grid: OutputGrid;
  readonly tiling: Tiling;
  readonly device: EngineDevice;
  readonly openEngine: (device: EngineDevice, signal?: AbortSignal) => Promise<Engine>;
  /** A person's own bounds; the device's hold as well. */
  readonly limits?: Partial<BlockLimits>;
  /** Measured on the device where it is missing. */
  readonly lowering?: GraphVariant["lowering"];
  readonly precision?: GraphVariant["precision"];
  /** See `canAugment` for the channels that allow it. */
  readonly augmentation?: AugmentationChoice;
  readonly calibration?: { readonly memory?: KeyValue; readonly modelKey: string };
};

export type Recovery = {
  readonly action: RecoveryAction;
  readonly error: InferenceError;
  /** For people. */
  readonly sentence: string;
};

/** Voxels of a block's input, by what computes it. */
const INPUT_VOXELS: Readonly<Record<EngineDevice, number>> = { webgpu: 2 ** 22, wasm: 2 ** 18 };
const SOFTWARE_INPUT_VOXELS = 2 ** 14;

/** Bytes of a model's weights at f32. */
function weightBytes(model: EngineModel): number {
  return model.type === "onnx" ? model.bytes.byteLength : 4 * model.network.parameterCount;
}

/** Of the weights in WASM's memory: the file, the tensors made of it, and those laid out anew for speed. */
const WEIGHT_COPIES = 3;

/** Bounds of a block on this device: a person may narrow them; what a device cannot hold they cannot widen. */
export function toLimits(facts: EngineFacts, model: EngineModel, own: Partial<BlockLimits> = {}): BlockLimits {
  const free =
    facts.device === "wasm" ? WASM_ADDRESS_BYTES - WEIGHT_COPIES * weightBytes(model) : Number.POSITIVE_INFINITY;
  const patient = facts.software ? SOFTWARE_INPUT_VOXELS : INPUT_VOXELS[facts.device] * facts.threads;
  return {
    memoryBytes: Math.max(0, Math.min(own.memoryBytes ?? facts.limits.memoryBytes, free)),
    tensorBytes: Math.min(own.tensorBytes ?? Number.POSITIVE_INFINITY, facts.limits.tensorBytes),
    inputVoxels: own.inputVoxels ?? patient,
  };
}

/** An engine with its model and plan, replaced when it fails. */
export class EngineDesk {
  readonly #request: DeskRequest;
  readonly #tell: (recovery: Recovery) => void;
  readonly #lifetime = new AbortController();
  #device: EngineDevice;
  #engine: Engine | undefined;
  #runner: BlockRunner | undefined;
  #calibration: Calibration | undefined;
  #inputVoxels: number | undefined;
  #failures = 0;
  #generation = 0;
  #opening: Promise<BlockRunner> | undefined;

  constructor(request: DeskRequest, tell: (recovery: Recovery) => void) {
    this.#request = request;
    this.#device = request.device;
    this.#inputVoxels = request.limits?.inputVoxels;
    this.#tell = tell;
  }

  get facts(): EngineFacts | undefined {
    return this.#engine?.facts;
  }

  get plan(): BlockPlan | undefined {
    return this.#runner?.plan;
  }

  get calibration(): Calibration | undefined {
    return this.#calibration;
  }

  get precision(): GraphVariant["precision"] | undefined {
    return this.#runner?.variant.precision;
  }

  /** Counts the engines that were opened: tells a failure of the present one from that of one before. */
  get generation(): number {
    return this.#generation;
  }

  /** The engine, its model and plan; opened when there is none. Throws InferenceError when every way to recover has been tried. */
  async open(): Promise<BlockRunner> {
    this.#lifetime.signal.throwIfAborted();
    if (this.#runner) return this.#runner;
    this.#opening ??= this.#openSomehow().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  countSuccess(): void {
    this.#failures = 0;
  }

  /** Prepares for the next `open` after a failure of the engine of that generation. Throws the error when nothing is left to try. */
  recover(cause: unknown, generation: number): void {
    if (generation !== this.#generation || this.#runner === undefined) return;
    this.#step(toEngineError(cause));
  }

  get isDisposed(): boolean {
    return this.#lifetime.signal.aborted;
  }

  dispose(): void {
    this.#lifetime.abort(new InferenceError("disposed", "Computing was ended with the view that asked for it."));
    this.#close();
  }

  async #openSomehow(): Promise<BlockRunner> {
    for (;;) {
      try {
        return await this.#openOnce();
      } catch (cause) {
        this.#lifetime.signal.throwIfAborted();
        if (isInferenceError(cause, "plan", "raw")) throw cause;
        this.#step(toEngineError(cause));
      }
    }
  }

  async #openOnce(): Promise<BlockRunner> {
    const { signal } = this.#lifetime;
    this.#generation += 1;
    const engine = await this.#request.openEngine(this.#device, signal);
    if (signal.aborted) engine.dispose();
    signal.throwIfAborted();
    this.#engine = engine;
    const generation = this.#generation;
    engine.onLost((error) => {
      if (generation === this.#generation && this.#runner) this.#loseQuietly(error);
    });
    const plan = this.#planFor(engine.facts, this.#inputVoxels);
    await engine.load(this.#request.model, signal);
    const { source, dimensions, activated, finish, augmentation = "none" } = this.#request;
    const precision = this.#precisionOn(engine.facts);
    const variant = { precision, lowering: await this.#chooseLowering(engine, precision) };
    this.#runner = {
      ...{ plan, source, engine, variant, dimensions, activated, augmentation },
      ...(finish && { finish }),
    };
    return this.#runner;
  }

  #planFor(facts: EngineFacts, inputVoxels: number | undefined): BlockPlan {
    const { geometry, grid, tiling, limits, model } = this.#request;
    const own = inputVoxels === undefined ? limits : { ...limits, inputVoxels };
    const planned = planBlocks({ geometry, grid, tiling, limits: toLimits(facts, model, own) });
    if (!planned.ok) throw new InferenceError("plan", planned.problem);
    return planned.plan;
  }

  /** Half precision is computed only by devices that have it. */
  #precisionOn({ halfPrecision }: EngineFacts): GraphVariant["precision"] {
    return halfPrecision ? (this.#request.precision ?? "f32") : "f32";
  }

  async #chooseLowering(engine: Engine, precision: GraphVariant["precision"]): Promise<GraphVariant["lowering"]> {
    const { lowering, model, dimensions, calibration } = this.#request;
    const { fingerprint, software, device } = engine.facts;
    if (lowering) return lowering;
    if (device === "wasm") return "winograd"; // on the processor it is the fastest for every network (measured)
    if (model.type === "onnx" || dimensions < 3 || software) return "conv3d"; // an emulated GPU would take minutes to measure
    if (this.#calibration?.fingerprint === fingerprint) return this.#calibration.lowering;
    const { memory, modelKey = "" } = calibration ?? {};
    this.#calibration = await recallOrCalibrate(memory, fingerprint, modelKey, () =>
      this.#calibrate(engine, precision),
    );
    return this.#calibration.lowering;
  }

  #calibrate(engine: Engine, precision: GraphVariant["precision"]): Promise<Calibration> {
    const { geometry, grid, dimensions } = this.#request;
    const region = grid.shape.map((length) => Math.min(length, CALIBRATION_VOXELS));
    const { inputShape } = leastSize(geometry, region);
    const variant = { inputShape: inputShape.slice(-dimensions), precision };
    return calibrate(engine, variant, geometry.inputChannels, this.#lifetime.signal);
  }

  /** Decides what the next engine is like. Throws the error when there is nothing left to try. */
  #step(error: InferenceError): void {
    const facts = this.#engine?.facts;
    const smaller = facts && this.#smallerBlocks(facts);
    const attempt = { device: this.#device, failures: this.#failures, canShrink: smaller !== undefined };
    const action = planRecovery(error, attempt);
    this.#failures += 1;
    this.#close();
    if (action === "smaller") this.#inputVoxels = smaller;
    if (action === "processor") {
      this.#device = "wasm";
      this.#failures = 0;
    }
    this.#tell({ action, error, sentence: describeRecovery(error, action) });
    if (action === "give-up") throw error;
  }

  /** Input voxels of blocks half as large as now, where there are such blocks. */
  #smallerBlocks(facts: EngineFacts): number | undefined {
    const plan = this.#runner?.plan;
    if (plan === undefined) return undefined;
    const now = product(plan.size.inputShape);
    const smaller = this.#planFor(facts, Math.floor(now / 2));
    return product(smaller.size.inputShape) < now ? Math.floor(now / 2) : undefined;
  }

  // Nothing was running: the next block opens another engine.
  #loseQuietly(error: InferenceError): void {
    try {
      this.#step(error);
    } catch {
      // told already; whoever wants a block next hears it from the engine that cannot be opened
    }
  }

  #close(): void {
    this.#engine?.dispose();
    this.#engine = undefined;
    this.#runner = undefined;
  }
}

/** Along each axis, of the region that a calibration pretends to cover. */
const CALIBRATION_VOXELS = 16;
