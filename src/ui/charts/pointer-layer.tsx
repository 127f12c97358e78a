import { type PointerEvent, useState } from "react";
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
  readonly onReset: () => void;
};

/** Pixels that a pointer may move between down and up and still have clicked. */
const CLICK = 4;

/** Takes the pointer over the plot: moving points, clicking picks, dragging zooms, a double click resets. */
export function PointerLayer(props: PointerProps) {
  const area = usePlotArea();
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
          else if (drag !== undefined) props.onPick(locate(event));
        }}
        onDoubleClick={props.onReset}
      />
    </g>
  );
}

function toPlotPoint(event: PointerEvent<SVGElement>, area: PlotArea, [first, last]: IterationDomain): PlotPoint {
  const box = event.currentTarget.getBoundingClientRect();
  const x = Math.min(area.width, Math.max(0, ((event.clientX - box.left) / box.width) * area.width));
  const y = Math.min(area.height, Math.max(0, ((event.clientY - box.top) / box.height) * area.height));
  return { x, y, width: area.width, height: area.height, iteration: first + (x / area.width) * (last - first) };
}
