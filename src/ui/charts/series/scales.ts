/** Value to pixel; NaN where the scale has no place for the value. */
export type Scale = (value: number) => number;

export type Pair = readonly [number, number];

/** The scale that recharts draws its axes with for a given domain and pixel range: here without a call per point into it. */
export function toScale([low, high]: Pair, [from, to]: Pair, log = false): Scale {
  if (!log) {
    const factor = (to - from) / (high - low);
    return (value) => from + (value - low) * factor;
  }
  const base = Math.log(low);
  const factor = (to - from) / (Math.log(high) - base);
  return (value) => (value > 0 ? from + (Math.log(value) - base) * factor : Number.NaN);
}
