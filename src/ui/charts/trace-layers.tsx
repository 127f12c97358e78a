import { type ReactNode, useId, useMemo } from "react";
import { usePlotArea } from "recharts";
import { bandColumns } from "./series/band.ts";
import type { Decimated } from "./series/decimate.ts";
import { columnsWith, type OddKind } from "./series/odd-values.ts";
import { type Point, toBandPath, toDotsPath, toLinePath } from "./series/paths.ts";
import { type Break, breaksWithin } from "./series/rewinds.ts";
import type { Smoothed } from "./series/smoothing.ts";
import type { Trace } from "./series/trace.ts";
import { isVisible, type Plot, usePlot } from "./use-plot.ts";

/** Part of a trace, chosen for the window and the width at hand. */
export type Drawing = { readonly xs: Float64Array; readonly ys: Float64Array; readonly chosen: Decimated };

/** A trace through the first, least, greatest and last value of every pixel column. */
export function TraceLine({ drawing, className }: { readonly drawing: Drawing; readonly className: string }) {
  const plot = usePlot();
  const paths = useMemo(() => plot && toPaths(drawing, plot), [drawing, plot]);
  return (
    <ClipToPlot>
      <path className={`chart-line ${className}`} d={paths?.line} />
      {paths?.dots && <path className={`chart-dots ${className}`} d={paths.dots} />}
    </ClipToPlot>
  );
}

function toPaths({ xs, ys, chosen }: Drawing, { x, y, area }: Plot) {
  const dots = isSparse(chosen, area.width) ? toDotsPath(xs, ys, chosen, x, y) : undefined;
  return { line: toLinePath(xs, ys, chosen, x, y), dots };
}

/** Far enough apart that every record can be a dot. */
function isSparse(chosen: Decimated, width: number): boolean {
  return chosen.positions.length <= width / 10;
}

function ClipToPlot({ children }: { readonly children: ReactNode }) {
  const area = usePlotArea();
  const id = useId();
  if (area === undefined) return null;
  return (
    <g clipPath={`url(#${id})`}>
      <clipPath id={id}>
        <rect x={area.x} y={area.y - 2} width={area.width} height={area.height + 4} />
      </clipPath>
      {children}
    </g>
  );
}

/** Trailing mean ± one standard deviation. What reaches below the axis, as on a log scale, is cut off at its edge. */
export function DeviationBand({ smoothed, className = "" }: BandProps) {
  const plot = usePlot();
  const d = useMemo(() => plot && toBand(smoothed, plot), [smoothed, plot]);
  return (
    <ClipToPlot>
      <path className={`chart-band ${className}`} d={d} />
    </ClipToPlot>
  );
}

type Banded = Pick<Smoothed, "xs" | "band">;
type BandProps = { readonly smoothed: Banded; readonly className?: string };

function toBand({ xs, band }: Banded, { window: [first, last], area, x, y }: Plot): string {
  if (band === undefined) return "";
  const bottom = area.y + area.height;
  const upper: Point[] = [];
  const lower: Point[] = [];
  for (const column of bandColumns(xs, band, { first, last, columns: Math.ceil(area.width) })) {
    upper.push([x(column.iteration), lowest(y(column.high), bottom)]);
    lower.push([x(column.iteration), lowest(y(column.low), bottom)]);
  }
  return toBandPath(upper, lower);
}

/** A value without a place on the scale lies below it. */
function lowest(pixel: number, bottom: number): number {
  return pixel < bottom ? pixel : bottom;
}

const ODD_KINDS: readonly OddKind[] = ["nan", "+infinity", "-infinity", "not-positive"];

/** Values that no line can show, as ticks at the edge of the plot: +∞ at the top, everything else at the bottom. */
export function OddMarks({ trace }: { readonly trace: Trace }) {
  const plot = usePlot();
  if (plot === undefined) return null;
  const { area, x, log } = plot;
  const [first, last] = plot.window;
  const draw = (kind: OddKind): string => {
    const edge = kind === "+infinity" ? `,${area.y + 6}l-3,-6h6Z` : `,${area.y + area.height - 6}l-3,6h6Z`;
    const marked = columnsWith(trace.xs, trace.odd[kind], { first, last, columns: Math.ceil(area.width / 2) });
    return marked.map((iteration) => `M${Math.round(x(iteration))}${edge}`).join("");
  };
  return ODD_KINDS.filter((kind) => log || kind !== "not-positive").map((kind) => {
    const d = draw(kind);
    return d === "" ? null : <path key={kind} className={`chart-odd chart-odd-${kind.replace("+", "plus-")}`} d={d} />;
  });
}

/** Hatched where iterations are missing, a dashed line where training was resumed from an earlier iteration. */
export function BreakMarks({ breaks }: { readonly breaks: readonly Break[] }) {
  const plot = usePlot();
  const hatch = useId();
  if (plot === undefined) return null;
  const { area, x, window } = plot;
  const visible = breaksWithin(breaks, window[0], window[1]);
  if (visible.length === 0) return null;
  const toX = (iteration: number) => x(Math.min(window[1], Math.max(window[0], iteration)));
  const gaps = mergeSpans(visible.flatMap((b) => (b.kind === "gap" ? [[toX(b.first - 1), toX(b.last + 1)]] : [])));
  const rewinds = spread(visible.flatMap((b) => (b.kind === "rewind" ? [toX(b.to)] : [])));
  const starts = visible.flatMap((b) => (b.kind === "late-start" ? [toX(b.iteration)] : []));
  return (
    <g>
      <pattern id={hatch} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path className="chart-hatch" d="M0,0v6" />
      </pattern>
      {gaps.map(([from, to]) => (
        <rect
          key={from}
          fill={`url(#${hatch})`}
          x={from}
          width={Math.max(1, to - from)}
          y={area.y}
          height={area.height}
        />
      ))}
      {[...rewinds, ...starts].map((at) => (
        <path key={at} className="chart-rewind" d={`M${at},${area.y}v${area.height}`} />
      ))}
      {rewinds.map((at) => (
        <text key={at} className="chart-mark-label" x={at + 3} y={area.y + 9}>
          ↩
        </text>
      ))}
    </g>
  );
}

type Span = readonly [from: number, to: number];

/** Joins spans that overlap or lie within a pixel of each other. */
function mergeSpans(spans: readonly (readonly number[])[]): readonly Span[] {
  const merged: [number, number][] = [];
  for (const [from = 0, to = from] of spans) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** Leaves out what lies within a few pixels of the one before. */
function spread(pixels: readonly number[]): readonly number[] {
  const kept: number[] = [];
  for (const pixel of pixels.toSorted((a, b) => a - b)) if (pixel - (kept.at(-1) ?? -9) > 3) kept.push(pixel);
  return kept;
}

type MarkProps = {
  readonly shown: number | undefined;
  readonly validated: readonly number[];
};

/** Validated iterations as ticks on the axis, the shown one as a line. */
export function IterationMarks({ shown, validated }: MarkProps) {
  const plot = usePlot();
  if (plot === undefined) return null;
  const { area, x } = plot;
  const bottom = area.y + area.height;
  const ticks = spread(validated.filter((iteration) => isVisible(plot, iteration)).map(x));
  return (
    <g>
      <path className="chart-validated" d={ticks.map((at) => `M${at},${bottom}v-5`).join("")} />
      {shown !== undefined && isVisible(plot, shown) && (
        <path className="chart-shown-line" d={`M${x(shown)},${area.y}v${area.height}`} />
      )}
    </g>
  );
}
