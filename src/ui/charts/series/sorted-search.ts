// Pure series code: typed columns in, typed columns out. No React, no DOM, no colours.
// A trace is two columns of equal length, `xs` strictly ascending iterations and `ys` values that may be NaN or infinite.

/** Index of the first element that is not below `value`, in an ascending column; its length when there is none. */
export function lowerBound(column: ArrayLike<number>, value: number, from = 0, to = column.length): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] ?? Number.POSITIVE_INFINITY) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the element nearest to `value`; the lower one when two are equally near. -1 for an empty column. */
export function nearestIndex(column: ArrayLike<number>, value: number): number {
  const above = lowerBound(column, value);
  if (above === 0) return column.length === 0 ? -1 : 0;
  if (above === column.length) return above - 1;
  const distanceAbove = (column[above] ?? 0) - value;
  const distanceBelow = value - (column[above - 1] ?? 0);
  return distanceAbove < distanceBelow ? above : above - 1;
}
