import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import "./charts.css";
import { useChartCursor } from "./chart-cursor.tsx";
import { ChartFrame, ZoomReset } from "./chart-frame.tsx";
import type { ScorePoint, ScoresChartProps } from "./chart-props.ts";
import { IterationPlot, toPlotHeight, toPlotWidth, VALUE_AXIS_WIDTH } from "./iteration-plot.tsx";
import type { PlotPoint } from "./pointer-layer.tsx";
import { BestStar, DirectLabels, LABEL_HEIGHT, ScoreLines, ScoreRing, UnscoredMarks } from "./score-layers.tsx";
import { ScoreLegend } from "./score-legend.tsx";
import { ScoreTable } from "./score-table.tsx";
import { ScoreNotes, ScoreReadout } from "./score-text.tsx";
import {
  type Active,
  findMarked,
  type Marked,
  nearestIteration,
  toActive,
  toMarked,
  toPoint,
} from "./series/marked-scores.ts";
import { toScale } from "./series/scales.ts";
import { isHigherBetter, type ScoreLine, toScoreLines, valueRange } from "./series/score-lines.ts";
import { nearestScore, type Step, stepFrom } from "./series/score-places.ts";
import { describeScores, wholeOfScores } from "./series/score-summary.ts";
import { toValueDomain } from "./series/ticks.ts";
import { clampWindow } from "./series/windows.ts";
import { useElementWidth } from "./use-element-width.ts";

const DEFAULT_HEIGHT = 220;
const NO_ITERATIONS: readonly number[] = [];

/** One criterion over the validated iterations, a line for each dataset and set of parameters. */
export function ScoresChart(props: ScoresChartProps) {
  const { scores, criterion, dataset, parameters, height = DEFAULT_HEIGHT } = props;
  const unscored = props.iterationsWithoutScores ?? NO_ITERATIONS;
  const lines = useMemo(
    () => toScoreLines(scores, { criterion, dataset, parameters }),
    [scores, criterion, dataset, parameters],
  );
  const cursor = useChartCursor();
  const frame = useRef<HTMLDivElement>(null);
  const width = useElementWidth(frame);
  const [active, setActive] = useState<Active>();
  const [named, setNamed] = useState<Partial<ScorePoint>>();
  const view = useView(lines, unscored, props.domain);
  const marginRight = toLabelMargin(lines, width, height);
  const arrow = isHigherBetter(scores, criterion) ? "↑" : "↓";
  const at = active && toMarked(lines, active);
  const emphasis = at?.line ?? named ?? props.hovered;
  const best = props.best?.criterion === criterion ? findMarked(lines, props.best) : undefined;
  const shown = findMarked(lines, props.shown);
  const label = useMemo(
    () => describeScores(lines, criterion, arrow, best?.value),
    [lines, criterion, arrow, best?.value],
  );

  const move = (next: Active | undefined) => {
    setActive(next);
    const marked = next && toMarked(lines, next);
    cursor.set(marked?.iteration);
    props.onHover?.(marked && toPoint(marked));
  };
  const select = (marked: Marked | undefined) => marked && props.onSelect?.(toPoint(marked));
  const hit = (point: PlotPoint) => nearestScore(lines, toSurfaceOf(point, view), point, REACH);
  const onKey = (event: KeyboardEvent) => {
    const start = active ?? (shown && toActive(lines, shown)) ?? { line: 0, index: 0 };
    const step = STEPS.get(event.key);
    if (event.key === "Enter" && at !== undefined) select(at);
    else if (step !== undefined && lines.length > 0) move(active ? stepFrom(lines, active, step) : start);
    else return false;
    return true;
  };
  return (
    <ChartFrame title={`${criterion} ${arrow}`} state={props.state} empty={emptyText(lines, criterion)} height={height}>
      <ScoreReadout
        marked={at ?? shown}
        criterion={criterion}
        arrow={arrow}
        what={at === undefined ? "shown" : undefined}
      />
      <IterationPlot
        frame={frame}
        width={width}
        label={label}
        whole={view.whole}
        view={view}
        height={height}
        marginRight={marginRight}
        cursor={cursor}
        onDomainChange={props.onDomainChange}
        onPoint={(point) => {
          move(point && hit(point));
          if (point !== undefined) cursor.set(nearestIteration(lines, point.iteration));
        }}
        onPick={(point) => {
          const place = hit(point);
          select(place && toMarked(lines, place));
        }}
        onKey={onKey}
      >
        <UnscoredMarks iterations={unscored} />
        <ScoreLines lines={lines} emphasis={emphasis} />
        {marginRight !== undefined && <DirectLabels lines={lines} emphasis={emphasis} />}
        <ScoreRing at={shown} className="chart-shown-ring" />
        <ScoreRing at={at} className="chart-active-ring" />
        <BestStar best={best} />
      </IterationPlot>
      {marginRight === undefined && <ScoreLegend lines={lines} emphasis={emphasis} onHover={setNamed} />}
      <ScoreNotes lines={lines} unscored={unscored.length} arrow={arrow}>
        <ZoomReset domain={props.domain} onDomainChange={props.onDomainChange} />
      </ScoreNotes>
      <ScoreTable lines={lines} caption={`${criterion} by iteration`} />
    </ChartFrame>
  );
}

/** How near the pointer must be to a score, in pixels. */
const REACH = 28;

const STEPS: ReadonlyMap<string, Step> = new Map([
  ["ArrowLeft", "previous"],
  ["ArrowRight", "next"],
  ["ArrowUp", "above"],
  ["ArrowDown", "below"],
  ["Home", "first"],
  ["End", "last"],
]);

function useView(lines: readonly ScoreLine[], unscored: readonly number[], domain: ScoresChartProps["domain"]) {
  const first = domain?.[0];
  const last = domain?.[1];
  return useMemo(() => {
    const whole = wholeOfScores(lines, unscored);
    const window = first === undefined || last === undefined ? whole : clampWindow([first, last], whole);
    const range = valueRange(lines, window[0], window[1]);
    return { whole, window, values: toValueDomain(range?.[0] ?? 0, range?.[1] ?? 1, false), log: false };
  }, [lines, unscored, first, last]);
}

type ChartView = ReturnType<typeof useView>;

/** Pixels from the top left corner of the plot, as the pointer has them. */
function toSurfaceOf({ width, height }: PlotPoint, { window, values }: ChartView) {
  return { x: toScale(window, [0, width]), y: toScale(values, [height, 0]), top: 0, bottom: height };
}

/** Widest label that still leaves the drawing most of the room, in pixels. */
const WIDEST_LABEL = 150;
const CHARACTER = 6.4;

/** Room for labels beside the drawing; undefined when they do not fit there. */
function toLabelMargin(lines: readonly ScoreLine[], width: number, height: number): number | undefined {
  const widest = Math.max(0, ...lines.map((line) => line.label.length)) * CHARACTER + 28;
  const fits = lines.length * LABEL_HEIGHT <= toPlotHeight(height) && widest <= WIDEST_LABEL;
  return fits && toPlotWidth(width, widest) >= widest * 1.6 + VALUE_AXIS_WIDTH ? widest : undefined;
}

function emptyText(lines: readonly ScoreLine[], criterion: string): string | undefined {
  if (lines.length === 0) return `These scores have no ${criterion} for this choice.`;
  return lines[0]?.iterations.length === 0 ? "No iteration has been validated yet." : undefined;
}
