export const CHUNK_FAILED_RPC_ID = "dacapo.chunkFailed";

/** Worker to page. `key` holds neuroglancer's chunk indices, last array axis first: "x,y,z". */
export type ChunkFailure = { readonly source: number; readonly key: string; readonly message: string };

/** Chunk indices in array axis order. */
export function toBlock(key: string): readonly number[] {
  return key.split(",").map(Number).reverse();
}
