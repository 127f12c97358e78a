import { type ReactNode, useMemo, useRef, useState } from "react";
import "./charts.css";
import { useChartCursor } from "./chart-cursor.tsx";
import { ChartFrame, ZoomReset } from "./chart-frame.tsx";
import type { IterationDomain, LossChartProps } from "./chart-props.ts";
import { IterationPlot, toPlotWidth } from "./iteration-plot.tsx";
import { decimate, type Window } from "./series/decimate.ts";
import { formatCount } from "./series/numbers.ts";
import type { Pyramid } from "./series/pyramid.ts";
import type { Smoothed } from "./series/smoothing.ts";
import { nearestIndex } from "./series/sorted-search.ts";
import type { Trace } from "./series/trace.ts";
import { describeOddities, summarise, valuesWithin, wholeOf } from "./series/trace-summary.ts";
import { clampWindow } from "./series/windows.ts";
import { toTraceKeys } from "./trace-keys.ts";
import { BreakMarks, DeviationBand, type Drawing, IterationMarks, OddMarks, TraceLine } from "./trace-layers.tsx";
import { TraceReadout } from "./trace-readout.tsx";
import { useElementWidth } from "./use-element-width.ts";

export type TraceChartProps = Omit<LossChartProps, "stats" | "smoothing" | "showBand"> & {
  readonly trace: Trace;
  readonly smoothed: Smoothed | undefined;
  /** "loss", "time": what the values are. */
  readonly name: string;
  /** After a value, with its space: " s". */
  readonly unit: string;
  readonly fromZero?: boolean;
  readonly footnote?: ReactNode;
};

const DEFAULT_HEIGHT = 200;
const NO_ITERATIONS: readonly number[] = [];

/** One value per recorded iteration: the raw trace, its trailing mean, and everything that is odd about it. */
export function TraceChart(props: TraceChartProps) {
  const { trace, smoothed, name, unit, height = DEFAULT_HEIGHT } = props;
  const log = props.scale === "log";
  const cursor = useChartCursor();
  const validated = props.validationIterations ?? NO_ITERATIONS;
  const whole = useMemo(() => wholeOf(trace, validated), [trace, validated]);
  const [first, last] = props.domain === undefined ? whole : clampWindow(props.domain, whole);
  const window = useMemo(() => [first, last] as const, [first, last]);
  const frame = useRef<HTMLDivElement>(null);
  const width = useElementWidth(frame);
  const drawings = useMemo(
    () => toDrawings(trace, smoothed, { first, last, columns: Math.max(1, toPlotWidth(width)) }, log),
    [trace, smoothed, first, last, width, log],
  );
  const view = useMemo(
    () => ({ window, values: toValues(trace, window, log, props.fromZero), log }),
    [trace, window, log, props.fromZero],
  );
  const label = useMemo(() => summarise(trace, name, unit), [trace, name, unit]);
  const snap = (iteration: number) => trace.xs[nearestIndex(trace.xs, iteration)];
  const onKey = toTraceKeys(trace, window, cursor, props.onSelectIteration);
  const [byKey, setByKey] = useState(false);
  const empty = trace.xs.length === 0 ? "No iteration is recorded yet." : undefined;
  return (
    <ChartFrame title={name} state={props.state} empty={empty} height={height}>
      <TraceReadout trace={trace} smoothed={smoothed} name={name} unit={unit} cursor={cursor} spoken={byKey} />
      <IterationPlot
        frame={frame}
        width={width}
        label={label}
        whole={whole}
        view={view}
        height={height}
        cursor={cursor}
        onDomainChange={props.onDomainChange}
        onPoint={(point) => {
          setByKey(false);
          cursor.set(point && snap(point.iteration));
        }}
        onPick={(point) => props.onSelectIteration?.(snap(point.iteration) ?? Math.round(point.iteration))}
        onKey={(event) => {
          setByKey(true);
          return onKey(event);
        }}
      >
        <TraceLayers trace={trace} smoothed={smoothed} drawings={drawings} />
        <IterationMarks shown={props.shownIteration} validated={validated} />
      </IterationPlot>
      <p className="chart-notes">
        <span title="Drawn of recorded iterations in view: the first, lowest, highest and last value of every pixel column">
          {toDrawnText(drawings.raw)}
        </span>
        {describeOddities(trace, window, log).map((note) => (
          <span key={note}>{note}</span>
        ))}
        {props.footnote}
        <ZoomReset domain={props.domain} onDomainChange={props.onDomainChange} />
      </p>
    </ChartFrame>
  );
}

function toValues(trace: Trace, window: IterationDomain, log: boolean, fromZero = false): readonly [number, number] {
  const [low, high] = valuesWithin(trace, window, log);
  return fromZero && !log ? [Math.min(0, low), high] : [low, high];
}

type Drawings = {
  readonly raw: Drawing;
  readonly smoothed: Drawing | undefined;
  readonly superseded: Drawing | undefined;
};

const NO_GAPS = new Uint32Array(0);

function toDrawings(trace: Trace, smoothed: Smoothed | undefined, window: Window, log: boolean): Drawings {
  const choose = (xs: Float64Array, pyramid: Pyramid, gaps: Uint32Array): Drawing => ({
    xs,
    ys: pyramid.values,
    chosen: decimate(xs, pyramid, gaps, window),
  });
  return {
    raw: choose(trace.xs, log ? trace.logPyramid : trace.pyramid, trace.gaps),
    smoothed: smoothed && choose(smoothed.xs, smoothed.pyramid, smoothed.xs === trace.xs ? trace.gaps : NO_GAPS),
    superseded: trace.superseded && choose(trace.superseded.xs, trace.superseded.pyramid, NO_GAPS),
  };
}

function toDrawnText({ xs, chosen }: Drawing): string {
  const drawn = `${formatCount(chosen.positions.length)} of ${formatCount(chosen.total)} points drawn`;
  return chosen.total < xs.length ? `${drawn}, ${formatCount(xs.length)} recorded` : drawn;
}

type LayersProps = {
  readonly trace: Trace;
  readonly smoothed: Smoothed | undefined;
  readonly drawings: Drawings;
};

function TraceLayers({ trace, smoothed, drawings }: LayersProps) {
  return (
    <>
      <BreakMarks breaks={trace.recording.breaks} />
      {drawings.superseded && <TraceLine drawing={drawings.superseded} className="chart-superseded" />}
      {smoothed && <DeviationBand smoothed={smoothed} />}
      <TraceLine drawing={drawings.raw} className={smoothed ? "chart-raw-behind" : "chart-raw"} />
      {drawings.smoothed && <TraceLine drawing={drawings.smoothed} className="chart-smoothed" />}
      <OddMarks trace={trace} />
    </>
  );
}
