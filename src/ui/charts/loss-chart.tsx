import { useState } from "react";
import type { LossChartProps } from "./chart-props.ts";
import { createTraceCache } from "./series/trace.ts";
import { TraceChart } from "./trace-chart.tsx";
import { useSmoothed } from "./use-smoothed.ts";

/** Loss against iteration. */
export function LossChart({ stats, smoothing = 1, showBand = false, ...props }: LossChartProps) {
  const [cache] = useState(createTraceCache);
  const trace = cache.traceOf(stats.iterations, stats.losses);
  const smoothed = useSmoothed(trace, smoothing, showBand);
  return <TraceChart {...props} trace={trace} smoothed={smoothed} name="loss" unit="" />;
}
