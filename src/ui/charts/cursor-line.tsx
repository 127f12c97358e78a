import { usePlotArea, useXAxisScale } from "recharts";
import { type ChartCursor, useCursorIteration } from "./chart-cursor.tsx";
import type { IterationDomain } from "./chart-props.ts";

/** The shared cursor as a vertical hair over the plot. */
export function CursorLine({ cursor, window }: { readonly cursor: ChartCursor; readonly window: IterationDomain }) {
  const iteration = useCursorIteration(cursor);
  const area = usePlotArea();
  const scale = useXAxisScale();
  if (iteration === undefined || iteration < window[0] || iteration > window[1]) return null;
  const x = scale?.(iteration);
  if (area === undefined || x === undefined) return null;
  return <path className="chart-cursor" d={`M${x},${area.y}v${area.height}`} />;
}
