import type { ValueHistogram } from "./volume-viewer.ts";

const BINS = 64;

/** Whole numbers that are few get a bin each, so that none falls between two. */
function toBinCount(sorted: Float64Array, least: number, most: number): number {
  const spread = most - least;
  return spread < BINS && sorted.every(Number.isInteger) ? spread + 1 : BINS;
}

/** Of values in ascending order; `undefined` where there are none. */
export function toHistogram(sorted: Float64Array): ValueHistogram | undefined {
  const least = sorted[0];
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) return undefined;
  const bins = toBinCount(sorted, least, most);
  const spread = most - least;
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) {
    // divided first: a bin of the smallest spreads would have no width at all
    const bin = spread > 0 ? Math.min(bins - 1, Math.floor(((value - least) / spread) * bins)) : 0;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { begin: least, end: spread > 0 ? most : least + 1, counts };
}
