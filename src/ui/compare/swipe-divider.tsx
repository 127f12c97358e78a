import type { KeyboardEvent, PointerEvent } from "react";
import { useAppState, useCommands } from "../app-context.ts";

const steps: Readonly<Record<string, number>> = { ArrowLeft: -0.02, ArrowRight: 0.02, PageUp: -0.1, PageDown: 0.1 };
const ends: Readonly<Record<string, number>> = { Home: 0, End: 1 };

/** A is left of it, B right: drag it, or use the arrow keys. */
export function SwipeDivider() {
  const { setSplit } = useCommands();
  const split = useAppState((state) => state.split);
  const peeking = useAppState((state) => state.peeking);
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const volumes = event.currentTarget.parentElement?.getBoundingClientRect();
    if (volumes !== undefined && volumes.width > 0) setSplit((event.clientX - volumes.left) / volumes.width);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = steps[event.key];
    const next = by === undefined ? ends[event.key] : split + by;
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setSplit(next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: hr cannot be focused and dragged
    <div
      className="dv-swipe"
      role="separator"
      aria-orientation="vertical"
      aria-label="A is left of this, B right"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * split)}
      tabIndex={0}
      data-peeking={peeking || undefined}
      style={{ left: `${100 * (peeking ? 0.5 : split)}%` }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    >
      <span className="dv-over dv-compare-name">A</span>
      <span className="dv-over dv-compare-name">B</span>
    </div>
  );
}
