import { useEffect, useState } from "react";
import type { DatasetEntry } from "#state/dataset-arrays.ts";
import type { OtherRaw } from "#state/other-raws.ts";
import type { ReachedArray } from "#state/reach-array.ts";
import { useCommands } from "../app-context.ts";

export type Reaching = {
  /** "nowhere": no address of this page's could be it. Undefined until it is asked for. */
  of(file: OtherRaw): ReachedArray | "asking" | "nowhere" | undefined;
  /** How many arrays have not been looked for. */
  readonly unasked: number;
  /** Looks for all of them. */
  readonly ask: () => void;
};

const atOnce = 3;

/** So many are looked for without being asked. */
const mostUnasked = 6;

/** Looks for the arrays of a datasplit: those few on the run's own server at once, others when asked, for a config may name anybody's. */
export function useReached(entries: readonly DatasetEntry[], run: string): Reaching {
  const { reachArray } = useCommands();
  const [found, setFound] = useState<ReadonlyMap<string, ReachedArray | "asking">>(new Map());
  const [wanted, setWanted] = useState<readonly OtherRaw[]>([]);
  const files = toFiles(entries);
  useEffect(() => {
    setFound(new Map());
    setWanted(toFiles(entries).filter(isBeside(run)).slice(0, mostUnasked));
  }, [entries, run]);
  useEffect(() => {
    if (wanted.length === 0) return;
    const left = new AbortController();
    const queue = [...wanted];
    const set = (path: string, value: ReachedArray | "asking") =>
      left.signal.aborted || setFound((before) => new Map(before).set(path, value));
    const work = async (): Promise<void> => {
      for (let file = queue.shift(); file !== undefined && !left.signal.aborted; file = queue.shift()) {
        set(file.path, "asking");
        set(file.path, await reachArray(file, left.signal));
      }
    };
    for (let n = 0; n < atOnce; n++) void work().catch(() => undefined); // only what was left rejects
    return () => left.abort();
  }, [wanted, reachArray]);
  return {
    of: (file) => (file.addresses.length === 0 ? "nowhere" : found.get(file.path)),
    unasked: files.filter(({ path, addresses }) => addresses.length > 0 && !found.has(path)).length,
    ask: () => setWanted(files.filter(({ path, addresses }) => addresses.length > 0 && !found.has(path))),
  };
}

function toFiles(entries: readonly DatasetEntry[]): readonly OtherRaw[] {
  const files = entries.flatMap(({ arrays }) => arrays.flatMap((array) => array.files));
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function isBeside(run: string): (file: OtherRaw) => boolean {
  const origin = originOf(run);
  return ({ addresses }) => addresses.length > 0 && addresses.every((address) => originOf(address) === origin);
}

/** Of an s3 address its bucket. */
function originOf(address: string): string | undefined {
  return /^[a-z0-9]+:\/\/[^/]+/i.exec(address)?.[0];
}
