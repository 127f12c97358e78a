import { type ChartCursor, useCursorIteration } from "./chart-cursor.tsx";
import { formatCount, formatValue } from "./series/numbers.ts";
import type { Smoothed } from "./series/smoothing.ts";
import type { Trace } from "./series/trace.ts";
import { readAt } from "./series/trace-summary.ts";

type ReadoutProps = {
  readonly trace: Trace;
  readonly smoothed: Smoothed | undefined;
  readonly name: string;
  readonly unit: string;
  readonly cursor: ChartCursor;
  /** Moved by keys, so that a screen reader should say where to. */
  readonly spoken: boolean;
};

/** The values under the cursor; the last ones while there is none. */
export function TraceReadout({ trace, smoothed, name, unit, cursor, spoken }: ReadoutProps) {
  const iteration = useCursorIteration(cursor);
  const reading = readAt(trace, smoothed, iteration ?? trace.xs.at(-1) ?? 0);
  if (reading === undefined) return null;
  return (
    <p className="chart-readout" aria-live={spoken ? "polite" : "off"}>
      <span>
        {iteration === undefined ? "last: " : ""}iteration <b>{formatCount(reading.iteration)}</b>
      </span>
      <span>
        {name} <b>{formatValue(reading.value)}</b>
        {unit}
      </span>
      {smoothed && reading.mean !== undefined && (
        <span>
          mean of {formatCount(smoothed.window)} <b>{formatValue(reading.mean)}</b>
          {unit} ± {formatValue(reading.deviation ?? Number.NaN)}
        </span>
      )}
    </p>
  );
}
