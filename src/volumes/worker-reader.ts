import { toHttpStore } from "#storage/http-store.ts";
import type { Fetched, Store } from "#storage/store.ts";
import { checkBlosc } from "./check-blosc.ts";
import { parseBlock, type ReadPlace } from "./volume-keys.ts";
import type { SourceReadOptions } from "./volume-source.ts";

export type WorkerReader = {
  /**
   * A file of the array, or that there is none. Undefined for whatever went wrong: the page then reads it once more, and
   * says why it cannot.
   */
  read(key: string, options: SourceReadOptions): Promise<Exclude<Fetched, { status: "unchanged" }> | undefined>;
};

/** Reads an array's files over http on the calling thread. */
export function createWorkerReader(place: ReadPlace, store: Store = toHttpStore(place.url)): WorkerReader {
  return {
    async read(key, { signal, byteRange }) {
      const options = signal ? { signal } : {};
      try {
        const fetched = await (byteRange === undefined
          ? store.read(key, options)
          : store.readRange(key, byteRange, options));
        if (fetched.status === "unchanged") return undefined;
        const isFrame = place.blosc && byteRange === undefined && parseBlock(key) !== undefined;
        if (isFrame && fetched.status === "found") checkBlosc(fetched.bytes);
        return fetched;
      } catch {
        signal?.throwIfAborted();
        return undefined;
      }
    },
  };
}
