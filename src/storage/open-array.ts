import type { ArrayMetadata } from "./formats/array-metadata.ts";
import type { Store } from "./store.ts";

export type VoxelData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** A box of an array: `shape` in voxels, axes as in the array, `data` in C order and owned by the caller; bool is 0 or 1. */
export type ArrayBlock = { readonly dtype: string; readonly shape: readonly number[]; readonly data: VoxelData };

export type RunArray = {
  readonly store: Store;
  readonly path: string;
  /** NumPy's string for the values that `read` gives, always native order: "|b1", "|u1", "<u8", "<f4", ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** May exceed `shape`. */
  readonly chunks: readonly number[];
  readonly order: "C" | "F";
  readonly zarrFormat: 2 | 3 | "n5";
  readonly metadata: ArrayMetadata;
  /** The array's own attributes as parsed JSON: hostile text, look keys up with `Object.hasOwn`. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Voxels `begin` (inclusive) to `end` (exclusive), clipped by the caller to `shape`. */
  read(begin: readonly number[], end: readonly number[], signal?: AbortSignal): Promise<ArrayBlock>;
};

export type OpenArrayOptions = { readonly signal?: AbortSignal };

/**
 * Opens the zarr v2, zarr v3 or N5 array at `path`; `undefined` when there is none.
 * @throws StorageError "wrong-content" when its metadata is unreadable or still being written, "too-large" when absurd.
 */
export declare function openArray(
  store: Store,
  path: string,
  options?: OpenArrayOptions,
): Promise<RunArray | undefined>;
