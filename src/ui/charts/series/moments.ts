/** Values of a trailing window, as columns as long as the trace: NaN where the window holds no finite value. */
export type Moments = { readonly mean: Float64Array; readonly deviation: Float64Array };

/** Points that are worked on between two chances to stop. */
const SLICE = 1 << 15;

/**
 * Mean and standard deviation of the finite values with iterations in (x − window, x], at every point of the trace: a window
 * of iterations, not of points, so that gaps and subsampled stores do not change its meaning. `smooth_values` of DaCapo's
 * plots takes the same trailing mean over points. Runs to the end when `slices` is drained; every slice is one yield.
 *
 * Windows are merged, never subtracted (two stacks, and Chan, Golub and LeVeque 1979 for the variance): one loss of 1e30 is
 * forgotten as soon as it leaves the window.
 */
export function* momentsInSlices(xs: Float64Array, ys: Float64Array, window: number): Generator<undefined, Moments> {
  const mean = new Float64Array(xs.length);
  const deviation = new Float64Array(xs.length);
  const suffix = createSuffixes(xs.length);
  let start = 0;
  let middle = 0;
  let count = 0;
  let average = 0;
  let squares = 0;
  for (let i = 0; i < xs.length; i++) {
    const oldest = (xs[i] as number) - window;
    while (start < i && (xs[start] as number) <= oldest) start++;
    const value = ys[i] as number;
    if (value - value === 0) {
      count++;
      const offset = value - average;
      average += offset / count;
      squares += offset * (value - average);
    }
    if (start >= middle) {
      suffix.rebuild(ys, start, i);
      middle = i + 1;
      count = 0;
      average = 0;
      squares = 0;
      mean[i] = suffix.count[start] === 0 ? Number.NaN : (suffix.mean[start] as number);
      deviation[i] = Math.sqrt((suffix.squares[start] as number) / (suffix.count[start] as number));
    } else {
      const earlier = suffix.count[start] as number;
      const total = earlier + count;
      const offset = average - (suffix.mean[start] as number);
      mean[i] = total === 0 ? Number.NaN : (suffix.mean[start] as number) + offset * (count / total);
      const merged = (suffix.squares[start] as number) + squares + offset * offset * (earlier / total) * count;
      deviation[i] = Math.sqrt(merged / total);
    }
    if (i % SLICE === SLICE - 1) yield undefined;
  }
  return { mean, deviation };
}

/** Moments of ys[j .. end] for every j of the older part of the window. */
function createSuffixes(length: number) {
  const count = new Uint32Array(length);
  const mean = new Float64Array(length);
  const squares = new Float64Array(length);
  const rebuild = (ys: Float64Array, start: number, end: number): void => {
    let n = 0;
    let average = 0;
    let sum = 0;
    for (let j = end; j >= start; j--) {
      const value = ys[j] as number;
      if (value - value === 0) {
        n++;
        const offset = value - average;
        average += offset / n;
        sum += offset * (value - average);
      }
      count[j] = n;
      mean[j] = average;
      squares[j] = sum;
    }
  };
  return { count, mean, squares, rebuild };
}
