import { lowerBound } from "./sorted-search.ts";

/** Values that no line can pass through; "not-positive" only where the scale is logarithmic. */
export type OddKind = "nan" | "+infinity" | "-infinity" | "not-positive";

/** Positions of the odd values of a column, ascending. */
export type OddValues = Readonly<Record<OddKind, Uint32Array>>;

/** `positive` positions count zero and below as odd too. */
export function findOddValues(ys: Float64Array): OddValues {
  const found: Record<OddKind, number[]> = { nan: [], "+infinity": [], "-infinity": [], "not-positive": [] };
  for (let i = 0; i < ys.length; i++) {
    const value = ys[i] as number;
    if (value > 0 && value < Number.POSITIVE_INFINITY) continue;
    found[toOddKind(value)].push(i);
  }
  return {
    nan: Uint32Array.from(found.nan),
    "+infinity": Uint32Array.from(found["+infinity"]),
    "-infinity": Uint32Array.from(found["-infinity"]),
    "not-positive": Uint32Array.from(found["not-positive"]),
  };
}

function toOddKind(value: number): OddKind {
  if (Number.isNaN(value)) return "nan";
  if (value === Number.POSITIVE_INFINITY) return "+infinity";
  return value === Number.NEGATIVE_INFINITY ? "-infinity" : "not-positive";
}

/** How many of the positions lie from `begin` up to, not including, `end`. */
export function countBetween(positions: Uint32Array, begin: number, end: number): number {
  return lowerBound(positions, end) - lowerBound(positions, begin);
}

/** One iteration for every pixel column of the window that holds at least one of the positions. */
export function columnsWith(
  xs: Float64Array,
  positions: Uint32Array,
  window: { readonly first: number; readonly last: number; readonly columns: number },
): readonly number[] {
  const width = (window.last - window.first) / window.columns;
  const marked: number[] = [];
  let k = lowerBound(positions, lowerBound(xs, window.first));
  while (k < positions.length) {
    const x = xs[positions[k] as number] as number;
    if (x > window.last) break;
    marked.push(x);
    k = Math.max(k + 1, lowerBound(positions, lowerBound(xs, x + width), k));
  }
  return marked;
}
