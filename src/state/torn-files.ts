// Tells a file that is being rewritten from one that stays cut off: a copy that broke off, a full disk, a killed training.
import type { Stamp } from "#storage/store.ts";

export type TornFiles = {
  /** To be called for each look at which the file was cut off. */
  isBroken(file: string, stamp: Stamp): boolean;
  forget(file: string): void;
};

/** DaCapo writes even a million losses in a few seconds. */
const longestWriteMs = 60_000;
/** So many looks at one version, where a server does not say when it was written. */
const looksUntilBroken = 3;

export function createTornFiles(now: () => number): TornFiles {
  const seen = new Map<string, { readonly version: string; readonly looks: number }>();
  return {
    isBroken(file, stamp) {
      const version = JSON.stringify([stamp.etag, stamp.lastModified, stamp.size]);
      const before = seen.get(file);
      const looks = before?.version === version ? before.looks + 1 : 1;
      seen.set(file, { version, looks });
      return looks >= looksUntilBroken || now() - Date.parse(stamp.lastModified ?? "") > longestWriteMs;
    },
    forget: (file) => void seen.delete(file),
  };
}
