import { useEffect, useMemo, useState } from "react";
import { finish, finishInPieces, type Smoothed, smoothInSlices } from "./series/smoothing.ts";
import type { Trace } from "./series/trace.ts";

/** Points that are smoothed within a frame; more are smoothed in pieces between frames. */
const AT_ONCE = 30_000;

/**
 * The smoothed trace, over all its points whatever is in view. Of a long trace the last finished one stays until the next
 * is whole. Undefined where nothing is to be smoothed.
 */
export function useSmoothed(trace: Trace, window: number, withBand: boolean): Smoothed | undefined {
  const { xs, ys } = trace;
  const wanted = window > 1 && xs.length > 1;
  const small = useMemo(
    () => (wanted && xs.length <= AT_ONCE ? finish(smoothInSlices({ xs, ys, window, withBand })) : undefined),
    [wanted, xs, ys, window, withBand],
  );
  const [large, setLarge] = useState<Smoothed>();
  useEffect(() => {
    if (!wanted || xs.length <= AT_ONCE) return;
    const stop = new AbortController();
    finishInPieces(smoothInSlices({ xs, ys, window, withBand }), stop.signal).then(setLarge, (reason: unknown) => {
      if (!stop.signal.aborted) throw reason;
    });
    return () => stop.abort();
  }, [wanted, xs, ys, window, withBand]);
  return wanted ? (small ?? large) : undefined;
}
