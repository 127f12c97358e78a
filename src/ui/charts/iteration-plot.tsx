import { type KeyboardEvent, memo, type ReactNode, type RefObject, useMemo } from "react";
import { CartesianGrid, ComposedChart, XAxis, YAxis } from "recharts";
import type { ChartCursor } from "./chart-cursor.tsx";
import type { IterationDomain } from "./chart-props.ts";
import { CursorLine } from "./cursor-line.tsx";
import { type PlotPoint, PointerLayer } from "./pointer-layer.tsx";
import { linearScale, logScale } from "./series/axis-scale.ts";
import { formatIterationTick, formatTick } from "./series/numbers.ts";
import { toLogTicks, toTicks } from "./series/ticks.ts";
import { panWindow, toDomain, zoomWindow } from "./series/windows.ts";
import { type View, ViewContext } from "./use-plot.ts";
import { useWheelZoom } from "./use-wheel-zoom.ts";

/** Of every chart, so that the same iteration stands at the same place in charts above each other. */
export const VALUE_AXIS_WIDTH = 52;
const ITERATION_AXIS_HEIGHT = 24;
const MARGIN_TOP = 8;
/** Half of the label of the last iteration, which stands at the very end. */
const MARGIN_RIGHT = 24;

/** Width that is left for the drawing in an element so wide; not positive where there is none. */
export function toPlotWidth(elementWidth: number, marginRight = MARGIN_RIGHT): number {
  return elementWidth - VALUE_AXIS_WIDTH - marginRight;
}

/** Height that is left for the drawing. */
export function toPlotHeight(height: number): number {
  return height - ITERATION_AXIS_HEIGHT - MARGIN_TOP;
}

export type PlotFrame = {
  /** The element that the plot is in, and how wide it is. */
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly width: number;
  /** What a screen reader says of the drawing. */
  readonly label: string;
  readonly whole: IterationDomain;
  readonly view: View;
  readonly height: number;
  /** Room at the right for direct labels, in pixels. */
  readonly marginRight?: number | undefined;
  readonly cursor: ChartCursor;
  readonly onDomainChange?: ((domain: IterationDomain | undefined) => void) | undefined;
};

export type PlotActions = {
  readonly onPoint: (point: PlotPoint | undefined) => void;
  readonly onPick: (point: PlotPoint) => void;
  /** True when the key was used. Asked before the keys that zoom. */
  readonly onKey: (event: KeyboardEvent) => boolean;
};

/** Axes, grid, cursor, drag to zoom and keys over iterations; what is drawn on them are its children. */
export function IterationPlot({ children, ...props }: PlotFrame & PlotActions & { readonly children: ReactNode }) {
  const { view, height, marginRight = MARGIN_RIGHT, width, cursor } = props;
  const { window } = view;
  const plotWidth = toPlotWidth(width, marginRight);
  const plotHeight = toPlotHeight(height);
  const margin = useMemo(() => ({ top: MARGIN_TOP, right: marginRight, bottom: 0, left: 0 }), [marginRight]);
  const zoomTo = (next: IterationDomain) => props.onDomainChange?.(toDomain(next, props.whole));
  useWheelZoom(props.frame, {
    window,
    whole: props.whole,
    left: VALUE_AXIS_WIDTH,
    width: plotWidth,
    onZoom: props.onDomainChange && zoomTo,
  });
  return (
    <div
      ref={props.frame}
      className="chart-plot"
      style={{ height }}
      role="img"
      aria-label={props.label}
      aria-keyshortcuts="ArrowLeft ArrowRight Home End Enter + - PageUp PageDown Escape"
      aria-description="Arrow keys move the cursor, Enter selects, plus and minus zoom, Escape shows all iterations."
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the drawing is read and zoomed with keys
      tabIndex={0}
      onBlur={() => props.onPoint(undefined)}
      onKeyDown={(event) => handleKey(event, props, zoomTo)}
    >
      {plotWidth > 0 && (
        <ComposedChart width={width} height={height} accessibilityLayer={false} margin={margin}>
          <Axes view={view} width={plotWidth} height={plotHeight} />
          <ViewContext value={view}>
            {children}
            <CursorLine cursor={cursor} />
          </ViewContext>
          <PointerLayer
            window={window}
            onPoint={props.onPoint}
            onPick={props.onPick}
            onZoom={props.onDomainChange && zoomTo}
            onReset={isZoomed(window, props.whole) ? () => props.onDomainChange?.(undefined) : undefined}
          />
        </ComposedChart>
      )}
    </div>
  );
}

type AxesProps = { readonly view: View; readonly width: number; readonly height: number };

/** Recharts measures and lays out anew whenever an axis is given to it: only when the view or its room changes. */
const Axes = memo(function Axes({ view: { window, values, log }, width, height }: AxesProps) {
  const valueTicks = (log ? toLogTicks : toTicks)(values[0], values[1], Math.max(2, Math.floor(height / 36)));
  return (
    <>
      <CartesianGrid vertical={false} />
      <XAxis
        type="number"
        dataKey="iteration"
        scale={linearScale}
        domain={[...window]}
        allowDataOverflow
        niceTicks="none"
        ticks={toIterationTicks(window, width)}
        tickFormatter={formatIterationTick}
        interval="preserveStartEnd"
        height={ITERATION_AXIS_HEIGHT}
        tickSize={4}
      />
      <YAxis
        type="number"
        scale={log ? logScale : linearScale}
        domain={[...values]}
        allowDataOverflow
        niceTicks="none"
        ticks={[...valueTicks]}
        tickFormatter={formatTick}
        interval="equidistantPreserveStart"
        width={VALUE_AXIS_WIDTH}
        axisLine={false}
        tickSize={4}
      />
    </>
  );
});

function isZoomed(window: IterationDomain, whole: IterationDomain): boolean {
  return window[0] > whole[0] || window[1] < whole[1];
}

function toIterationTicks([first, last]: IterationDomain, width: number): number[] {
  return toTicks(first, last, Math.max(2, Math.floor(width / 80)), true).filter((tick) => tick >= 0);
}

function handleKey(
  event: KeyboardEvent,
  { view: { window }, whole, cursor, onDomainChange, onKey }: PlotFrame & PlotActions,
  zoomTo: (next: IterationDomain) => void,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const anchor = cursor.get() ?? (window[0] + window[1]) / 2;
  const zooms: Record<string, () => void> = {
    "+": () => zoomTo(zoomWindow(window, 0.5, anchor)),
    "=": () => zoomTo(zoomWindow(window, 0.5, anchor)),
    "-": () => zoomTo(zoomWindow(window, 2, anchor)),
    "0": () => onDomainChange?.(undefined),
    Escape: () => onDomainChange?.(undefined),
    PageUp: () => zoomTo(panWindow(window, -0.5, whole)),
    PageDown: () => zoomTo(panWindow(window, 0.5, whole)),
  };
  const resets = event.key === "Escape" || event.key === "0";
  const applies =
    onDomainChange !== undefined && Object.hasOwn(zooms, event.key) && (!resets || isZoomed(window, whole));
  const zoom = applies ? zooms[event.key] : undefined;
  if (!onKey(event)) {
    if (zoom === undefined) return;
    zoom();
  }
  event.preventDefault();
  event.stopPropagation();
}
