import type { VoxelData } from "#storage/open-array.ts";

/** A chunk in memory, its fastest axis first. `used`: how many of its voxels lie inside the array, along each axis. */
export type LoadedBox = {
  readonly data: VoxelData;
  readonly size: readonly number[];
  readonly used: readonly number[];
  /** Only voxels at `index` along `axis` count: one channel. */
  readonly only?: { readonly axis: number; readonly index: number };
};

const MAX_SAMPLES = 65_536;

function extentOf({ used, only }: LoadedBox): readonly number[] {
  return used.map((count, axis) => (axis === only?.axis ? Math.min(1, count) : count));
}

function valueAt({ data, size, only }: LoadedBox, extent: readonly number[], nth: number): number {
  let index = 0;
  let stride = 1;
  let rest = nth;
  for (const [axis, count] of extent.entries()) {
    index += stride * (axis === only?.axis ? only.index : rest % count);
    rest = Math.floor(rest / count);
    stride *= size[axis] ?? 1;
  }
  return Number(data[index]);
}

/** At most 65,536 finite values, spread evenly, in ascending order. */
export function toSortedSample(boxes: readonly LoadedBox[]): Float64Array {
  const extents = boxes.map(extentOf);
  const counts = extents.map((extent) => extent.reduce((a, b) => a * b, 1));
  const step = Math.max(1, Math.ceil(counts.reduce((a, b) => a + b, 0) / MAX_SAMPLES));
  const sample: number[] = [];
  let next = 0;
  for (const [i, box] of boxes.entries()) {
    const count = counts[i] ?? 0;
    for (; next < count; next += step) {
      const value = valueAt(box, extents[i] ?? [], next);
      if (Number.isFinite(value)) sample.push(value);
    }
    next -= count;
  }
  return Float64Array.from(sample).sort();
}
