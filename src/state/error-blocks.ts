// Cuts the comparison of an output with its ground truth into blocks that fit into memory. Pure.
import { product } from "#dacapo/coordinate.ts";
import { toCommonVoxels } from "#evaluation/align.ts";
import type { RunArray } from "#storage/open-array.ts";

export type Voxels = { readonly begin: readonly number[]; readonly end: readonly number[] };

export type PlacedShape = Pick<RunArray, "shape" | "chunks" | "metadata">;

export type ErrorPlan = {
  /** What both cover; voxels of the ground truth, spatial axes. */
  readonly region: Voxels;
  /** Of that; voxels of the ground truth. */
  readonly blocks: readonly Voxels[];
};

/** Blocks that were read, then parts of the volume whose distances are known. */
export type ErrorProgress = { readonly what: "blocks" | "distances"; readonly done: number; readonly total: number };

/** Voxels of one block and its channels: 8-byte labels of both stay below 150 MB. */
const maxVoxels = 2 ** 23;
const blockEdge = 128;

export function planErrorBlocks(output: PlacedShape, gt: PlacedShape): ErrorPlan | undefined {
  const region = toRegion(output, gt);
  if (region === undefined) return undefined;
  const isSmall = product(lengthsOf(region)) * channelsOf(gt) <= maxVoxels;
  return { region, blocks: isSmall ? [region] : toBlocks(region, edgesOf(output)) };
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
