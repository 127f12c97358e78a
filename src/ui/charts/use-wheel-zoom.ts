import { type RefObject, useEffect, useEffectEvent } from "react";
import type { IterationDomain } from "./chart-props.ts";
import { panWindow, zoomWindow } from "./series/windows.ts";

export type WheelZoom = {
  readonly window: IterationDomain;
  readonly whole: IterationDomain;
  /** Of the drawing inside the element, in CSS pixels. */
  readonly left: number;
  readonly width: number;
  readonly onZoom: ((window: IterationDomain) => void) | undefined;
};

/** How much a pixel of the wheel zooms. */
const SPEED = 0.005;

/**
 * A pinch on a touchpad, or the wheel with Ctrl, zooms at the pointer; a sideways swipe pans while zoomed. The plain wheel is
 * left to scroll the panel. Not React's onWheel, which may not keep the page from zooming.
 */
export function useWheelZoom(frame: RefObject<HTMLElement | null>, zoom: WheelZoom): void {
  const onWheel = useEffectEvent((event: WheelEvent) => {
    const next = planWheel(event, zoom);
    if (next === undefined || zoom.onZoom === undefined) return;
    event.preventDefault();
    zoom.onZoom(next);
  });
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const listen = (event: WheelEvent) => onWheel(event);
    element.addEventListener("wheel", listen, { passive: false });
    return () => element.removeEventListener("wheel", listen);
  }, [frame]);
}

function planWheel(event: WheelEvent, { window, whole, left, width }: WheelZoom): IterationDomain | undefined {
  if (event.ctrlKey || event.metaKey) {
    const from = (event.currentTarget as HTMLElement).getBoundingClientRect().left + left;
    const anchor = window[0] + ((event.clientX - from) / width) * (window[1] - window[0]);
    return zoomWindow(window, Math.exp(Math.max(-100, Math.min(100, event.deltaY)) * SPEED), anchor);
  }
  const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  const zoomed = window[0] > whole[0] || window[1] < whole[1];
  return sideways && zoomed ? panWindow(window, event.deltaX / width, whole) : undefined;
}
