// Reads one block of an output and of its ground truth, as they are compared.
import type { PlacedArray } from "#evaluation/align.ts";
import type { ErrorBlock } from "#evaluation/error-analysis.ts";
import type { RunArray } from "#storage/open-array.ts";
import { areOnOneGrid, type ErrorPlan, spaceOf, type Voxels } from "./error-blocks.ts";

/** `block` in voxels of the ground truth, of which its place is counted from the plan's region. */
export async function readErrorBlock(
  output: RunArray,
  gt: RunArray,
  { region }: Pick<ErrorPlan, "region">,
  block: Voxels,
  signal: AbortSignal | undefined,
): Promise<ErrorBlock> {
  const isOneGrid = areOnOneGrid(output, gt);
  const [ofOutput, ofGt] = await Promise.all([
    readPlaced(output, isOneGrid ? block : toVoxelsOf(output, gt, block), signal),
    readPlaced(gt, block, signal),
  ]);
  const { voxelSize, offset } = ofGt;
  const at = block.begin.map((first, axis) => first - (region.begin[axis] ?? 0));
  return { output: isOneGrid ? { ...ofOutput, voxelSize, offset } : ofOutput, gt: ofGt, at };
}

async function readPlaced(array: RunArray, box: Voxels, signal: AbortSignal | undefined): Promise<PlacedArray> {
  const { spatialAxes, voxelSize, offset } = array.metadata;
  const along = (axis: number, ends: readonly number[], whole: number) => ends[spatialAxes.indexOf(axis)] ?? whole;
  const begin = array.shape.map((_, axis) => along(axis, box.begin, 0));
  const end = array.shape.map((length, axis) => along(axis, box.end, length));
  const { data, shape } = await array.read(begin, end, signal);
  const moved = offset.map((corner, axis) => corner + (box.begin[axis] ?? 0) * (voxelSize[axis] ?? 1));
  return { data, shape, voxelSize, offset: moved };
}

/** Those of the output that lie where the ground truth's do, and one around them. */
function toVoxelsOf(output: RunArray, gt: RunArray, { begin, end }: Voxels): Voxels {
  const space = spaceOf(output);
  const toVoxel = (voxel: number, axis: number) => {
    const world = (gt.metadata.offset[axis] ?? 0) + voxel * (gt.metadata.voxelSize[axis] ?? 1);
    return (world - (output.metadata.offset[axis] ?? 0)) / (output.metadata.voxelSize[axis] ?? 1);
  };
  return {
    begin: begin.map((voxel, axis) => Math.max(0, Math.floor(toVoxel(voxel, axis)) - 1)),
    end: end.map((voxel, axis) => Math.min(space[axis] ?? 1, Math.ceil(toVoxel(voxel, axis)) + 1)),
  };
}
