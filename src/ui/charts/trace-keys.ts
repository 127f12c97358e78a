import type { KeyboardEvent } from "react";
import type { ChartCursor } from "./chart-cursor.tsx";
import type { IterationDomain } from "./chart-props.ts";
import { nearestIndex } from "./series/sorted-search.ts";
import type { Trace } from "./series/trace.ts";
import { positionsWithin } from "./series/trace-summary.ts";

/** Arrow keys walk the records, Home and End go to the ends of what is in view, Enter selects. */
export function toTraceKeys(
  { xs }: Trace,
  window: IterationDomain,
  cursor: ChartCursor,
  onSelect: ((iteration: number) => void) | undefined,
): (event: KeyboardEvent) => boolean {
  return (event) => {
    const [begin, end] = positionsWithin(xs, window);
    if (end === begin) return false;
    const here = cursor.get();
    const position = here === undefined ? begin - 1 : nearestIndex(xs, here);
    const stride = Math.max(1, Math.round((end - begin) / (event.shiftKey ? 10 : 100)));
    const targets: Record<string, number> = {
      ArrowLeft: position - stride,
      ArrowRight: position + stride,
      Home: begin,
      End: end - 1,
    };
    if (event.key === "Enter" && here !== undefined) {
      onSelect?.(xs[nearestIndex(xs, here)] ?? here);
      return true;
    }
    const target = Object.hasOwn(targets, event.key) ? targets[event.key] : undefined;
    if (target === undefined) return false;
    cursor.set(xs[Math.min(end - 1, Math.max(begin, target))]);
    return true;
  };
}
