import { type RefObject, useLayoutEffect, useState } from "react";

/** Content width of an element in CSS pixels; 0 before it is measured. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(element.current);
    setWidth(Math.round(element.current.clientWidth));
    return () => observer.disconnect();
  }, [element]);
  return width;
}
