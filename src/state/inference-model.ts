// Which network is run: from a run's checkpoint or a model of one's own, to what computing needs to know of it.
import { type BlockGeometry, geometryOfNetwork } from "#inference/block-geometry.ts";
import type { EngineDevice, EngineModel } from "#inference/engine.ts";
import { InferenceError } from "#inference/inference-error.ts";
import type { ModelManifest } from "#inference/model-manifest.ts";
import { isNetwork, toNetwork } from "#inference/rebuild.ts";
import type { ModelPlan } from "#storage/model-weights.ts";
import type { RunState } from "./app-state.ts";
import type { RunSource } from "./run-source.ts";
import { configOf } from "./score-state.ts";

/** A network that is ready to be loaded into an engine. */
export type OpenedModel = {
  readonly model: EngineModel;
  readonly geometry: BlockGeometry;
  readonly dimensions: number;
  readonly inputChannels: number;
  readonly activated: boolean;
  /** Under which what was measured with it is remembered. */
  readonly calibrationKey: string;
  /** Names these very weights: another file, or the same written anew, has another. */
  readonly identity: string;
  /** Where this is so, all but the first dataset's stored predictions come from other running statistics than the checkpoint's. */
  readonly batchNorm: boolean;
  readonly card: ModelCard;
  /** Of a bioimage.io package: what is done to values before and after it. */
  readonly manifest?: ModelManifest;
  /** The only device that takes it, where that is so. */
  readonly device?: EngineDevice;
};

/** What people are told of it; `receptiveField` in voxels, absent where it is not known. */
export type ModelCard = {
  readonly parameterCount: number;
  readonly channels: readonly string[];
  readonly activation?: "sigmoid";
  readonly receptiveField?: readonly number[];
  readonly fetchedBytes: number;
  readonly fileBytes: number;
  /** What cannot be as exact as one would wish; sentences. */
  readonly notes?: readonly string[];
};

export type CheckpointRequest = {
  readonly source: RunSource;
  readonly run: RunState;
  readonly iteration: number;
  readonly signal: AbortSignal;
  /** Bytes of the checkpoint so far, and of all that is fetched of it. */
  readonly onDownload: (loaded: number, total: number | undefined) => void;
  /** Asked before the weights are fetched; a rejection ends it. */
  readonly confirm?: (cost: ModelPlan) => Promise<void>;
};

/** Throws InferenceError, StorageError or CheckpointError with a sentence for people. */
export async function openCheckpointModel(request: CheckpointRequest): Promise<OpenedModel> {
  const { source, run, iteration, signal, onDownload, confirm } = request;
  const config = configOf(run);
  const found = await source.readModel(iteration, {
    signal,
    onProgress: onDownload,
    ...(confirm && { confirm }),
  });
  if (found.status !== "found") throw toAbsence(source, iteration, found.status);
  const network = toNetwork(found.stateDict, config?.architectureConfig, config?.taskConfig);
  if (!isNetwork(network)) throw new InferenceError("model", network.problem);
  const { parameterCount, channels, receptiveField, dimensions, inputChannels, evalActivation } = network;
  const { fetchedBytes, fileBytes, stamp } = found;
  const architecture = config?.architectureConfig;
  return {
    model: { type: "network", network },
    geometry: geometryOfNetwork(network),
    dimensions,
    inputChannels,
    activated: evalActivation === "sigmoid",
    calibrationKey: JSON.stringify(architecture ?? null),
    identity: JSON.stringify([
      source.urlOf(`checkpoints/iterations/${iteration}`),
      stamp.etag ?? [stamp.lastModified, stamp.size],
    ]),
    batchNorm: architecture?.type === "CNNectomeUNetConfig" && architecture.batchNorm,
    card: { parameterCount, channels: channels.map(({ name }) => name), receptiveField, fetchedBytes, fileBytes },
  };
}

function toAbsence({ name }: RunSource, iteration: number, status: "absent" | "incomplete"): InferenceError {
  const sentence =
    status === "absent"
      ? `${name} has no checkpoint of iteration ${iteration} in checkpoints/iterations.`
      : `The checkpoint of iteration ${iteration} is still being written; try again in a moment.`;
  return new InferenceError("model", sentence);
}
