import type { Curve } from "./run-curves.ts";
import { buildTrace } from "./trace.ts";

export type MeanCurve = {
  readonly curve: Curve;
  /** One standard deviation of the repetitions below and above their mean, at the curve's own places. */
  readonly low: Float64Array;
  readonly high: Float64Array;
};

/**
 * The mean of repetitions at the places of the longest of them. The others are read there between their neighbours, and
 * count only where they have been; so does NaN for nothing.
 */
export function toMeanCurve(curves: readonly Curve[]): MeanCurve {
  const members = curves.map(({ xs, ys }) => buildTrace(xs, ys)).filter(({ xs }) => xs.length > 0);
  const longest = members.reduce((a, b) => (b.xs.length > a.xs.length ? b : a), members[0] ?? buildTrace(none, none));
  const { xs } = longest;
  const columns = members.map((member) => readAt(member, xs));
  const [mean, low, high] = [new Float64Array(xs.length), new Float64Array(xs.length), new Float64Array(xs.length)];
  for (let i = 0; i < xs.length; i++) {
    const { center, deviation } = momentsOf(columns, i);
    mean[i] = center;
    low[i] = center - deviation;
    high[i] = center + deviation;
  }
  return { curve: { xs, ys: mean }, low, high };
}

const none = new Float64Array(0);

/** Mean and standard deviation (of a sample) of those columns that have a number. */
export function momentsOf(columns: readonly Float64Array[], i: number): { center: number; deviation: number } {
  let [count, sum, squares] = [0, 0, 0];
  for (const column of columns) {
    const value = column[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    count += 1;
    sum += value;
  }
  const center = count === 0 ? Number.NaN : sum / count;
  for (const column of columns) {
    const value = column[i] ?? Number.NaN;
    if (!Number.isNaN(value)) squares += (value - center) ** 2;
  }
  return { center, deviation: count < 2 ? 0 : Math.sqrt(squares / (count - 1)) };
}

/** Both ascending: one walk through the two. */
function readAt(curve: Curve, places: Float64Array): Float64Array {
  const { xs, ys } = curve;
  let next = 0;
  return places.map((x) => {
    while (next < xs.length && (xs[next] ?? 0) < x) next += 1;
    const [right, y] = [xs[next], ys[next]];
    if (right === undefined || y === undefined) return Number.NaN;
    if (right === x) return y;
    const [left, before] = [xs[next - 1], ys[next - 1]];
    if (left === undefined || before === undefined) return Number.NaN;
    return before + ((y - before) * (x - left)) / (right - left);
  });
}
