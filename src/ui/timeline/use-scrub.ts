import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { scrubOf } from "#state/selectors.ts";
import { useApp, useCommands } from "../app-context.ts";
import { type Axis, type Mark, nearestMark } from "./timeline-marks.ts";

/** Drag, click and keys over the track; what lies under the pointer. */
export function useScrub(selectable: readonly Mark[], marks: readonly Mark[], axis: Axis) {
  const { select, setCursor, compare } = useCommands();
  const app = useApp();
  const keys = useTrackKeys();
  const [hovered, setHovered] = useState<Mark | undefined>(undefined);
  const choose = (x: number) => {
    const mark = nearestMark(selectable, axis, x);
    if (mark !== undefined) select(scrubOf(app.store.getState()).toPart(mark.iteration));
  };
  const compareWith = (x: number) => {
    const mark = nearestMark(selectable, axis, x);
    if (mark !== undefined) compare({ iteration: mark.iteration, run: undefined });
  };
  const hover = (x: number | undefined) => {
    const mark = x === undefined ? undefined : nearestMark(marks, axis, x);
    setHovered(mark);
    setCursor(mark?.iteration);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      if (event.shiftKey) return compareWith(toX(event));
      event.currentTarget.setPointerCapture(event.pointerId);
      choose(toX(event));
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      hover(toX(event));
      if (event.currentTarget.hasPointerCapture(event.pointerId)) choose(toX(event));
    },
    onPointerLeave: () => hover(undefined),
    onPointerUp: (event: PointerEvent<HTMLElement>) => event.pointerType === "touch" && hover(undefined),
    onKeyDown: keys,
  };
  const shown = hovered === undefined ? undefined : marks.find(({ iteration }) => iteration === hovered.iteration);
  return { handlers, hovered: shown, hoveredCount: shown === undefined ? 0 : countAt(marks, axis, shown) };
}

function toX(event: PointerEvent<HTMLElement>): number {
  return event.clientX - event.currentTarget.getBoundingClientRect().left;
}

/** How many marks stand on the same pixel. */
function countAt(marks: readonly Mark[], axis: Axis, at: Mark): number {
  const x = Math.round(axis.toX(at.iteration));
  return marks.filter(({ iteration }) => Math.round(axis.toX(iteration)) === x).length;
}

function useTrackKeys() {
  const { step, first, last, select, setPlaying } = useCommands();
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => step(-1),
    ArrowDown: () => step(-1),
    ArrowRight: () => step(1),
    ArrowUp: () => step(1),
    PageDown: () => step(-10),
    PageUp: () => step(10),
    Home: first,
    End: last,
    b: () => select({ iteration: "best" }),
    l: () => select({ iteration: "latest" }),
    Escape: () => setPlaying(false),
  };
  return (event: KeyboardEvent) => {
    const action = event.ctrlKey || event.altKey || event.metaKey ? undefined : actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
}
