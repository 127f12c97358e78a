import { memo, useMemo } from "react";
import type { ScorePoint } from "./chart-props.ts";
import { type LineStyle, toLineStyle, toMarkerPath, toStarPath } from "./series/line-styles.ts";
import { isOn, type Marked } from "./series/marked-scores.ts";
import type { ScoreLine } from "./series/score-lines.ts";
import { type Surface, spreadLabels, toY } from "./series/score-places.ts";
import { isVisible, type Plot, usePlot } from "./use-plot.ts";

const MARKER_RADIUS = 3;

export function toSurface({ x, y, area }: Plot): Surface {
  return { x, y, top: area.y, bottom: area.y + area.height };
}

/** The palette's color of an index from 0. */
export function toColor(index: number): string {
  return `var(--chart-color-${index + 1})`;
}

type LinesProps = {
  readonly lines: readonly ScoreLine[];
  /** The lines that stand out; all do when undefined. */
  readonly emphasis: Partial<ScorePoint> | undefined;
};

/** Drawn anew when a line or the view changes, not when another score is shown. */
export const ScoreLines = memo(function ScoreLines({ lines, emphasis }: LinesProps) {
  const styles = useMemo(() => lines.map((line) => toLineStyle(line, lines)), [lines]);
  return lines.map((line, index) => (
    <ScoreLinePath
      key={`${line.datasetIndex} ${line.parametersIndex}`}
      line={line}
      style={styles[index] ?? toLineStyle(line, lines)}
      faint={emphasis !== undefined && !isOn(line, emphasis)}
    />
  ));
});

function ScoreLinePath({ line, style, faint }: { line: ScoreLine; style: LineStyle; faint: boolean }) {
  const plot = usePlot();
  const paths = useMemo(() => plot && toPaths(line, style, plot), [line, style, plot]);
  if (paths === undefined) return null;
  return (
    <g className={faint ? "chart-score chart-faint" : "chart-score"} style={{ color: toColor(style.color) }}>
      <path className="chart-score-line" strokeDasharray={style.dash} d={paths.line} />
      <path className="chart-score-markers" d={paths.markers} />
      <path className="chart-score-odd" d={paths.odd} />
    </g>
  );
}

/** Markers nearer to each other than this many pixels would only thicken the line. */
const CROWDED = 7;

function toPaths({ iterations, values }: ScoreLine, style: LineStyle, plot: Plot) {
  const surface = toSurface(plot);
  const visible = iterations.filter((iteration) => isVisible(plot, iteration)).length;
  const marks = visible * CROWDED <= plot.area.width;
  const d = { line: "", markers: "", odd: "" };
  let lifted = true;
  iterations.forEach((iteration, i) => {
    const value = values[i] ?? Number.NaN;
    const x = round(plot.x(iteration));
    const y = round(toY(value, surface));
    const inside = isVisible(plot, iteration);
    if (!Number.isFinite(value)) {
      if (inside)
        d.odd += Number.isNaN(value) ? toCross(x, y) : toMarkerPath(value > 0 ? "triangle" : "down", x, y, 3.5);
      lifted = true;
      return;
    }
    const alone = lifted && !Number.isFinite(values[i + 1]);
    d.line += `${lifted ? "M" : "L"}${x},${y}`;
    if (inside && (marks || alone)) d.markers += toMarkerPath(style.marker, x, y, MARKER_RADIUS);
    lifted = false;
  });
  return d;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function toCross(x: number, y: number): string {
  return `M${x - 3},${y - 3}l6,6m0,-6l-6,6`;
}

/** A star where the best score is. */
export function BestStar({ best }: { readonly best: Marked | undefined }) {
  const plot = usePlot();
  if (plot === undefined || best === undefined || !isVisible(plot, best.iteration)) return null;
  return <path className="chart-star" d={toStarPath(plot.x(best.iteration), toY(best.value, toSurface(plot)), 8)} />;
}

/** A ring around one score: what the volumes show, or where the keys are. */
export function ScoreRing({ at, className }: { readonly at: Marked | undefined; readonly className: string }) {
  const plot = usePlot();
  if (plot === undefined || at === undefined || !isVisible(plot, at.iteration)) return null;
  return <circle className={className} cx={plot.x(at.iteration)} cy={toY(at.value, toSurface(plot))} r={8} />;
}

/** Iterations of which there are volumes or checkpoints but no scores, hollow on the axis. */
export const UnscoredMarks = memo(function UnscoredMarks({ iterations }: { readonly iterations: readonly number[] }) {
  const plot = usePlot();
  if (plot === undefined) return null;
  const bottom = plot.area.y + plot.area.height;
  const marks = iterations.filter((iteration) => isVisible(plot, iteration));
  const d = marks.map((iteration) => toMarkerPath("circle", round(plot.x(iteration)), bottom, 3)).join("");
  return <path className="chart-unscored" d={d} />;
});

export const LABEL_HEIGHT = 13;

/** The name of each line at its end, in the margin at the right. */
export const DirectLabels = memo(function DirectLabels({ lines, emphasis }: LinesProps) {
  const plot = usePlot();
  if (plot === undefined) return null;
  const { area } = plot;
  const surface = toSurface(plot);
  const wanted = lines.map((line, index) => ({ line: index, y: toY(lastVisible(line, plot), surface) }));
  return spreadLabels(wanted, area.y, area.y + area.height, LABEL_HEIGHT)?.map(({ line: index, y }) => {
    const line = lines[index];
    if (line === undefined) return null;
    const style = toLineStyle(line, lines);
    const faint = emphasis !== undefined && !isOn(line, emphasis);
    const x = area.x + area.width + 10;
    return (
      <g
        key={index}
        className={faint ? "chart-score chart-faint" : "chart-score"}
        style={{ color: toColor(style.color) }}
      >
        <path className="chart-score-markers" d={toMarkerPath(style.marker, x, y, MARKER_RADIUS)} />
        <text className="chart-direct-label" x={x + 7} y={y} dominantBaseline="central">
          {line.label}
        </text>
      </g>
    );
  });
});

function lastVisible({ iterations, values }: ScoreLine, plot: Plot): number {
  const index = iterations.findLastIndex((iteration, i) => isVisible(plot, iteration) && Number.isFinite(values[i]));
  return values[index] ?? Number.NaN;
}
