import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { toWindow } from "../parts/row-window.ts";

export type RowWindow = ReturnType<typeof toWindow> & {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly onScroll: () => void;
};

/** Which of equally high rows are in sight of their scroller. */
export function useRowWindow(count: number, rowHeight: number): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element !== null) setView({ top: element.scrollTop, height: element.clientHeight });
  }, []);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(onScroll);
    observer.observe(element);
    return () => observer.disconnect();
  }, [onScroll]);
  return { scroller, onScroll, ...toWindow(count, rowHeight, view.top, view.height) };
}
