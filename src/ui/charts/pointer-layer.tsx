import { type PointerEvent, useEffect, useRef, useState } from "react";
import { type PlotArea, usePlotArea } from "recharts";
import type { IterationDomain } from "./chart-props.ts";
import { spanWindow } from "./series/windows.ts";

/** A place in the plot: pixels from its top left corner, and the iteration there (not rounded). */
export type PlotPoint = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly iteration: number;
};

type PointerProps = {
  readonly window: IterationDomain;
  readonly onPoint: (point: PlotPoint | undefined) => void;
  readonly onPick: (point: PlotPoint) => void;
  readonly onZoom: ((window: IterationDomain) => void) | undefined;
  /** Present while zoomed. */
  readonly onReset: (() => void) | undefined;
};

/** Milliseconds after which a click is no longer the first half of a double click. */
const DOUBLE_CLICK = 250;

/** Pixels that a pointer may move between down and up and still have clicked. */
const CLICK = 4;

/** Takes the pointer over the plot: moving points, clicking picks, dragging zooms, a double click resets. */
export function PointerLayer(props: PointerProps) {
  const area = usePlotArea();
  const pick = usePatientPick(props.onPick);
  const [drag, setDrag] = useState<{ readonly from: PlotPoint; readonly to: PlotPoint }>();
  if (area === undefined) return null;
  const locate = (event: PointerEvent<SVGElement>) => toPlotPoint(event, area, props.window);
  const isDrag = drag !== undefined && Math.abs(drag.to.x - drag.from.x) > CLICK && props.onZoom !== undefined;
  return (
    <g className="chart-pointer">
      {isDrag && (
        <rect
          className="chart-selection"
          x={area.x + Math.min(drag.from.x, drag.to.x)}
          width={Math.abs(drag.to.x - drag.from.x)}
          y={area.y}
          height={area.height}
        />
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the plot do all that the pointer does */}
      <rect
        className="chart-hit"
        x={area.x}
        y={area.y}
        width={area.width}
        height={area.height}
        onPointerMove={(event) => {
          const to = locate(event);
          props.onPoint(to);
          if (drag !== undefined) setDrag({ from: drag.from, to });
        }}
        onPointerLeave={() => props.onPoint(undefined)}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: locate(event), to: locate(event) });
        }}
        onPointerCancel={() => setDrag(undefined)}
        onPointerUp={(event) => {
          setDrag(undefined);
          if (isDrag) props.onZoom?.(spanWindow(drag.from.iteration, locate(event).iteration));
          else if (drag !== undefined) pick(locate(event), props.onReset === undefined ? 0 : DOUBLE_CLICK);
        }}
        onDoubleClick={() => {
          pick(undefined, 0);
          props.onReset?.();
        }}
      />
    </g>
  );
}

/** Picks after a while, or at once after none; a later call, also one with nothing to pick, takes the place of an earlier. */
function usePatientPick(onPick: (point: PlotPoint) => void) {
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(waiting.current), []);
  return (point: PlotPoint | undefined, patience: number) => {
    clearTimeout(waiting.current);
    if (point === undefined) return;
    if (patience === 0) onPick(point);
    else waiting.current = setTimeout(() => onPick(point), patience);
  };
}

function toPlotPoint(event: PointerEvent<SVGElement>, area: PlotArea, [first, last]: IterationDomain): PlotPoint {
  const box = event.currentTarget.getBoundingClientRect();
  const x = Math.min(area.width, Math.max(0, ((event.clientX - box.left) / box.width) * area.width));
  const y = Math.min(area.height, Math.max(0, ((event.clientY - box.top) / box.height) * area.height));
  return { x, y, width: area.width, height: area.height, iteration: first + (x / area.width) * (last - first) };
}
