import { product } from "#dacapo/coordinate.ts";
import type { Engine, GraphVariant } from "./engine.ts";
import { isInferenceError } from "./inference-error.ts";
import { compareVoxels } from "./parity-compare.ts";
import { type Lowering, lowerings } from "./to-onnx.ts";

/** Text by key, kept between visits: the caller says where. */
export type KeyValue = {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
};

export type LoweringTime = {
  readonly lowering: Lowering;
  /** Of the second run: the first compiles. Undefined where this device cannot run it, or is too slow to try. */
  readonly milliseconds: number | undefined;
  /** To the first lowering that ran. */
  readonly maxDifference: number | undefined;
};

export type Calibration = {
  /** Of the device it holds for. */
  readonly fingerprint: string;
  readonly lowering: Lowering;
  readonly times: readonly LoweringTime[];
  /** It was measured on an earlier visit. */
  readonly remembered: boolean;
};

/** A lowering that differs more than this from the others is not taken, however fast. */
const TOLERANCE = 1e-3;

/** Milliseconds after which no further lowering is tried. */
const BUDGET = 20_000;

/**
 * Runs one small block in every lowering and takes the fastest. Values are noise between 0 and 1. Throws what the last engine failure
 * was when none of the lowerings runs; failures that end the engine ("device-lost", "crashed", "hang") at once.
 */
export async function calibrate(
  engine: Pick<Engine, "run" | "facts">,
  variant: Pick<GraphVariant, "inputShape" | "precision">,
  inputChannels: number,
  signal?: AbortSignal,
): Promise<Calibration> {
  const noise = toNoise(inputChannels * product(variant.inputShape));
  const times: LoweringTime[] = [];
  let reference: Float32Array | undefined;
  let failure: unknown;
  const started = performance.now();
  for (const lowering of lowerings) {
    if (reference && performance.now() - started > BUDGET) break;
    try {
      await engine.run({ ...variant, lowering }, noise.slice(), signal);
      const { data, milliseconds } = await engine.run({ ...variant, lowering }, noise.slice(), signal);
      reference ??= data;
      times.push({ lowering, milliseconds, maxDifference: compareVoxels(data, reference).maxDifference });
    } catch (error) {
      if (!isInferenceError(error, "model")) throw error;
      failure = error;
      times.push({ lowering, milliseconds: undefined, maxDifference: undefined });
    }
  }
  const lowering = fastest(times);
  if (lowering === undefined) throw failure;
  return { fingerprint: engine.facts.fingerprint, lowering, times, remembered: false };
}

function fastest(times: readonly LoweringTime[]): Lowering | undefined {
  const usable = times.filter(({ maxDifference }) => maxDifference !== undefined && maxDifference <= TOLERANCE);
  return usable.toSorted((a, b) => (a.milliseconds ?? 0) - (b.milliseconds ?? 0))[0]?.lowering;
}

// The same on every visit; a linear congruential generator.
function toNoise(length: number): Float32Array<ArrayBuffer> {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

/** Remembered per device and network (`modelKey`: its architecture, not its weights), else measured now and remembered. */
export async function recallOrCalibrate(
  memory: KeyValue | undefined,
  fingerprint: string,
  modelKey: string,
  measure: () => Promise<Calibration>,
): Promise<Calibration> {
  const key = `calibration/1/${fingerprint}/${modelKey}`;
  const known = parseLowering(await memory?.get(key).catch(() => undefined)); // a memory that fails is none
  if (known) return { fingerprint, lowering: known, times: [], remembered: true };
  const calibration = await measure();
  await memory?.set(key, calibration.lowering).catch(() => undefined);
  return calibration;
}

function parseLowering(text: string | undefined): Lowering | undefined {
  return lowerings.find((lowering) => lowering === text);
}
