import type { Coordinate } from "#dacapo/coordinate.ts";
import { divide, filled, leastCommonMultiple, multiply, subtract } from "#dacapo/coordinate.ts";
import { roiEnd, roiOfArray, snapRoiToGrid } from "#dacapo/roi.ts";
import type { ArrayMetadata } from "#storage/formats/array-metadata.ts";
import type { BlockGeometry } from "./block-geometry.ts";

/** Where the prediction lies: spatial axes only, in array order. */
export type OutputGrid = {
  /** World position of voxel 0's outer corner. */
  readonly offset: Coordinate;
  readonly voxelSize: Coordinate;
  readonly shape: Coordinate;
  /** Voxel at which DaCapo's first block begins, and where the last one is cut: what lies outside stays 0 as there. */
  readonly anchor: Coordinate;
  readonly end: Coordinate;
};

/** Any array that says where it lies. */
export type PlacedArray = {
  readonly shape: readonly number[];
  readonly metadata: Pick<ArrayMetadata, "voxelSize" | "offset" | "spatialAxes">;
};

export function spatialShape({ shape, metadata }: PlacedArray): Coordinate {
  return metadata.spatialAxes.map((axis) => shape[axis] ?? 1);
}

/**
 * The grid of an array that DaCapo stored, or would: a prediction, a gt at the prediction's voxel size. DaCapo first draws the region
 * in to multiples of the raw and prediction voxel sizes' common multiple, where these are whole numbers.
 */
export function gridOfPrediction(prediction: PlacedArray, rawVoxelSize: Coordinate): OutputGrid {
  const { voxelSize, offset } = prediction.metadata;
  const shape = spatialShape(prediction);
  const grid = { offset, voxelSize, shape };
  const common = leastCommonMultiple(rawVoxelSize, voxelSize);
  const whole = [...rawVoxelSize, ...voxelSize, ...offset].every(Number.isInteger);
  if (!whole) return { ...grid, anchor: filled(shape.length, 0), end: shape };
  const predicted = snapRoiToGrid(roiOfArray(shape, voxelSize, offset), common, "shrink");
  const anchor = divide(subtract(predicted.offset, offset), voxelSize);
  const end = divide(subtract(roiEnd(predicted), offset), voxelSize);
  const fits = [...anchor, ...end].every(Number.isInteger);
  return fits ? { ...grid, anchor, end } : { ...grid, anchor: filled(shape.length, 0), end: shape };
}

/** The grid of a prediction over all of `array`, at the voxel size that the network gives there. */
export function gridOver(array: PlacedArray, geometry: BlockGeometry): OutputGrid {
  const { voxelSize, offset } = array.metadata;
  const shape = multiply(spatialShape(array), geometry.upsampling);
  const grid = { offset, voxelSize: divide(voxelSize, geometry.upsampling), shape };
  return { ...grid, anchor: filled(shape.length, 0), end: shape };
}
