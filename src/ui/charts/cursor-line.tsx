import { type ChartCursor, useCursorIteration } from "./chart-cursor.tsx";
import { isVisible, usePlot } from "./use-plot.ts";

/** The shared cursor as a vertical hair over the plot. */
export function CursorLine({ cursor }: { readonly cursor: ChartCursor }) {
  const iteration = useCursorIteration(cursor);
  const plot = usePlot();
  if (plot === undefined || iteration === undefined || !isVisible(plot, iteration)) return null;
  return <path className="chart-cursor" d={`M${plot.x(iteration)},${plot.area.y}v${plot.area.height}`} />;
}
