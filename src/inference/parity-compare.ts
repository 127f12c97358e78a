/** How far two sets of values are apart. */
export type Comparison = {
  /** Values compared. */
  readonly count: number;
  /** Largest absolute difference; infinite where one side alone is no number. */
  readonly maxDifference: number;
  readonly meanDifference: number;
  /** Of the largest difference, in the order of the values; -1 where nothing differs. */
  readonly index: number;
};

/** Values of equal length, in the same order. NaN on both sides counts as equal. */
export function compareVoxels(a: ArrayLike<number>, b: ArrayLike<number>): Comparison {
  if (a.length !== b.length) {
    return { count: 0, maxDifference: Number.POSITIVE_INFINITY, meanDifference: Number.POSITIVE_INFINITY, index: -1 };
  }
  let [maxDifference, sum, index] = [0, 0, -1];
  for (let i = 0; i < a.length; i++) {
    const difference = differenceOf(a[i] ?? 0, b[i] ?? 0);
    sum += difference;
    if (difference > maxDifference) [maxDifference, index] = [difference, i];
  }
  return { count: a.length, maxDifference, meanDifference: a.length > 0 ? sum / a.length : 0, index };
}

function differenceOf(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  const difference = Math.abs(a - b);
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}
