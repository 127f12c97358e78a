import type { StatsFormat, StatsKind } from "./run-layout.ts";
import { parseStats } from "./stats-messages.ts";
import type { StatsReadOptions, WorkerStatsReader } from "./stats-reader.ts";
import type { StatsByKind } from "./stats-store.ts";

/** As `createStatsReader`, on the calling thread: for Node, where there is no such worker. */
export function createInlineStatsReader(): WorkerStatsReader {
  return {
    read: async <Kind extends StatsKind>(
      kind: Kind,
      format: StatsFormat,
      bytes: Uint8Array,
      options: StatsReadOptions = {},
    ) => {
      options.signal?.throwIfAborted();
      return parseStats(kind, format, bytes, options.onProgress) as StatsByKind[Kind];
    },
    dispose() {},
  };
}
