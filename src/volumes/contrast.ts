/**
 * The values to draw black and white: the 0.5th and 99.5th percentile of values in ascending order, widened where they are equal.
 * `undefined` where there are none.
 */
export function toContrastRange(
  sorted: Float64Array,
  [low, high]: readonly [number, number] = [0.005, 0.995],
): readonly [black: number, white: number] | undefined {
  const at = (fraction: number) => sorted[Math.round(fraction * (sorted.length - 1))];
  const black = at(low);
  const white = at(high);
  if (black === undefined || white === undefined) return undefined;
  if (white > black) return [black, white];
  const least = sorted[0] ?? black;
  const most = sorted.at(-1) ?? white;
  return most > least ? [least, most] : [black, black + Math.max(1, Math.abs(black))];
}
