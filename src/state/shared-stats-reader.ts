import { createStatsReader, type WorkerStatsReader } from "#storage/stats-reader.ts";
import type { StatsReader } from "#storage/stats-store.ts";

let reader: WorkerStatsReader | undefined;
let holders = 0;

/** One reader of stats serves all runs of the page: pickles are parsed one after another, off the page's thread. */
export const sharedStatsReader: StatsReader = {
  read(kind, format, bytes, options) {
    reader ??= createStatsReader();
    return reader.read(kind, format, bytes, options);
  },
};

/** The last who lets go ends its thread. */
export function holdStatsReader(): () => void {
  holders += 1;
  return () => {
    holders -= 1;
    if (holders > 0) return;
    reader?.dispose();
    reader = undefined;
  };
}
