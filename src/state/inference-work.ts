// From a network and what it is run on to a prediction that is computed where it is looked at. Loaded when the first one is asked for.
import { type BlockGeometry, liftGeometry } from "#inference/block-geometry.ts";
import type { OutputGrid } from "#inference/block-grid.ts";
import type { KeyValue } from "#inference/calibrate.ts";
import { openWorkerEngine } from "#inference/engine-worker.ts";
import type { Inference } from "#inference/inference.ts";
import { InferenceError } from "#inference/inference-error.ts";
import { openFileKeeper } from "#inference/memory-keeper.ts";
import type { OwnModel } from "#inference/own-model.ts";
import type { ParityProof } from "#inference/parity-proof.ts";
import { openInference } from "#inference/session.ts";
import type { ModelPlan } from "#storage/model-weights.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { InferenceOrder, InferenceState, RunState } from "./app-state.ts";
import { type OpenedInput, openDatasetInput, openPrediction } from "./inference-input.ts";
import { type ModelCard, type OpenedModel, openCheckpointModel } from "./inference-model.ts";
import { openOwnModel } from "./inference-own-model.ts";
import { packageFinish, packageSource, withSample } from "./inference-package.ts";
import { openRawInput, sizeInNm } from "./inference-raw.ts";
import { toStatusPart } from "./inference-status.ts";
import { titleOf } from "./inference-task.ts";
import type { RunSource } from "./run-source.ts";
import { scoresOf } from "./selectors.ts";

export type RunInferenceRequest = {
  readonly source: RunSource;
  readonly run: RunState;
  readonly order: InferenceOrder;
  /** The model that the order names. */
  readonly ownModel?: OwnModel | undefined;
  /** The scales of the array that the order names. */
  readonly ownRaw?: readonly RunArray[];
  readonly memory: KeyValue | undefined;
  readonly signal: AbortSignal;
  /** Bytes of the checkpoint so far, and of all that is fetched of it. */
  readonly onDownload: (loaded: number, total: number | undefined) => void;
  /** Asked before the weights of a checkpoint are fetched; a rejection ends it. */
  readonly confirm?: (cost: ModelPlan) => Promise<void>;
};

export type RunInference = {
  readonly inference: Inference;
  /** How it fares; `cancelled`: nothing is computed until it is resumed. */
  status(cancelled: boolean): Partial<InferenceState>;
  readonly card: ModelCard;
  /** How the raw's values are normalised; a sentence. */
  readonly normalised: string;
  readonly mismatch?: string;
  /** The array that it is computed on. */
  readonly raw: RunArray;
  /** Names all that the values depend on, but for the device. */
  readonly identity: string;
  /** Names what may be kept between visits: that, and how the device computes. */
  readonly keeperKey: string;
  /** Names what the values are compared with, beside the processor's. */
  readonly reference: string;
  /** Compares one block with the processor's, and with the run's stored prediction of that iteration where there is one. */
  prove(signal: AbortSignal): Promise<ParityProof>;
};

/** Throws InferenceError, StorageError or CheckpointError with a sentence for people. */
export async function openRunInference(request: RunInferenceRequest): Promise<RunInference> {
  const { order, run, memory, signal } = request;
  const { iteration, dataset = "" } = order;
  const model = await openModel(request);
  const place = { ...request, dataset };
  const input = await withPackage(
    request.ownRaw
      ? await openOwnRaw(request, request.ownRaw, model)
      : await openDatasetInput(place, model, order.normalisation),
    model,
    signal,
  );
  const { card, calibrationKey, geometry, dimensions, activated } = model;
  const { settings = {} } = order;
  const source = { ...input.source, ...(settings.edges && { edges: settings.edges }) };
  const tiling = settings.seamless ? "seamless" : input.tiling;
  const inference = await openInference({
    label: titleOf(order),
    model: model.model,
    ...{ geometry: fitGeometry(geometry, dimensions, input.grid), dimensions, activated },
    ...(model.manifest && { finish: packageFinish(model.manifest).finish }),
    ...{ source, grid: input.grid, tiling },
    ...{ precision: settings.halfPrecision ? "f16" : "f32", augmentation: settings.augmentation ?? "none" },
    device: model.device ?? order.device,
    openEngine: (device, stop) => openWorkerEngine({ device, ...(stop && { signal: stop }) }),
    calibration: { modelKey: calibrationKey, ...(memory && { memory }) },
    signal,
  });
  const stored = iteration === undefined || isUnlikeDaCapo(order) ? undefined : await openPrediction(place, iteration);
  const { array, normalisation, edges, steps } = source;
  const values = [array.store.urlOf(array.path), array.metadata.voxelSize, lastingOf(order)];
  const identity = JSON.stringify([model.identity, values, normalisation, steps, edges, tiling]);
  const keeperKey = JSON.stringify([identity, input.grid, order.device, settings.halfPrecision, settings.augmentation]);
  if (settings.keep) await keepBlocks(inference, keeperKey);
  const compared = { ...(stored && { stored }), batchNorm: model.batchNorm && !isFirst(run, dataset) };
  return {
    inference,
    status: (cancelled) => toStatusPart(inference.status(), cancelled),
    card: { ...card, ...(activated && { activation: "sigmoid" }) },
    normalised: input.normalisation,
    raw: input.shown,
    ...(input.mismatch !== undefined && { mismatch: input.mismatch }),
    identity,
    keeperKey,
    reference: stored?.store.urlOf(stored.path) ?? (request.ownModel?.readTest ? "sample" : ""),
    async prove(stop) {
      const proof = await inference.prove({ ...compared, signal: stop });
      if (request.ownModel === undefined || model.model.type !== "onnx") return proof;
      return withSample(proof, request.ownModel, model.model, inference.status().facts?.device ?? "wasm", stop);
    },
  };
}

/** What a folder or a file of the person's disk holds may be another thing on the next visit. */
function lastingOf({ ownRaw }: InferenceOrder): string {
  return ownRaw === undefined || /^(https?|s3):/i.test(ownRaw.address) ? "" : `${ownRaw.id} ${visit}`;
}

const visit = Math.random();

/** A browser that lends no storage costs no more than the memory of earlier visits. */
async function keepBlocks(inference: Inference, key: string): Promise<void> {
  const keeper = await openFileKeeper(key).catch(() => undefined);
  if (keeper !== undefined) inference.keepIn(keeper);
}

/** Other values than DaCapo's validation stores are to be expected. */
function isUnlikeDaCapo({ ownRaw, normalisation, settings }: InferenceOrder): boolean {
  return Boolean(ownRaw || normalisation || settings?.edges || settings?.seamless);
}

function openModel(request: RunInferenceRequest): OpenedModel | Promise<OpenedModel> {
  const { order, ownModel, run } = request;
  if (ownModel !== undefined && order.ownModel !== undefined) return openOwnModel(ownModel, order.ownModel, run);
  if (order.iteration !== undefined) return openCheckpointModel({ ...request, iteration: order.iteration });
  throw new InferenceError("model", "The model is not at hand any more; choose it again.");
}

/** The values as a package wants them. */
async function withPackage(input: OpenedInput, { manifest, dimensions }: OpenedModel, signal: AbortSignal) {
  if (manifest === undefined) return input;
  const { source, sentence } = await packageSource(input, manifest, dimensions, signal);
  return { ...input, source, normalisation: sentence };
}

/** A flat network is laid on every slice of a volume. */
function fitGeometry(geometry: BlockGeometry, dimensions: number, { shape }: OutputGrid): BlockGeometry {
  return shape.length === dimensions + 1 ? liftGeometry(geometry) : geometry;
}

/** The network knows the voxels of the run's own raw. */
async function openOwnRaw(request: RunInferenceRequest, scales: readonly RunArray[], model: OpenedModel) {
  const { order, run, source, signal } = request;
  const { dataset, normalisation, resample } = order;
  const own =
    dataset === undefined ? undefined : await source.openArray(`validation.zarr/inputs/${dataset}/raw`, signal);
  const trainedAt = model.manifest?.input.voxelSize ?? (own && sizeInNm(own, own.metadata.spatialAxes.length));
  return openRawInput({ run, scales, trainedAt, normalisation, resample }, model);
}

/** DaCapo changes the running statistics of batch norm while it validates: only the first dataset comes from the checkpoint as it is. */
function isFirst(run: RunState, dataset: string): boolean {
  const order = scoresOf(run)?.datasetOrder;
  const known = order === "recorded" || order === "single" || order === "resolved";
  return known && run.datasets[0] === dataset;
}
