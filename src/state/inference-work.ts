// From a network and what it is run on to a prediction that is computed where it is looked at. Loaded when the first one is asked for.
import type { KeyValue } from "#inference/calibrate.ts";
import type { EngineDevice } from "#inference/engine.ts";
import { openWorkerEngine } from "#inference/engine-worker.ts";
import { compareVoxels } from "#inference/parity-compare.ts";
import { type ParityVerdict, toVerdict } from "#inference/parity-verdict.ts";
import { type Inference, openInference } from "#inference/session.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { RunState } from "./app-state.ts";
import { openDatasetInput, openPrediction } from "./inference-input.ts";
import { type ModelCard, openCheckpointModel } from "./inference-model.ts";
import type { RunSource } from "./run-source.ts";
import { configOf } from "./score-state.ts";

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
  readonly card: ModelCard;
  /** Compares the first tile with the run's stored prediction of that iteration; `undefined` where there is none. */
  prove(signal: AbortSignal): Promise<ParityVerdict | undefined>;
};

/** Throws InferenceError, StorageError or CheckpointError with a sentence for people. */
export async function openRunInference(request: RunInferenceRequest): Promise<RunInference> {
  const { iteration, dataset, run, memory, signal } = request;
  const model = await openCheckpointModel(request);
  const input = await openDatasetInput(request, model);
  const { card, calibrationKey, geometry, dimensions, activated } = model;
  const inference = await openInference({
    label: `inference at ${iteration}`,
    model: model.model,
    ...{ geometry, dimensions, activated },
    ...input,
    device: request.device,
    openEngine: (device, stop) => openWorkerEngine({ device, ...(stop && { signal: stop }) }),
    calibration: { modelKey: calibrationKey, ...(memory && { memory }) },
    signal,
  });
  const stored = await openPrediction(request, iteration);
  return { inference, card, prove: (stop) => prove(inference, stored, dataset, run, stop) };
}

async function prove(
  inference: Inference,
  stored: RunArray | undefined,
  dataset: string,
  run: RunState,
  signal: AbortSignal,
): Promise<ParityVerdict | undefined> {
  if (stored === undefined) return undefined;
  const begin = inference.array.shape.map(() => 0);
  const end = [inference.array.shape[0] ?? 1, ...inference.tileShape];
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
