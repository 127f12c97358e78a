import { type Moments, momentsInSlices } from "./moments.ts";
import { buildPyramid, type Pyramid } from "./pyramid.ts";

/** Pyramids of the mean − one standard deviation, and of the mean + one. */
export type Band = { readonly lower: Pyramid; readonly upper: Pyramid };

/** The trailing mean of a trace over `window` iterations, ready to be drawn. `xs` is the trace's own column. */
export type Smoothed = {
  readonly xs: Float64Array;
  readonly window: number;
  readonly moments: Moments;
  readonly pyramid: Pyramid;
  readonly band: Band | undefined;
};

export type SmoothingRequest = {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly window: number;
  readonly withBand: boolean;
};

/** A generator that works for a few milliseconds between two yields, and returns what it was asked for. */
export type Slices<Result> = Generator<undefined, Result>;

export function* smoothInSlices({ xs, ys, window, withBand }: SmoothingRequest): Slices<Smoothed> {
  const moments = yield* momentsInSlices(xs, ys, window);
  const pyramid = buildPyramid(moments.mean);
  yield undefined;
  const band = withBand ? yield* bandInSlices(moments) : undefined;
  return { xs, window, moments, pyramid, band };
}

function* bandInSlices(moments: Moments): Slices<Band> {
  const lower = buildPyramid(addScaled(moments, -1));
  yield undefined;
  const upper = buildPyramid(addScaled(moments, 1));
  return { lower, upper };
}

function addScaled({ mean, deviation }: Moments, deviations: number): Float64Array {
  const edge = new Float64Array(mean.length);
  for (let i = 0; i < edge.length; i++) edge[i] = (mean[i] as number) + deviations * (deviation[i] as number);
  return edge;
}

/** Runs slices to their end without a pause. */
export function finish<Result>(slices: Slices<Result>): Result {
  for (;;) {
    const step = slices.next();
    if (step.done) return step.value;
  }
}

/** Longest stretch of work, in milliseconds, between two returns to the page. */
const BUDGET = 8;

/** Runs slices to their end, returning to the event loop in between. Rejects with the signal's reason when it aborts. */
export async function finishInPieces<Result>(slices: Slices<Result>, signal: AbortSignal): Promise<Result> {
  for (;;) {
    const until = performance.now() + BUDGET;
    do {
      const step = slices.next();
      if (step.done) return step.value;
    } while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
  }
}
