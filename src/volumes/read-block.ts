import type { ArrayBlock, RunArray, VoxelData } from "#storage/open-array.ts";
import { type FixedAxis, toCoordinateSpace } from "./coordinate-space.ts";

export const MAX_BLOCK_BYTES = 64 * 2 ** 20;

const WORLD = ["z", "y", "x"];

type Ranges = { readonly begin: readonly number[]; readonly end: readonly number[] };

function toRange(
  name: string,
  size: number,
  begin: readonly number[],
  end: readonly number[],
): readonly [number, number] {
  const axis = WORLD.indexOf(name) - (WORLD.length - begin.length);
  if (!WORLD.includes(name) || axis < 0) return [0, size];
  const from = begin[axis] ?? Number.NaN;
  const to = end[axis] ?? Number.NaN;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to))
    throw new RangeError(`Voxels are whole numbers, but ${name} was ${from} to ${to}.`);
  if (from < 0 || to > size || from >= to) {
    throw new RangeError(
      `The block ${from} to ${to} along ${name} is not within the array, which has ${size} voxels there.`,
    );
  }
  return [from, to];
}

/** Voxels by axis of the array, from voxels along z, y, x; other axes whole, fixed ones at their index. */
export function toArrayRanges(
  array: Pick<RunArray, "metadata" | "shape" | "dtype">,
  begin: readonly number[],
  end: readonly number[],
  fixed: readonly FixedAxis[] = [],
): Ranges {
  if (begin.length !== end.length || begin.length < 2 || begin.length > 3) {
    throw new RangeError("A block is given by begin and end, each as [z, y, x] in voxels of the layer.");
  }
  const ranges = toCoordinateSpace(array).map(({ name, size }, axis) => {
    const held = fixed.find((f) => f.axis === axis);
    return held === undefined ? toRange(name, size, begin, end) : ([held.index, held.index + 1] as const);
  });
  const voxels = ranges.reduce((count, [from, to]) => count * (to - from), 1);
  const bytes = voxels * Number(array.dtype.slice(2));
  if (bytes > MAX_BLOCK_BYTES) {
    throw new RangeError(
      `The block holds ${Math.ceil(bytes / 2 ** 20)} MiB and at most 64 are read at once: ask for a smaller one.`,
    );
  }
  return { begin: ranges.map(([from]) => from), end: ranges.map(([, to]) => to) };
}

/** Channels first, then t, z, y, x; the array's own order wherever it is that already. */
function toAxisOrder(array: Pick<RunArray, "metadata" | "shape">): readonly number[] {
  const rank = ({ channel, name }: { channel: boolean; name: string }) =>
    channel ? -1 : ["t", ...WORLD].indexOf(name);
  const ranks = toCoordinateSpace(array).map(rank);
  return ranks.map((_, axis) => axis).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b);
}

/** C order in, C order out; axis `i` of the result is axis `order[i]` of the block. */
export function transposeBlock({ dtype, shape, data }: ArrayBlock, order: readonly number[]): ArrayBlock {
  if (order.every((axis, i) => axis === i)) return { dtype, shape, data };
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const target = data.slice() as VoxelData;
  const to = order.map((axis) => shape[axis] ?? 1);
  const step = order.map((axis) => strides[axis] ?? 1);
  const position = to.map(() => 0);
  for (let i = 0, from = 0; i < data.length; i++) {
    target[i] = data[from] as never;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      position[axis] = (position[axis] ?? 0) + 1;
      from += step[axis] ?? 0;
      if ((position[axis] ?? 0) < (to[axis] ?? 1)) break;
      from -= (step[axis] ?? 0) * (to[axis] ?? 1);
      position[axis] = 0;
    }
  }
  return { dtype, shape: to, data: target };
}

/** @throws RangeError where the block is empty, outside, or over 64 MiB. */
export async function readBlock(
  array: RunArray,
  begin: readonly number[],
  end: readonly number[],
  options: { readonly fixed?: readonly FixedAxis[]; readonly signal?: AbortSignal } = {},
): Promise<ArrayBlock> {
  const fixed = options.fixed ?? [];
  const ranges = toArrayRanges(array, begin, end, fixed);
  const block = await array.read(ranges.begin, ranges.end, options.signal);
  const ordered = transposeBlock(block, toAxisOrder(array));
  if (fixed.length === 0) return ordered;
  const order = toAxisOrder(array);
  return { ...ordered, shape: ordered.shape.filter((_, i) => !fixed.some((f) => f.axis === order[i])) };
}
