import { equals, product } from "#dacapo/coordinate.ts";
import { EvaluationError } from "./errors.ts";
import { createLabels, isBigLabels, type LabelData } from "./label-data.ts";

/** A volume with its place in the world: `shape` is [c?, …space] in C order, the other two are per spatial axis. */
export type PlacedArray = {
  readonly data: LabelData;
  readonly shape: readonly number[];
  /** World size of a voxel and world position of the corner of voxel 0, for the trailing spatial axes. */
  readonly voxelSize: readonly number[];
  readonly offset: readonly number[];
};

/** Where a volume lies; its values do not matter. */
type Place = Omit<PlacedArray, "data">;

export type AlignedPair = { readonly output: PlacedArray; readonly gt: PlacedArray };

type Axis = { readonly start: number; readonly length: number };

const spatialShape = (array: Place): readonly number[] => array.shape.slice(-array.voxelSize.length);
const channelShape = (array: Place): readonly number[] => array.shape.slice(0, -array.voxelSize.length);

/** Channels before the spatial axes; an array without a channel axis has one. */
export const countChannels = (array: PlacedArray): number => product(channelShape(array));

/**
 * Both volumes on the ground truth's grid, cropped to the voxels whose centres lie in both. DaCapo scores only volumes
 * of one grid; where the voxel sizes or offsets differ, the output's nearest voxel is taken. Arrays that already share
 * their grid are returned as they are, not copied. Throws EvaluationError when they do not meet.
 */
export function alignArrays(output: PlacedArray, gt: PlacedArray): AlignedPair {
  if (sharesGrid(output, gt)) return { output, gt };
  const crop = toCommonVoxels(output, gt);
  if (crop.some(({ length }) => length <= 0)) throw apart(output, gt);
  const placed = placement(gt, crop);
  return {
    output: sampled(
      output,
      crop.map((range, axis) => nearestVoxels(output, gt, axis, range)),
      placed,
    ),
    gt: sampled(
      gt,
      crop.map(({ start, length }) => Int32Array.from({ length }, (_, i) => start + i)),
      placed,
    ),
  };
}

/** Per axis, the ground truth's voxels whose centres lie in both; none where a length is not positive. */
export function toCommonVoxels(output: Place, gt: Place): readonly Axis[] {
  return gt.voxelSize.map((_, axis) => commonVoxels(output, gt, axis));
}

function sharesGrid(output: PlacedArray, gt: PlacedArray): boolean {
  return (
    equals(output.voxelSize, gt.voxelSize) &&
    equals(output.offset, gt.offset) &&
    equals(spatialShape(output), spatialShape(gt))
  );
}

/** World extent of one spatial axis, with its voxel size. */
function extent(array: Place, axis: number) {
  const size = array.voxelSize[axis] ?? 1;
  const begin = array.offset[axis] ?? 0;
  const voxels = spatialShape(array)[axis] ?? 0;
  return { size, begin, voxels, end: begin + voxels * size };
}

/** Ground truth voxels of one axis whose centres lie within the output. */
function commonVoxels(output: Place, gt: Place, axis: number): Axis {
  const truth = extent(gt, axis);
  const test = extent(output, axis);
  const start = Math.max(0, Math.ceil((test.begin - truth.begin) / truth.size - 0.5));
  const stop = Math.min(truth.voxels, Math.ceil((test.end - truth.begin) / truth.size - 0.5));
  return { start, length: stop - start };
}

function nearestVoxels(output: PlacedArray, gt: PlacedArray, axis: number, range: Axis): Int32Array {
  const truth = extent(gt, axis);
  const test = extent(output, axis);
  return Int32Array.from({ length: range.length }, (_, i) => {
    const centre = truth.begin + (range.start + i + 0.5) * truth.size;
    return Math.min(test.voxels - 1, Math.max(0, Math.floor((centre - test.begin) / test.size)));
  });
}

function placement(gt: PlacedArray, crop: readonly Axis[]) {
  return {
    voxelSize: gt.voxelSize,
    offset: crop.map(({ start }, axis) => (gt.offset[axis] ?? 0) + start * (gt.voxelSize[axis] ?? 1)),
  };
}

/** The array read at the given voxels of each spatial axis, every channel alike. */
function sampled(array: PlacedArray, voxels: readonly Int32Array[], placed: Pick<PlacedArray, "voxelSize" | "offset">) {
  const shape = [...channelShape(array), ...voxels.map((axis) => axis.length)];
  const space = spatialShape(array);
  const sources = voxels.reduce<Float64Array>(
    (offsets, axis, i) => flatOffsets(offsets, axis, space[i] ?? 0),
    Float64Array.of(0),
  );
  const stride = product(space);
  const data = createLabels(array.data, countChannels(array) * sources.length);
  if (isBigLabels(data) && isBigLabels(array.data)) gather<bigint>(array.data, data, sources, stride);
  else if (!isBigLabels(data) && !isBigLabels(array.data)) gather<number>(array.data, data, sources, stride);
  return { data, shape, ...placed };
}

/** Flat offsets of every combination of the outer offsets with one more (faster) axis of the given length. */
function flatOffsets(outer: Float64Array, axis: Int32Array, length: number): Float64Array {
  const offsets = new Float64Array(outer.length * axis.length);
  outer.forEach((offset, row) => {
    axis.forEach((voxel, column) => {
      offsets[row * axis.length + column] = offset * length + voxel;
    });
  });
  return offsets;
}

function gather<Value>(
  from: { readonly [voxel: number]: Value },
  to: { [voxel: number]: Value; readonly length: number },
  sources: Float64Array,
  stride: number,
): void {
  for (let begin = 0, channel = 0; begin < to.length; begin += sources.length, channel += 1) {
    for (let voxel = 0; voxel < sources.length; voxel += 1) {
      const value = from[channel * stride + (sources[voxel] ?? 0)];
      if (value !== undefined) to[begin + voxel] = value;
    }
  }
}

function apart(output: PlacedArray, gt: PlacedArray): EvaluationError {
  const place = (array: PlacedArray) => `offset ${array.offset.join(", ")}, ${spatialShape(array).join(" × ")} voxels`;
  return new EvaluationError(
    "no-overlap",
    "region",
    `The output (${place(output)}) and the ground truth (${place(gt)}) share no region, so they cannot be compared: check their offsets and voxel sizes.`,
  );
}
