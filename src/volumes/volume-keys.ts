import type { ChunkRecipe } from "./convert-chunk.ts";

// How page and worker name what they ask each other for: `<scheme>://<volume id>/<key>`.
export const STORED_SCHEME = "dacapo";
export const CONVERTED_SCHEME = "dacapo-converted";
/** Before the keys of the array as it is stored. */
export const STORED_PREFIX = "stored/";

/** Where an array's files are, for whoever reads them over http; `blosc`: its chunks are Blosc frames. */
export type ReadPlace = { readonly url: string; readonly blosc: boolean };

/** Page to worker, before it is asked for any chunk of the volume. */
export const VOLUME_RPC_ID = "dacapo.volume";
export type VolumeFacts = {
  readonly id: string;
  readonly recipe: ChunkRecipe;
  /** Absent where only the page can read the array. */
  readonly place?: ReadPlace;
};

/** Worker to page: a file that it read for itself. */
export const READ_THERE_RPC_ID = "dacapo.readThere";
export type ReadThere = { readonly id: string; readonly bytes: number };

/** "0/3/1", "0.3.1" and "c/0/3/1" are chunks; ".zarray" is not. */
export function parseBlock(key: string): readonly number[] | undefined {
  const match = /^(?:c[./])?(\d{1,9}(?:[./]\d{1,9})*)$/.exec(key);
  return match?.[1]?.split(/[./]/).map(Number);
}

/** "//<volume id>/<key>" */
export function splitSuffix(suffix: string | undefined): { readonly id: string; readonly path: string } {
  const rest = (suffix ?? "").replace(/^\/\//, "");
  const slash = rest.indexOf("/");
  return slash < 0 ? { id: rest, path: "" } : { id: rest.slice(0, slash), path: rest.slice(slash + 1) };
}
