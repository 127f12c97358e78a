// Reads one stored output and its ground truth, whole, for scoring them again.
import { toParametersString } from "#dacapo/post-processor-parameters.ts";
import type { ValidationScores } from "#dacapo/validation-scores.ts";
import type { PlacedArray } from "#evaluation/align.ts";
import type { Evidence } from "#evaluation/dataset-order.ts";
import type { LabelPair } from "#evaluation/score-pair.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { RunState } from "./app-state.ts";
import type { RunSource } from "./run-source.ts";
import { volumesOf } from "./selectors.ts";

/** Validation crops are far smaller; beyond this the order is left unknown rather than a browser's memory filled. */
const maxVoxels = 2 ** 28;

/** `undefined` when one of the two is not stored whole, or is too large. */
export async function readLabelPair(
  source: RunSource,
  run: RunState,
  scores: ValidationScores | undefined,
  dataset: string,
  { iteration, parameterIndex }: Evidence,
  signal: AbortSignal,
): Promise<LabelPair | undefined> {
  const parameters = scores?.parameters[parameterIndex];
  const volumes = volumesOf(run, iteration, dataset);
  if (parameters === undefined || volumes === undefined) return undefined;
  const name = toParametersString(parameters);
  if (!volumes.outputs.some((output) => output.parameters === name && output.whole)) return undefined;
  const output = await readWhole(source, `validation.zarr/${iteration}/${volumes.folder}/output/${name}`, signal);
  const gt = await readWhole(source, `validation.zarr/inputs/${dataset}/gt`, signal);
  return output === undefined || gt === undefined ? undefined : { output, gt };
}

/** `undefined` when it is not there, or is too large. `path` is below the run's folder. */
export async function readWhole(
  source: RunSource,
  path: string,
  signal: AbortSignal,
): Promise<PlacedArray | undefined> {
  const array = await source.openArray(path, signal);
  return array && readPlaced(array, signal);
}

/** `undefined` when it is too large. */
export async function readPlaced(array: RunArray, signal: AbortSignal): Promise<PlacedArray | undefined> {
  const { shape, metadata } = array;
  if (shape.reduce((product, length) => product * length, 1) > maxVoxels) return undefined;
  const begin = shape.map(() => 0);
  const { data } = await array.read(begin, shape, signal);
  return { data, shape, voxelSize: metadata.voxelSize, offset: metadata.offset };
}
