import type { Window } from "./decimate.ts";
import { extentOf } from "./pyramid.ts";
import type { Band } from "./smoothing.ts";
import { lowerBound } from "./sorted-search.ts";

/** Lowest and highest edge of the band inside one pixel column. */
export type BandColumn = { readonly iteration: number; readonly low: number; readonly high: number };

/** The widest the band gets in each pixel column of a window; columns without a finite band are left out. */
export function bandColumns(xs: Float64Array, band: Band, window: Window): readonly BandColumn[] {
  const step = (window.last - window.first) / window.columns;
  const columns: BandColumn[] = [];
  let begin = Math.max(0, lowerBound(xs, window.first) - 1);
  while (begin < xs.length && (xs[begin] as number) <= window.last + step) {
    const iteration = xs[begin] as number;
    const end = Math.max(begin + 1, lowerBound(xs, iteration + step, begin));
    const low = extentOf(band.lower, begin, end);
    const high = extentOf(band.upper, begin, end);
    if (low !== undefined && high !== undefined) {
      const values = { low: band.lower.values[low.minimum] as number, high: band.upper.values[high.maximum] as number };
      columns.push({ iteration, ...values });
    }
    begin = end;
  }
  return columns;
}
