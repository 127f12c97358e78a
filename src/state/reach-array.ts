// Whether an array that a run's config names can be read from here. Loaded with the first one that is asked for.
import { isAbort } from "#storage/errors.ts";
import type { RawOptions } from "./app-options.ts";
import type { OtherRaw } from "./other-raws.ts";
import { openFirst } from "./own-array.ts";

export type ReachedArray =
  | {
      readonly status: "found";
      readonly url: string;
      readonly shape: readonly number[];
      readonly dtype: string;
      /** World units per voxel. */
      readonly voxelSize: readonly number[];
      readonly unit: string;
    }
  | { readonly status: "missing"; readonly message: string };

export async function reachArray(file: OtherRaw, options: RawOptions, signal: AbortSignal): Promise<ReachedArray> {
  try {
    const [array] = await openFirst(file, options, signal);
    if (array === undefined) return { status: "missing", message: `${file.path} holds no array.` };
    const { shape, dtype, metadata, store, path } = array;
    const { voxelSize, units } = metadata;
    return { status: "found", url: store.urlOf(path), shape, dtype, voxelSize, unit: units.at(-1) ?? "nm" };
  } catch (error) {
    if (isAbort(error, signal)) throw error;
    return { status: "missing", message: error instanceof Error ? error.message : String(error) };
  }
}
