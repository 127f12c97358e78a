// Cuts the comparison of an output with its ground truth into blocks that fit into memory. Pure.
import { product } from "#dacapo/coordinate.ts";
import { toCommonVoxels } from "#evaluation/align.ts";
import type { RunArray } from "#storage/open-array.ts";

export type Voxels = { readonly begin: readonly number[]; readonly end: readonly number[] };

export type PlacedShape = Pick<RunArray, "shape" | "chunks" | "metadata">;

export type ErrorPlan = {
  /** What both cover; voxels of the ground truth, spatial axes. */
  readonly region: Voxels;
  /** Of that, in C order; voxels of the ground truth. */
  readonly blocks: readonly Voxels[];
  /** Voxels around a block that its distances depend on. */
  readonly halo: readonly number[];
  /** Distances are known up to it; Infinity where one block holds all. */
  readonly reach: number;
};

/** Voxels of one block with what surrounds it, and channels: 8-byte labels and distances of it stay below half a gigabyte. */
const maxVoxels = 2 ** 23;
const blockEdge = 128;
const maxHalo = 48;

/** `reach`: how far away an object must be for its distance not to matter, world units; 0 where distances do not. */
export function planErrorBlocks(output: PlacedShape, gt: PlacedShape, reach: number): ErrorPlan | undefined {
  const region = toRegion(output, gt);
  if (region === undefined) return undefined;
  const lengths = lengthsOf(region);
  if (product(lengths) * channelsOf(gt) <= maxVoxels)
    return { region, blocks: [region], halo: lengths.map(() => 0), reach: Number.POSITIVE_INFINITY };
  const { voxelSize } = gt.metadata;
  const halo = voxelSize.map((size) => Math.min(maxHalo, Math.ceil(reach / size)));
  const seen = Math.min(...halo.map((voxels, axis) => voxels * (voxelSize[axis] ?? 1)));
  return { region, blocks: toBlocks(region, edgesOf(output)), halo, reach: seen };
}

export function spaceOf({ shape, metadata }: Pick<PlacedShape, "shape" | "metadata">): readonly number[] {
  return metadata.spatialAxes.map((axis) => shape[axis] ?? 1);
}

export const lengthsOf = ({ begin, end }: Voxels): readonly number[] =>
  end.map((last, axis) => last - (begin[axis] ?? 0));

export function channelsOf({ shape, metadata }: Pick<PlacedShape, "shape" | "metadata">): number {
  return product(shape) / Math.max(1, product(spaceOf({ shape, metadata })));
}

/** DaCapo compares volumes of one shape voxel by voxel, wherever their attributes put them. */
export function areOnOneGrid(output: PlacedShape, gt: PlacedShape): boolean {
  return String(spaceOf(output)) === String(spaceOf(gt));
}

function toRegion(output: PlacedShape, gt: PlacedShape): Voxels | undefined {
  const space = spaceOf(gt);
  if (areOnOneGrid(output, gt)) return { begin: space.map(() => 0), end: space };
  const placed = (array: PlacedShape) => ({ shape: spaceOf(array), ...array.metadata });
  const common = toCommonVoxels(placed(output), placed(gt));
  if (common.some(({ length }) => length <= 0)) return undefined;
  return { begin: common.map(({ start }) => start), end: common.map(({ start, length }) => start + length) };
}

/** Whole chunks where they are small, so that few are read twice. */
function edgesOf({ chunks, metadata }: PlacedShape): readonly number[] {
  return metadata.spatialAxes.map((axis) => {
    const chunk = Math.max(1, chunks[axis] ?? 1);
    return chunk <= blockEdge ? Math.floor(blockEdge / chunk) * chunk : blockEdge;
  });
}

function toBlocks({ begin, end }: Voxels, edges: readonly number[]): readonly Voxels[] {
  return begin.reduce<readonly Voxels[]>(
    (blocks, first, axis) =>
      blocks.flatMap((block) =>
        cuts(first, end[axis] ?? first, edges[axis] ?? blockEdge).map(([from, to]) => ({
          begin: [...block.begin, from],
          end: [...block.end, to],
        })),
      ),
    [{ begin: [], end: [] }],
  );
}

function cuts(begin: number, end: number, edge: number): readonly (readonly [number, number])[] {
  const count = Math.ceil((end - begin) / edge);
  return Array.from({ length: count }, (_, i) => [begin + i * edge, Math.min(end, begin + (i + 1) * edge)]);
}

/** A block with what its distances depend on. */
export function withHalo({ begin, end }: Voxels, { region, halo }: ErrorPlan): Voxels {
  return {
    begin: begin.map((first, axis) => Math.max(region.begin[axis] ?? 0, first - (halo[axis] ?? 0))),
    end: end.map((last, axis) => Math.min(region.end[axis] ?? last, last + (halo[axis] ?? 0))),
  };
}
