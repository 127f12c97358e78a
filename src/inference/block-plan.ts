import type { Coordinate } from "#dacapo/coordinate.ts";
import { add, divide, maximum, minimum, subtract } from "#dacapo/coordinate.ts";
import { type BlockGeometry, outputFor, outputStepOf } from "./block-geometry.ts";
import type { OutputGrid } from "./block-grid.ts";
import {
  type BlockLimits,
  type BlockSize,
  planBlockSize,
  roundUp,
  type SizeProblem,
  type Tiling,
  wholeSize,
} from "./block-size.ts";

/** How a grid is cut into runs of a network. All of it follows from these values. */
export type BlockPlan = {
  readonly geometry: BlockGeometry;
  readonly grid: OutputGrid;
  /** The tiling that is carried out; where both give the same values, "seamless", whose blocks can have any size. */
  readonly tiling: Tiling;
  readonly size: BlockSize;
  /** Output of one block over the whole grid. */
  readonly wholeShape: Coordinate;
};

export type BlockPlanRequest = {
  readonly geometry: BlockGeometry;
  readonly grid: OutputGrid;
  readonly limits: BlockLimits;
  readonly tiling: Tiling;
};

export function planBlocks(request: BlockPlanRequest): { readonly ok: true; readonly plan: BlockPlan } | SizeProblem {
  const { geometry, grid, limits } = request;
  const region = subtract(grid.end, grid.anchor);
  const tiling = request.tiling === "dacapo" && joinsDacapoBlocks(geometry, region) ? "seamless" : request.tiling;
  const size = planBlockSize(geometry, region, limits, tiling);
  if (!size.ok) return size;
  const { inputShape, outputShape, usableShape } = size;
  const wholeShape = wholeSize(geometry, region).outputShape;
  return {
    ok: true,
    plan: { geometry, grid, tiling, size: { inputShape, outputShape, usableShape }, wholeShape },
  };
}

/**
 * Whether DaCapo's blocks give what one block over the whole would. Not for a padded network, and not where a head or further
 * convolutions shorten the output to no multiple of the step: the next block then pools other voxels together.
 */
function joinsDacapoBlocks(geometry: BlockGeometry, region: Coordinate): boolean {
  if (geometry.edges !== "shrinks") return false;
  const step = outputStepOf(geometry);
  return geometry.evalOutputShape.every(
    (length, axis) => length % (step[axis] ?? 1) === 0 || (region[axis] ?? 0) <= length,
  );
}

/** One run of the network, and the part of its output that is kept. Spatial axes in array order. */
export type Block = {
  /** Voxels of the output grid that this block gives; `end` is exclusive. */
  readonly begin: Coordinate;
  readonly end: Coordinate;
  /** Where `begin` lies in the network's output. */
  readonly from: Coordinate;
  /** First voxel of the network's output, on the output grid; may lie outside. */
  readonly outputBegin: Coordinate;
};

/** A stretch of one axis. */
type Stretch = { readonly begin: number; readonly end: number; readonly outputBegin: number };

/**
 * Blocks that give every voxel of the grid from `begin` to `end` exactly once. Their corners lie on multiples of the network's step
 * from the grid's anchor, so that pooling falls on the same voxels whichever block a voxel is in.
 */
export function coverRegion(plan: BlockPlan, begin: Coordinate, end: Coordinate): readonly Block[] {
  const { anchor, end: last } = plan.grid;
  const from = maximum(begin, anchor);
  const to = minimum(end, last);
  const axes = from.map((first, axis) => cutAxis(plan, axis, first, to[axis] ?? first));
  return combine(axes).map((stretches) => {
    const outputBegin = stretches.map((stretch) => stretch.outputBegin);
    const blockBegin = stretches.map((stretch) => stretch.begin);
    return {
      begin: blockBegin,
      end: stretches.map((stretch) => stretch.end),
      from: subtract(blockBegin, outputBegin),
      outputBegin,
    };
  });
}

function cutAxis(plan: BlockPlan, axis: number, begin: number, end: number): readonly Stretch[] {
  const anchor = plan.grid.anchor[axis] ?? 0;
  const length = plan.size.usableShape[axis] ?? 1;
  const first = Math.floor((begin - anchor) / length);
  const count = Math.max(0, Math.ceil((end - anchor) / length) - first);
  if (end <= begin) return [];
  return Array.from({ length: count }, (_, i) => {
    const tile = anchor + (first + i) * length;
    return {
      begin: Math.max(begin, tile),
      end: Math.min(end, tile + length),
      outputBegin: plan.tiling === "dacapo" ? tile : alignBlock(plan, axis, tile),
    };
  });
}

/** Where the network's output begins so that the tile lies between its margins, but never past the ends of the whole volume. */
function alignBlock({ geometry, grid, size, wholeShape }: BlockPlan, axis: number, tile: number): number {
  if (geometry.edges !== "padded") return tile;
  const anchor = grid.anchor[axis] ?? 0;
  const step = outputStepOf(geometry)[axis] ?? 1;
  const wanted = tile - roundUp(geometry.margins.before[axis] ?? 0, step);
  const last = anchor + (wholeShape[axis] ?? 0) - (size.outputShape[axis] ?? 0);
  return Math.max(anchor, Math.min(wanted, last));
}

function combine(axes: readonly (readonly Stretch[])[]): readonly (readonly Stretch[])[] {
  return axes.reduce<readonly (readonly Stretch[])[]>(
    (heads, stretches) => heads.flatMap((head) => stretches.map((stretch) => [...head, stretch])),
    [[]],
  );
}

/** World units from the network's output back to where its input begins: DaCapo's context, whole units as there. */
export function contextOf(plan: BlockPlan, rawVoxelSize: Coordinate): Coordinate {
  const { inputShape } = plan.size;
  const output = outputFor(plan.geometry, inputShape);
  return inputShape.map((length, axis) => {
    const inputSize = length * (rawVoxelSize[axis] ?? 1);
    const outputSize = (output[axis] ?? 0) * (plan.grid.voxelSize[axis] ?? 1);
    return halfOf(inputSize - outputSize);
  });
}

// DaCapo halves in whole world units; voxel sizes that are no whole numbers are beyond it and halved exactly.
function halfOf(length: number): number {
  return Number.isInteger(length) ? Math.floor(length / 2) : length / 2;
}

/** First raw voxel of a block's input; may lie outside the array. */
export function inputBeginOf(
  plan: BlockPlan,
  block: Block,
  raw: { readonly voxelSize: Coordinate; readonly offset: Coordinate },
): Coordinate {
  const world = add(
    plan.grid.offset,
    block.outputBegin.map((n, axis) => n * (plan.grid.voxelSize[axis] ?? 1)),
  );
  const begin = subtract(subtract(world, contextOf(plan, raw.voxelSize)), raw.offset);
  return divide(begin, raw.voxelSize).map((voxels) => Math.floor(voxels + ROUNDING));
}

/** Voxels; far below half a voxel and far above what division loses. */
const ROUNDING = 1e-6;
