import type { RunArray, VoxelData } from "#storage/open-array.ts";
import type { FixedAxis } from "./coordinate-space.ts";
import type { ServedDtype } from "./source-plan.ts";

/** What it takes to make one served chunk from stored ones; crosses the thread as JSON. */
export type ChunkRecipe = {
  /** Where the array lies, for messages. */
  readonly location: string;
  /** Of the served array: little-endian, C order. */
  readonly dtype: ServedDtype;
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly fixed: readonly FixedAxis[];
};

/** Chunk indices of a key such as "0.3.1"; `undefined` for anything else, and for chunks outside the array. */
export function parseChunkKey(key: string, { shape, chunks }: ChunkRecipe): readonly number[] | undefined {
  if (!/^\d{1,9}(?:\.\d{1,9})*$/.test(key)) return undefined;
  const indices = key.split(".").map(Number);
  const inside = indices.every((index, axis) => index * (chunks[axis] ?? 0) < (shape[axis] ?? 0));
  return inside && indices.length === shape.length ? indices : undefined;
}

type Span = { readonly begin: readonly number[]; readonly end: readonly number[]; readonly shape: readonly number[] };

/** The stored voxels of one served chunk: cut to the array, fixed axes put back; `shape` is that of the served axes. */
export function toStoredSpan(indices: readonly number[], { shape, chunks, fixed }: ChunkRecipe): Span {
  const begin = indices.map((index, axis) => index * (chunks[axis] ?? 1));
  const end = begin.map((b, axis) => Math.min(b + (chunks[axis] ?? 1), shape[axis] ?? 0));
  const served = end.map((e, axis) => e - (begin[axis] ?? 0));
  for (const { axis, index } of [...fixed].sort((a, b) => a.axis - b.axis)) {
    begin.splice(axis, 0, index);
    end.splice(axis, 0, index + 1);
  }
  return { begin, end, shape: served };
}

type NumberArray = Exclude<VoxelData, BigInt64Array | BigUint64Array>;

const ARRAYS = {
  "|u1": Uint8Array,
  "|i1": Int8Array,
  "<u2": Uint16Array,
  "<i2": Int16Array,
  "<u4": Uint32Array,
  "<i4": Int32Array,
  "<f4": Float32Array,
} as const;

/** Calls `copy` once a row of the last axis, with where it starts in a block of `shape` and in a chunk of `chunks`. */
function forEachRow(
  shape: readonly number[],
  chunks: readonly number[],
  copy: (from: number, to: number) => void,
): void {
  const row = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const position = new Array<number>(Math.max(0, shape.length - 1)).fill(0);
  for (let n = 0; n < rows; n++) {
    copy(
      n * row,
      position.reduce((offset, p, axis) => (offset + p) * (chunks[axis + 1] ?? 1), 0),
    );
    for (let axis = position.length - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      position[axis] = next < (shape[axis] ?? 1) ? next : 0;
      if (next < (shape[axis] ?? 1)) break;
    }
  }
}

/** `source` in C order and of `shape`, as a whole chunk of `chunks`: the part outside the array stays 0. */
export function toServedChunk(
  source: VoxelData,
  shape: readonly number[],
  { dtype, chunks }: Pick<ChunkRecipe, "dtype" | "chunks">,
): Uint8Array<ArrayBuffer> {
  const length = chunks.reduce((a, b) => a * b, 1);
  const row = shape.at(-1) ?? 1;
  if (dtype === "<u8") {
    const target = new BigUint64Array(length);
    forEachRow(shape, chunks, (from, to) => {
      for (let i = 0; i < row; i++) target[to + i] = BigInt.asUintN(64, BigInt(source[from + i] ?? 0));
    });
    return new Uint8Array(target.buffer);
  }
  const target = new ARRAYS[dtype](length);
  if (source instanceof BigInt64Array || source instanceof BigUint64Array) {
    forEachRow(shape, chunks, (from, to) => {
      for (let i = 0; i < row; i++) target[to + i] = Number(source[from + i]);
    });
  } else {
    const numbers: NumberArray = source;
    forEachRow(shape, chunks, (from, to) => target.set(numbers.subarray(from, from + row), to));
  }
  return new Uint8Array(target.buffer);
}

/** One served chunk, made anew; `undefined` for a key that is no chunk of this array. */
export async function readServedChunk(
  array: Pick<RunArray, "read">,
  recipe: ChunkRecipe,
  key: string,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const indices = parseChunkKey(key, recipe);
  if (indices === undefined) return undefined;
  const { begin, end, shape } = toStoredSpan(indices, recipe);
  const block = await array.read(begin, end, signal);
  return toServedChunk(block.data, shape, recipe);
}
