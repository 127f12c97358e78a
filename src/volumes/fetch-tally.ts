import type { FetchCount } from "./volume-viewer.ts";

type Counting = { counts(): FetchCount };

/** What has been fetched under each layer's name, by the sources it shows and those it showed before. */
export type FetchTally = {
  /** For a source that is not read any more. */
  retire(name: string, source: Counting): void;
  total(current: Iterable<readonly [name: string, source: Counting]>): Readonly<Record<string, FetchCount>>;
};

const NOTHING: FetchCount = { reads: 0, bytes: 0 };

function add(a: FetchCount, b: FetchCount): FetchCount {
  return { reads: a.reads + b.reads, bytes: a.bytes + b.bytes };
}

export function createFetchTally(): FetchTally {
  const past = new Map<string, FetchCount>();
  return {
    retire: (name, source) => void past.set(name, add(past.get(name) ?? NOTHING, source.counts())),
    total(current) {
      const total = new Map(past);
      for (const [name, source] of current) total.set(name, add(total.get(name) ?? NOTHING, source.counts()));
      return Object.fromEntries(total);
    },
  };
}
