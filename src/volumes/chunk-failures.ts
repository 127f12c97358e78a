import { type RPC, registerRPC } from "neuroglancer/unstable/worker_rpc.js";
import { CHUNK_FAILED_RPC_ID, type ChunkFailure } from "./chunk-failure.ts";

/** Which chunks a worker has given up, by neuroglancer's id of their source. */
export type ChunkFailures = {
  has(source: number | null, key: string): boolean;
  sources(): readonly number[];
  /** Before the chunks of this source are asked for again. */
  forget(source: number): void;
  onFailure(listener: (failure: ChunkFailure) => void): void;
  dispose(): void;
};

const sinks = new WeakMap<RPC, (failure: ChunkFailure) => void>();

registerRPC(CHUNK_FAILED_RPC_ID, function (this: RPC, failure: ChunkFailure) {
  sinks.get(this)?.(failure);
});

export function watchChunkFailures(rpc: RPC): ChunkFailures {
  const failed = new Map<number, Set<string>>();
  const listeners = new Set<(failure: ChunkFailure) => void>();
  sinks.set(rpc, (failure) => {
    const keys = failed.get(failure.source) ?? new Set();
    failed.set(failure.source, keys.add(failure.key));
    for (const listener of listeners) listener(failure);
  });
  return {
    has: (source, key) => source !== null && (failed.get(source)?.has(key) ?? false),
    sources: () => [...failed.keys()],
    forget: (source) => failed.delete(source),
    onFailure: (listener) => listeners.add(listener),
    dispose: () => sinks.delete(rpc),
  };
}
