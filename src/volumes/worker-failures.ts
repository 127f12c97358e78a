import { Chunk } from "neuroglancer/unstable/chunk_manager/backend.js";
import { CHUNK_FAILED_RPC_ID, type ChunkFailure } from "./chunk-failure.ts";

// neuroglancer only logs a chunk that cannot be read or decoded, and waits for it for ever: the page must hear of it.
const downloadFailed = Chunk.prototype.downloadFailed;

Chunk.prototype.downloadFailed = function (this: Chunk, error: unknown): void {
  downloadFailed.call(this, error);
  const { source, key } = this;
  if (source === null || key === null) return;
  const message = error instanceof Error ? error.message : String(error);
  const failure: ChunkFailure = { source: source.rpcId, key, message };
  source.rpc.invoke(CHUNK_FAILED_RPC_ID, { ...failure });
};
