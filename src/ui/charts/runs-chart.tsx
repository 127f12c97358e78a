import { type CSSProperties, useMemo, useRef, useState } from "react";
import "./charts.css";
import { createChartCursor } from "./chart-cursor.tsx";
import { ChartFrame, ZoomReset } from "./chart-frame.tsx";
import type { IterationDomain } from "./chart-props.ts";
import { IterationPlot, toPlotWidth } from "./iteration-plot.tsx";
import { toColor } from "./score-layers.tsx";
import { decimate } from "./series/decimate.ts";
import { toRunStyle } from "./series/line-styles.ts";
import { formatCount, formatValue } from "./series/numbers.ts";
import type { Curve } from "./series/run-curves.ts";
import { finish, type Smoothed, smoothInSlices } from "./series/smoothing.ts";
import { nearestIndex } from "./series/sorted-search.ts";
import { buildTrace, type Trace } from "./series/trace.ts";
import { valuesWithin } from "./series/trace-summary.ts";
import { clampWindow } from "./series/windows.ts";
import { DeviationBand, type Drawing, TraceLine } from "./trace-layers.tsx";
import { useElementWidth } from "./use-element-width.ts";

/** `color` counts from 0 through the chart palette: a run's own, whatever else is drawn. */
export type RunSeries = {
  readonly id: string;
  readonly name: string;
  readonly color: number;
  readonly curve: Curve;
  /** Of repetitions: what they spread over, at the curve's own places. */
  readonly spread?: { readonly low: Float64Array; readonly high: Float64Array };
};

type Props = {
  readonly title: string;
  readonly series: readonly RunSeries[];
  readonly axis: string;
  readonly log?: boolean;
  /** Window of a trailing mean, in values; 1 or less draws the values themselves. */
  readonly smoothing?: number;
  readonly height?: number;
  /** The run that stands out; the others are faint then. */
  readonly hovered: string | undefined;
  readonly onHover: (id: string | undefined) => void;
};

/** Half of the last iteration's number. */
const marginRight = 24;

type Line = RunSeries & {
  readonly trace: Trace;
  readonly band: Banded | undefined;
  /** All that is drawn of it: the trace, and the edges of its band. */
  readonly traces: readonly Trace[];
};
type Banded = Pick<Smoothed, "xs" | "band">;

/** One curve a run over a shared axis, with a legend that lifts the run under the pointer. */
export function RunsChart({ title, series, axis, log = false, smoothing = 1, height = 200, ...props }: Props) {
  const [cursor] = useState(createChartCursor);
  const [domain, setDomain] = useState<IterationDomain>();
  const [at, setAt] = useState<number>();
  const frame = useRef<HTMLDivElement>(null);
  const width = useElementWidth(frame);
  const lines = useMemo(() => series.map((each) => toLine(each, smoothing)), [series, smoothing]);
  const whole = useMemo(() => wholeOf(lines), [lines]);
  const [first, last] = domain === undefined ? whole : clampWindow(domain, whole);
  const view = useMemo(
    () => ({ window: [first, last] as const, values: valuesOf(lines, [first, last], log), log }),
    [lines, first, last, log],
  );
  const columns = Math.max(1, toPlotWidth(width, marginRight));
  const drawings = useMemo(
    () => lines.map((line) => ({ line, drawing: toDrawing(line.trace, first, last, columns, log) })),
    [lines, first, last, columns, log],
  );
  const isEmpty = lines.every(({ trace }) => trace.xs.length === 0);
  return (
    <ChartFrame
      title={title}
      state="ready"
      empty={isEmpty ? `None of these runs has a ${title}.` : undefined}
      height={height}
    >
      <IterationPlot
        frame={frame}
        width={width}
        label={`${title} of ${series.map(({ name }) => name).join(", ")} against ${axis}`}
        whole={whole}
        view={view}
        height={height}
        marginRight={marginRight}
        cursor={cursor}
        onDomainChange={setDomain}
        onPoint={(point) => {
          cursor.set(point?.iteration);
          setAt(point?.iteration);
        }}
        onPick={() => undefined}
        onKey={() => false}
      >
        {drawings.map(({ line, drawing }) => (
          <g
            key={line.id}
            style={toStyle(line.color)}
            className={props.hovered === undefined || props.hovered === line.id ? undefined : "chart-faint"}
          >
            {line.band === undefined ? undefined : <DeviationBand smoothed={line.band} className="chart-run-band" />}
            <TraceLine drawing={drawing} className="chart-run" />
          </g>
        ))}
      </IterationPlot>
      <RunLegend lines={lines} at={at} hovered={props.hovered} onHover={props.onHover} />
      <p className="chart-notes">
        <span>against {axis}</span>
        {smoothing > 1 ? <span>trailing mean of {formatCount(smoothing)} values</span> : undefined}
        <ZoomReset domain={domain} onDomainChange={setDomain} />
      </p>
    </ChartFrame>
  );
}

type LegendProps = Pick<Props, "hovered" | "onHover"> & {
  readonly lines: readonly Line[];
  /** Where the pointer is on the axis: each run's value there is said. */
  readonly at: number | undefined;
};

function RunLegend({ lines, at, hovered, onHover }: LegendProps) {
  return (
    <ul className="chart-legend">
      {lines.map(({ id, name, color, trace }) => (
        <li
          key={id}
          className={hovered === undefined || hovered === id ? undefined : "chart-faint"}
          data-chart-legend={name}
          onPointerEnter={() => onHover(id)}
          onPointerLeave={() => onHover(undefined)}
        >
          <svg width={18} height={12} aria-hidden="true" style={toStyle(color)}>
            <path className="chart-line chart-run" d="M1,6h16" />
          </svg>
          {name}
          {at === undefined || trace.xs.length === 0 ? undefined : <b>{formatValue(valueAt(trace, at))}</b>}
        </li>
      ))}
    </ul>
  );
}

function valueAt({ xs, ys }: Trace, at: number): number {
  return ys[nearestIndex(xs, at)] ?? Number.NaN;
}

function toLine(series: RunSeries, smoothing: number): Line {
  const { curve, spread } = series;
  const [low, high] = [spread?.low, spread?.high].map((ys) => ys && toTrace({ xs: curve.xs, ys }, smoothing));
  const band = low && high && { xs: low.xs, band: { lower: low.pyramid, upper: high.pyramid } };
  const trace = toTrace(curve, smoothing);
  return { ...series, trace, band, traces: [trace, low, high].filter((each) => each !== undefined) };
}

function toTrace(curve: Curve, smoothing: number): Trace {
  const trace = buildTrace(curve.xs, curve.ys);
  if (smoothing <= 1 || trace.xs.length < 2) return trace;
  const { xs, ys } = trace;
  const { moments } = finish(smoothInSlices({ xs, ys, window: smoothing, withBand: false }));
  return buildTrace(xs, moments.mean);
}

/** Where the colours of the palette are used up, dashes tell runs apart. */
function toStyle(color: number): CSSProperties {
  const { color: hue, dash } = toRunStyle(color);
  return { color: toColor(hue), strokeDasharray: dash };
}

/** Hours are never evenly spaced: only what is missing of iterations would be a gap. */
const noGaps = new Uint32Array(0);

function toDrawing(trace: Trace, first: number, last: number, columns: number, log: boolean): Drawing {
  const pyramid = log ? trace.logPyramid : trace.pyramid;
  return { xs: trace.xs, ys: pyramid.values, chosen: decimate(trace.xs, pyramid, noGaps, { first, last, columns }) };
}

function wholeOf(lines: readonly Line[]): IterationDomain {
  const ends = lines.flatMap(({ trace: { xs } }) => (xs.length === 0 ? [] : [xs[0] ?? 0, xs.at(-1) ?? 0]));
  return ends.length === 0 ? [0, 1] : [Math.min(...ends), Math.max(...ends)];
}

function valuesOf(lines: readonly Line[], window: IterationDomain, log: boolean): readonly [number, number] {
  const traces = lines.flatMap((line) => line.traces);
  const ranges = traces.filter(({ xs }) => xs.length > 0).map((trace) => valuesWithin(trace, window, log));
  if (ranges.length === 0) return [0, 1];
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}
