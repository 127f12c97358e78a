import { memo, useMemo } from "react";
import { toCount } from "../words.ts";
import { barHeight, baseline, toBarWidth, toMarkPaths, trackHeight } from "./mark-paths.ts";
import { type Axis, closestSpacing, type Mark, toLabels } from "./timeline-marks.ts";

type Props = {
  readonly marks: readonly Mark[];
  readonly axis: Axis;
  readonly width: number;
  readonly shown: Mark | undefined;
  readonly caption: string | undefined;
  readonly cursor: number | undefined;
  /** The iteration that the shown one is compared with. */
  readonly compared: number | undefined;
  readonly trained: number;
  readonly live: boolean;
};

export function TrackDrawing({ marks, axis, width, shown, caption, cursor, compared, trained, live }: Props) {
  const bar = useMemo(() => toBarWidth(closestSpacing(marks, axis)), [marks, axis]);
  return (
    <svg width={width} height={trackHeight} aria-hidden="true">
      <Base marks={marks} axis={axis} trained={trained} live={live} />
      <Marks marks={marks} axis={axis} bar={bar} />
      {cursor === undefined ? undefined : <Cursor x={axis.toX(cursor)} width={width} />}
      {shown === undefined ? undefined : <ShownMark mark={shown} x={axis.toX(shown.iteration)} bar={bar} />}
      {compared === undefined ? undefined : <ComparedMark x={axis.toX(compared)} />}
      <BestMark marks={marks} axis={axis} />
      <Caption text={caption} marks={marks} axis={axis} width={width} />
      <Labels marks={marks} axis={axis} width={width} shown={shown} />
    </svg>
  );
}

const Marks = memo(function Marks({ marks, axis, bar }: Pick<Props, "marks" | "axis"> & { readonly bar: number }) {
  const paths = toMarkPaths(marks, axis, bar);
  return (
    <>
      <path className="dv-mark-scored-only" d={paths.scoredOnly} />
      <path className="dv-mark-scored" d={paths.scored} />
      <path className="dv-mark-unscorable" d={paths.unscorable} />
      <path className="dv-mark-partial" d={paths.partial} />
      <path className="dv-mark-volumes-only" d={paths.volumesOnly} />
      <path className="dv-mark-checkpoints" d={paths.checkpoints} />
    </>
  );
});

/** The line that marks stand on; dashed from the last validation to where the training is. */
function Base({ marks, axis, trained, live }: Pick<Props, "marks" | "axis" | "trained" | "live">) {
  const end = axis.toX(axis.last);
  const validated = axis.toX(marks.at(-1)?.iteration ?? axis.first);
  return (
    <>
      <line className="dv-mark-base" x1={axis.toX(axis.first)} x2={end} y1={baseline + 0.5} y2={baseline + 0.5} />
      {live ? (
        <>
          <line
            className="dv-mark-live"
            x1={validated}
            x2={axis.toX(trained)}
            y1={baseline + 0.5}
            y2={baseline + 0.5}
          />
          <circle className="dv-mark-live-dot" cx={axis.toX(trained)} cy={baseline + 0.5} r={3.5} />
        </>
      ) : undefined}
    </>
  );
}

function ShownMark({ mark, x, bar }: { readonly mark: Mark; readonly x: number; readonly bar: number }) {
  const width = Math.max(3, bar);
  const height = barHeight(mark);
  return (
    <>
      <line className="dv-mark-shown-line" x1={x} x2={x} y1={4} y2={baseline} />
      <rect className="dv-mark-shown" x={x - width / 2} y={baseline - height} width={width} height={height} rx={1} />
      <circle className="dv-mark-shown" cx={x} cy={baseline + 0.5} r={5} />
    </>
  );
}

function ComparedMark({ x }: { readonly x: number }) {
  return (
    <>
      <circle className="dv-mark-compared" cx={x} cy={baseline + 0.5} r={5} />
      <text className="dv-mark-compared-name" x={x} y={baseline - 8} textAnchor="middle">
        B
      </text>
    </>
  );
}

const star = "M0 -5.2L1.5 -1.8L5.2 -1.5L2.4 0.9L3.3 4.6L0 2.6L-3.3 4.6L-2.4 0.9L-5.2 -1.5L-1.5 -1.8z";

function BestMark({ marks, axis }: Pick<Props, "marks" | "axis">) {
  const best = marks.find((mark) => mark.best);
  if (best === undefined) return undefined;
  const y = Math.max(6, baseline - barHeight(best) - 7);
  return <path className="dv-mark-best" d={star} transform={`translate(${axis.toX(best.iteration)} ${y})`} />;
}

const captionRoom = 190;

/** On the side where the star is not. */
function Caption({
  text,
  marks,
  axis,
  width,
}: Pick<Props, "marks" | "axis" | "width"> & { readonly text: string | undefined }) {
  const best = marks.find((mark) => mark.best);
  const left = best === undefined || axis.toX(best.iteration) > captionRoom;
  if (text === undefined || width < 2 * captionRoom) return undefined;
  return (
    <text x={left ? 2 : width - 2} y={9} textAnchor={left ? "start" : "end"}>
      {text}
    </text>
  );
}

function Cursor({ x, width }: { readonly x: number; readonly width: number }) {
  if (x < 0 || x > width) return undefined;
  return <line className="dv-mark-cursor" x1={x} x2={x} y1={0} y2={baseline} />;
}

const labelRoom = 34;

function Labels({ marks, axis, width, shown }: Pick<Props, "marks" | "axis" | "width" | "shown">) {
  const shownX = shown === undefined ? Number.NaN : axis.toX(shown.iteration);
  const labels = useMemo(() => toLabels(marks, axis, width), [marks, axis, width]);
  const ticks = labels.filter((tick) => !(Math.abs(axis.toX(tick) - shownX) < labelRoom));
  return (
    <>
      {ticks.map((tick) => (
        <text key={tick} x={axis.toX(tick)} y={trackHeight - 4} textAnchor={toAnchor(axis.toX(tick), width)}>
          {toCount(tick)}
        </text>
      ))}
      {shown === undefined ? undefined : (
        <text className="dv-mark-label-shown" x={shownX} y={trackHeight - 4} textAnchor={toAnchor(shownX, width)}>
          {toCount(shown.iteration)}
        </text>
      )}
    </>
  );
}

function toAnchor(x: number, width: number): "start" | "middle" | "end" {
  if (x < labelRoom / 2) return "start";
  return x > width - labelRoom / 2 ? "end" : "middle";
}
