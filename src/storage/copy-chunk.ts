/** A box of a grid, in voxels of the whole array. */
export type Box = { readonly begin: readonly number[]; readonly end: readonly number[] };

/** A decoded chunk: `at` its first voxel, `shape` and `stride` in items; may reach beyond the array. */
export type PlacedChunk<T> = {
  readonly data: T;
  readonly at: readonly number[];
  readonly shape: readonly number[];
  readonly stride: readonly number[];
};

/** A typed array of either kind of number. */
type Items = {
  [index: number]: number | bigint;
  subarray(begin: number, end: number): object;
  set(items: object, at: number): void;
};

/** Copies what `chunk` and `box` share into `target`, which holds the box in C order. Same element type on both sides. */
export function copyChunk<T extends Items>(target: T, box: Box, chunk: PlacedChunk<T>): void {
  const begin = box.begin.map((first, axis) => Math.max(first, chunk.at[axis] ?? 0));
  const end = box.end.map((last, axis) => Math.min(last, (chunk.at[axis] ?? 0) + (chunk.shape[axis] ?? 0)));
  if (begin.some((first, axis) => first >= (end[axis] ?? 0))) return;
  const strides = toStrides(box.begin.map((first, axis) => (box.end[axis] ?? 0) - first));
  const from = sum(begin.map((first, axis) => (first - (chunk.at[axis] ?? 0)) * (chunk.stride[axis] ?? 0)));
  const to = sum(begin.map((first, axis) => (first - (box.begin[axis] ?? 0)) * (strides[axis] ?? 0)));
  const lengths = begin.map((first, axis) => (end[axis] ?? 0) - first);
  copyAxes(target, to, strides, chunk.data, from, chunk.stride, lengths, 0);
}

function copyAxes<T extends Items>(
  target: T,
  to: number,
  toStride: readonly number[],
  source: T,
  from: number,
  fromStride: readonly number[],
  lengths: readonly number[],
  axis: number,
): void {
  const length = lengths[axis] ?? 1;
  const stepTo = toStride[axis] ?? 1;
  const stepFrom = fromStride[axis] ?? 1;
  if (axis < lengths.length - 1) {
    for (let i = 0; i < length; i++) {
      copyAxes(target, to + i * stepTo, toStride, source, from + i * stepFrom, fromStride, lengths, axis + 1);
    }
  } else if (stepTo === 1 && stepFrom === 1) target.set(source.subarray(from, from + length), to);
  else for (let i = 0; i < length; i++) target[to + i * stepTo] = source[from + i * stepFrom] as T[number];
}

/** Strides in items of a C-ordered array. */
export function toStrides(shape: readonly number[]): readonly number[] {
  const strides: number[] = [];
  shape.reduceRight((step, length, axis) => {
    strides[axis] = step;
    return step * length;
  }, 1);
  return strides;
}

/** Chunk coordinates that a box touches, in C order. */
export function* toChunkCoordinates(box: Box, chunks: readonly number[]): Generator<readonly number[]> {
  const first = box.begin.map((n, axis) => Math.floor(n / (chunks[axis] ?? 1)));
  const last = box.end.map((n, axis) => Math.ceil(n / (chunks[axis] ?? 1)) - 1);
  if (first.some((n, axis) => n > (last[axis] ?? 0))) return;
  const at = [...first];
  for (let axis = at.length; axis >= 0; ) {
    yield [...at];
    for (axis = at.length - 1; axis >= 0 && at[axis] === last[axis]; axis--) at[axis] = first[axis] ?? 0;
    if (axis < 0) return;
    at[axis] = (at[axis] ?? 0) + 1;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
