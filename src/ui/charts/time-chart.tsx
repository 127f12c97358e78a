import { useMemo, useState } from "react";
import type { TimeChartProps } from "./chart-props.ts";
import { formatDuration } from "./series/numbers.ts";
import { toThroughput, totalOf } from "./series/throughput.ts";
import { createTraceCache } from "./series/trace.ts";
import { TraceChart } from "./trace-chart.tsx";
import { useSmoothed } from "./use-smoothed.ts";

/** Seconds of an optimisation step, or what is done in a second; DaCapo leaves the fetching of batches out of the time. */
export function TimeChart({ stats, mode, batchSize, smoothing = 1, ...props }: TimeChartProps) {
  const [cache] = useState(createTraceCache);
  const { iterations, times } = stats;
  const values = useMemo(() => (mode === "seconds" ? times : toThroughput(times, batchSize)), [times, mode, batchSize]);
  const total = useMemo(() => totalOf(times), [times]);
  const trace = cache.traceOf(iterations, values);
  const smoothed = useSmoothed(trace, smoothing, false);
  const what =
    mode === "seconds"
      ? { name: "time", unit: " s" }
      : { name: "throughput", unit: batchSize === undefined ? " iterations/s" : " samples/s" };
  return (
    <TraceChart
      {...props}
      {...what}
      trace={trace}
      smoothed={smoothed}
      fromZero
      footnote={<span>{formatDuration(total)} in optimisation steps, fetching of batches not counted</span>}
    />
  );
}
