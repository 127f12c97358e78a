// What a bioimage.io package does to values before and after its model, and the tensors that come with it.
import { product } from "#dacapo/coordinate.ts";
import { type InputSource, readInput } from "#inference/block-input.ts";
import type { OnnxModel } from "#inference/engine.ts";
import { openWorkerEngine } from "#inference/engine-worker.ts";
import type { ModelManifest } from "#inference/model-manifest.ts";
import { NOT_NORMALISED } from "#inference/normalise.ts";
import type { OwnModel } from "#inference/own-model.ts";
import type { ParityProof } from "#inference/parity-proof.ts";
import { type ParityVerdict, worstVerdict } from "#inference/parity-verdict.ts";
import { proveSample } from "#inference/sample-proof.ts";
import { type AnyStep, fitSteps, needsSample, type ValueStep } from "#inference/value-steps.ts";

import { isAbort } from "#storage/errors.ts";
import type { OpenedInput } from "./inference-input.ts";

/** Voxels of the middle of an array from which means and percentiles of all of it are taken. */
const SAMPLE_VOXELS = 2 ** 22;

export type PackagedSource = { readonly source: InputSource; readonly sentence: string };

/**
 * The source as the package wants its values. DaCapo keeps whole numbers divided by 255: a package that wants them whole gets them so.
 * Throws what reading the array throws.
 */
export async function packageSource(
  { source, shown, normalisation: sentence }: OpenedInput,
  manifest: ModelManifest,
  dimensions: number,
  signal: AbortSignal,
): Promise<PackagedSource> {
  const isKept = source.normalisation === NOT_NORMALISED && /^.f/.test(shown.dtype);
  const wantsWhole = manifest.input.dataType === "uint8" && isKept;
  const normalisation = wantsWhole ? { min: 0, max: 1 / 255 } : source.normalisation;
  const plain: InputSource = { ...source, normalisation };
  const { preprocessing } = manifest;
  const steps = needsSample(preprocessing)
    ? fitSteps(preprocessing, await readSample(plain, dimensions, signal), source.channels)
    : (preprocessing as readonly ValueStep[]);
  const chosen = source.normalisation === NOT_NORMALISED ? "" : `${sentence} `;
  return { source: { ...plain, steps }, sentence: chosen + describe(preprocessing, wantsWhole) };
}

/** Channels first, of the middle of the array. */
function readSample(source: InputSource, dimensions: number, signal: AbortSignal): Promise<Float32Array> {
  const { shape, metadata } = source.array;
  const lengths = metadata.spatialAxes.slice(-Math.max(dimensions, Math.min(3, metadata.spatialAxes.length)));
  const whole = lengths.map((axis) => shape[axis] ?? 1);
  const shrink = Math.min(1, (SAMPLE_VOXELS / (product(whole) * source.channels)) ** (1 / whole.length));
  const size = whole.map((length) => Math.max(1, Math.floor(length * shrink)));
  const begin = whole.map((length, axis) => Math.floor((length - (size[axis] ?? 1)) / 2));
  return readInput(source, begin, size, signal);
}

const NAMES: Readonly<Record<AnyStep["kind"], string>> = {
  linear: "scaled",
  clip: "clipped",
  binarize: "cut at a threshold",
  sigmoid: "through a sigmoid",
  softmax: "through a softmax",
  standardise: "to zero mean and unit variance",
  range: "between percentiles",
};

function describe(steps: readonly AnyStep[], wantsWhole: boolean): string {
  const named = [...(wantsWhole ? ["times 255"] : []), ...steps.map(({ kind }) => NAMES[kind])];
  return named.length === 0
    ? "As the package says, values are taken as they are."
    : `As the package says: ${named.join(", then ")}.`;
}

/** Steps after the model that need nothing but each voxel; sentences about the others. */
export function packageFinish({ postprocessing }: ModelManifest) {
  const finish = postprocessing.filter((step): step is ValueStep => !needsSample([step]));
  const left = postprocessing.filter((step) => needsSample([step]));
  const notes = left.map(({ kind }) => `The package wants its values ${NAMES[kind]} over the whole image: left out.`);
  return { finish, notes };
}

/** Adds how far the model is from the tensor that came with it. */
export async function withSample(
  proof: ParityProof,
  { manifest, readTest }: OwnModel,
  model: OnnxModel,
  device: "webgpu" | "wasm",
  signal: AbortSignal,
): Promise<ParityProof> {
  if (manifest === undefined || readTest === undefined) return proof;
  const verdict = await sampleVerdict(manifest, readTest, model, device, signal).catch((error: unknown) => {
    if (proof.verdict === undefined || isAbort(error, signal)) throw error;
  }); // what was compared already counts
  if (verdict === undefined) return proof;
  const verdicts = [...proof.verdicts, verdict];
  return { ...proof, verdicts, verdict: worstVerdict(verdicts) };
}

async function sampleVerdict(
  { preprocessing, postprocessing }: ModelManifest,
  readTest: NonNullable<OwnModel["readTest"]>,
  model: OnnxModel,
  device: "webgpu" | "wasm",
  signal: AbortSignal,
): Promise<ParityVerdict> {
  const [sample, engine] = await Promise.all([readTest(signal), openWorkerEngine({ device, signal })]);
  try {
    await engine.load(model, signal);
    return await proveSample({ engine, model, sample, preprocessing, postprocessing, signal });
  } finally {
    engine.dispose();
  }
}
