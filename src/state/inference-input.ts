// What a network is run on: the array that it sees, how its values are normalised, and where its prediction lies.
import { gridOfPrediction, type OutputGrid } from "#inference/block-grid.ts";
import type { InputSource } from "#inference/block-input.ts";
import type { Tiling } from "#inference/block-size.ts";
import { InferenceError } from "#inference/inference-error.ts";
import { NOT_NORMALISED, type Normalisation } from "#inference/normalise.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { RunState } from "./app-state.ts";
import type { OpenedModel } from "./inference-model.ts";
import type { RunSource } from "./run-source.ts";
import { volumesOf } from "./selectors.ts";

export type OpenedInput = {
  readonly source: InputSource;
  readonly grid: OutputGrid;
  readonly tiling: Tiling;
  /** The array that people see as raw. */
  readonly shown: RunArray;
  /** How its values are normalised; a sentence. */
  readonly normalisation: string;
  /** Its voxels have another size than the network knows; a sentence. */
  readonly mismatch?: string;
};

export type DatasetRequest = {
  readonly source: RunSource;
  readonly run: RunState;
  readonly dataset: string;
  readonly signal: AbortSignal;
};

/** A validation dataset, on the grid of its stored predictions. */
export async function openDatasetInput(
  request: DatasetRequest,
  { inputChannels: channels }: OpenedModel,
  chosen?: Normalisation,
): Promise<OpenedInput> {
  const { source, dataset, signal } = request;
  const array = await source.openArray(`validation.zarr/inputs/${dataset}/raw`, signal);
  if (array === undefined)
    throw new InferenceError("raw", `${source.name} has no raw array of ${dataset} to compute on.`);
  const like = (await openAnyPrediction(request)) ?? (await openGt(request));
  return {
    source: { array, normalisation: chosen ?? NOT_NORMALISED, edges: "zero", channels },
    grid: gridOfPrediction(like, array.metadata.voxelSize),
    // what DaCapo stores for a validation, block by block: the stored prediction is then reproduced, seams included
    tiling: "dacapo",
    shown: array,
    normalisation: chosen ? describeChoice(chosen) : "DaCapo stored these values as the network saw them.",
  };
}

export function describeChoice({ min, max }: Normalisation): string {
  return `0 is made of ${min} and 1 of ${max}, as chosen.`;
}

export async function openPrediction(
  { source, run, dataset, signal }: DatasetRequest,
  iteration: number,
): Promise<RunArray | undefined> {
  const volumes = volumesOf(run, iteration, dataset);
  if (volumes?.prediction !== "whole") return undefined;
  return source.openArray(`validation.zarr/${iteration}/${volumes.folder}/prediction`, signal);
}

/** All predictions of a dataset lie on one grid. */
async function openAnyPrediction(request: DatasetRequest): Promise<RunArray | undefined> {
  for (const { iteration } of request.run.volumes) {
    const prediction = await openPrediction(request, iteration);
    if (prediction !== undefined) return prediction;
  }
  return undefined;
}

async function openGt({ source, dataset, signal }: DatasetRequest): Promise<RunArray> {
  const gt = await source.openArray(`validation.zarr/inputs/${dataset}/gt`, signal);
  if (gt !== undefined) return gt;
  throw new InferenceError(
    "raw",
    `${source.name} has neither a prediction nor a ground truth of ${dataset}, so where to compute is not known.`,
  );
}
