// An array of one's own as what a network is run on: which of its scales, how its values are normalised, and where its prediction lies.
import { filled, multiply } from "#dacapo/coordinate.ts";
import type { DatasetConfig } from "#dacapo/dataset-config.ts";
import type { BlockGeometry } from "#inference/block-geometry.ts";
import { gridOver, type OutputGrid } from "#inference/block-grid.ts";
import { describeMismatch, resampleArray } from "#inference/block-resample.ts";
import { InferenceError } from "#inference/inference-error.ts";
import {
  NOT_NORMALISED,
  type Normalisation,
  type NormalisationResult,
  normalisationOfDataset,
  normalisationOfDtype,
} from "#inference/normalise.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { RunState } from "./app-state.ts";
import { describeChoice, type OpenedInput } from "./inference-input.ts";
import type { OpenedModel } from "./inference-model.ts";
import { configOf } from "./score-state.ts";

export type RawRequest = {
  readonly run: RunState;
  /** Finest first. */
  readonly scales: readonly RunArray[];
  /** That the network was trained at, in nm, where it is known. */
  readonly trainedAt: readonly number[] | undefined;
  readonly normalisation?: Normalisation | undefined;
  /** To the voxel size that the network was trained at. */
  readonly resample?: boolean | undefined;
};

/** The prediction covers all of the array. Throws InferenceError "raw" with a sentence for people. */
export function openRawInput(request: RawRequest, model: OpenedModel): OpenedInput {
  const { geometry, dimensions, inputChannels, manifest } = model;
  const { scales, trainedAt, run, resample } = request;
  const shown = chooseScale(scales, trainedAt);
  const mismatch = trainedAt && describeMismatch(sizeInNm(shown, trainedAt.length), trainedAt);
  const array = resample && trainedAt && mismatch ? resampleTo(shown, trainedAt) : shown;
  const normalised = manifest ? packaged(request) : toNormalisation(request, shown, run);
  if (!normalised.ok) throw new InferenceError("raw", normalised.problem);
  const { normalisation, reason } = normalised;
  return {
    // packages are made for images that go on beyond their edges, DaCapo's networks for zeros there
    source: { array, normalisation, edges: manifest ? "reflect" : "zero", channels: inputChannels },
    grid: gridOverSpace(array, geometry, dimensions),
    tiling: geometry.edges === "global" ? "dacapo" : "seamless",
    shown,
    normalisation: reason,
    ...(mismatch !== undefined && array === shown && { mismatch }),
  };
}

const NM: ReadonlyMap<string, number> = new Map([
  ["m", 1e9],
  ["mm", 1e6],
  ["um", 1e3],
  ["nm", 1],
  ["angstrom", 0.1],
  ["pm", 1e-3],
]);

/** Of the last `axes` spatial axes; a unit that is none counts as nm, as DaCapo's empty one does. */
export function sizeInNm({ metadata }: RunArray, axes: number): readonly number[] {
  const { voxelSize, units } = metadata;
  return voxelSize.map((size, axis) => size * (NM.get(units[axis] ?? "") ?? 1)).slice(-axes);
}

/** The scale whose voxels are nearest to the wanted size; the finest where none is wanted. */
function chooseScale(scales: readonly RunArray[], wanted: readonly number[] | undefined): RunArray {
  const distance = (array: RunArray) =>
    sizeInNm(array, wanted?.length ?? 0).reduce(
      (sum, size, axis) => sum + Math.abs(Math.log(size / (wanted?.[axis] ?? size))),
      0,
    );
  const [first, ...others] = scales;
  if (first === undefined)
    throw new InferenceError("raw", "There is no array to compute on any more; choose it again.");
  if (wanted === undefined) return first;
  return others.reduce((best, each) => (distance(each) < distance(best) - 1e-9 ? each : best), first);
}

function resampleTo(array: RunArray, wanted: readonly number[]): RunArray {
  const { voxelSize } = array.metadata;
  const own = sizeInNm(array, wanted.length);
  const front = voxelSize.slice(0, voxelSize.length - wanted.length);
  const ratio = wanted.map((size, axis) => size / (own[axis] ?? size));
  return resampleArray(array, [...front, ...multiply(voxelSize.slice(-wanted.length), ratio)], "linear");
}

/** Time and the like in front are left out. A flat network is laid on every slice of a volume. */
function gridOverSpace(array: RunArray, geometry: BlockGeometry, dimensions: number): OutputGrid {
  const { voxelSize, offset, spatialAxes } = array.metadata;
  if (spatialAxes.length < dimensions)
    throw new InferenceError(
      "raw",
      `The network takes ${dimensions} axes, but ${array.store.urlOf(array.path)} has ${spatialAxes.length}; choose another raw.`,
    );
  const axes = Math.min(3, spatialAxes.length);
  const metadata = {
    voxelSize: voxelSize.slice(-axes),
    offset: offset.slice(-axes),
    spatialAxes: spatialAxes.slice(-axes),
  };
  const lifted = filled(axes - dimensions, 1);
  const upsampling = [...lifted, ...geometry.upsampling.slice(-dimensions)];
  return gridOver({ shape: array.shape, metadata }, { ...geometry, upsampling });
}

/** A package says itself what is done to values. */
function packaged({ normalisation = NOT_NORMALISED }: RawRequest): NormalisationResult {
  return { ok: true, normalisation, reason: normalisation === NOT_NORMALISED ? "" : describeChoice(normalisation) };
}

/** A person's own choice, what DaCapo has done already, what the run's config does, or the rule for the values' type. */
function toNormalisation({ normalisation }: RawRequest, array: RunArray, run: RunState): NormalisationResult {
  if (normalisation)
    return {
      ok: true,
      normalisation,
      reason: describeChoice(normalisation),
    };
  if (/(^|\/)validation\.zarr\/inputs\//.test(decodeURI(array.store.urlOf(array.path))))
    return { ok: true, normalisation: NOT_NORMALISED, reason: "DaCapo stored these values as the network saw them." };
  if (/^.f/.test(array.dtype))
    return { ok: true, normalisation: NOT_NORMALISED, reason: "Values with a fraction are taken as they are." };
  const trained = trainingDataset(run);
  return trained ? normalisationOfDataset(trained, array.dtype) : normalisationOfDtype(array.dtype);
}

function trainingDataset(run: RunState): DatasetConfig | undefined {
  const split = configOf(run)?.datasplitConfig;
  if (split?.type !== "TrainValidateDataSplitConfig") return undefined;
  return [...split.trainConfigs, ...split.validateConfigs].find(({ type }) => type !== "unknown");
}
