// From a run's checkpoint to a prediction that is computed where it is looked at. Loaded when the first one is asked for.
import { geometryOfNetwork } from "#inference/block-geometry.ts";
import { gridOfPrediction } from "#inference/block-grid.ts";
import type { KeyValue } from "#inference/calibrate.ts";
import type { EngineDevice } from "#inference/engine.ts";
import { openWorkerEngine } from "#inference/engine-worker.ts";
import { InferenceError } from "#inference/inference-error.ts";
import type { Network } from "#inference/network.ts";
import { NOT_NORMALISED } from "#inference/normalise.ts";
import { compareVoxels } from "#inference/parity-compare.ts";
import { type ParityVerdict, toVerdict } from "#inference/parity-verdict.ts";
import { isNetwork, toNetwork } from "#inference/rebuild.ts";
import { type Inference, openInference } from "#inference/session.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { RunState } from "./app-state.ts";
import type { RunSource } from "./run-source.ts";
import { configOf } from "./score-state.ts";
import { volumesOf } from "./selectors.ts";

export type RunInferenceRequest = {
  readonly source: RunSource;
  readonly run: RunState;
  readonly iteration: number;
  readonly dataset: string;
  readonly device: EngineDevice;
  readonly memory: KeyValue | undefined;
  readonly signal: AbortSignal;
  /** Bytes of the checkpoint so far, and of all that is fetched of it. */
  readonly onDownload: (loaded: number, total: number | undefined) => void;
};

export type RunInference = {
  readonly inference: Inference;
  readonly network: Network;
  readonly fetchedBytes: number;
  readonly fileBytes: number;
  /** Compares the first tile with the run's stored prediction of that iteration; `undefined` where there is none. */
  prove(signal: AbortSignal): Promise<ParityVerdict | undefined>;
};

/** Throws InferenceError, StorageError or CheckpointError with a sentence for people. */
export async function openRunInference(request: RunInferenceRequest): Promise<RunInference> {
  const { source, run, iteration, dataset, signal } = request;
  const { network, fetchedBytes, fileBytes } = await openNetwork(request);
  const raw = await source.openArray(`validation.zarr/inputs/${dataset}/raw`, signal);
  if (raw === undefined)
    throw new InferenceError("raw", `${source.name} has no raw array of ${dataset} to compute on.`);
  const stored = await openPrediction(source, run, iteration, dataset, signal);
  const like = stored ?? (await openAnyPrediction(request)) ?? (await openGt(request));
  const geometry = geometryOfNetwork(network);
  const inference = await openInference({
    label: `inference at ${iteration}`,
    model: { type: "network", network },
    geometry,
    dimensions: network.dimensions,
    activated: network.evalActivation === "sigmoid",
    source: { array: raw, normalisation: NOT_NORMALISED, edges: "zero", channels: network.inputChannels },
    grid: gridOfPrediction(like, raw.metadata.voxelSize),
    // what DaCapo stores for a validation, block by block: the stored prediction is then reproduced, seams included
    tiling: "dacapo",
    device: request.device,
    openEngine: (device, stop) => openWorkerEngine({ device, ...(stop && { signal: stop }) }),
    calibration: {
      modelKey: JSON.stringify(configOf(run)?.architectureConfig),
      ...(request.memory && { memory: request.memory }),
    },
    signal,
  });
  return {
    inference,
    network,
    fetchedBytes,
    fileBytes,
    prove: (stop) => prove(inference, network, stored, dataset, run, stop),
  };
}

async function openNetwork({ source, run, iteration, signal, onDownload }: RunInferenceRequest) {
  const config = configOf(run);
  const model = await source.readModel(iteration, signal, onDownload);
  if (model.status === "absent")
    throw new InferenceError(
      "model",
      `${source.name} has no checkpoint of iteration ${iteration} in checkpoints/iterations.`,
    );
  if (model.status === "incomplete")
    throw new InferenceError(
      "model",
      `The checkpoint of iteration ${iteration} is still being written; try again in a moment.`,
    );
  const network = toNetwork(model.stateDict, config?.architectureConfig, config?.taskConfig);
  if (!isNetwork(network)) throw new InferenceError("model", network.problem);
  return { network, fetchedBytes: model.fetchedBytes, fileBytes: model.fileBytes };
}

async function openPrediction(
  source: RunSource,
  run: RunState,
  iteration: number,
  dataset: string,
  signal: AbortSignal,
) {
  const volumes = volumesOf(run, iteration, dataset);
  if (volumes?.prediction !== "whole") return undefined;
  return source.openArray(`validation.zarr/${iteration}/${volumes.folder}/prediction`, signal);
}

/** All predictions of a dataset lie on one grid. */
async function openAnyPrediction({ source, run, dataset, signal }: RunInferenceRequest) {
  for (const { iteration } of run.volumes) {
    const prediction = await openPrediction(source, run, iteration, dataset, signal);
    if (prediction !== undefined) return prediction;
  }
  return undefined;
}

async function openGt({ source, dataset, signal }: RunInferenceRequest): Promise<RunArray> {
  const gt = await source.openArray(`validation.zarr/inputs/${dataset}/gt`, signal);
  if (gt !== undefined) return gt;
  throw new InferenceError(
    "raw",
    `${source.name} has neither a prediction nor a ground truth of ${dataset}, so where to compute is not known.`,
  );
}

async function prove(
  inference: Inference,
  network: Network,
  stored: RunArray | undefined,
  dataset: string,
  run: RunState,
  signal: AbortSignal,
): Promise<ParityVerdict | undefined> {
  if (stored === undefined) return undefined;
  const begin = inference.array.shape.map(() => 0);
  const end = [network.channels.length, ...inference.tileShape];
  const [computed, expected] = await Promise.all([
    inference.array.read(begin, end, signal),
    stored.read(begin, end, signal),
  ]);
  const comparison = compareVoxels(computed.data as Float32Array, expected.data as Float32Array);
  const architecture = configOf(run)?.architectureConfig;
  const batchNorm =
    architecture?.type === "CNNectomeUNetConfig" && architecture.batchNorm && run.datasets[0] !== dataset;
  return toVerdict({ reference: "stored", comparison, batchNorm });
}
