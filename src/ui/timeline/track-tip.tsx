import { toCount, toScore } from "../words.ts";
import { toParametersLabel, toRemarks } from "./mark-text.ts";
import type { Axis, Mark } from "./timeline-marks.ts";

type Props = {
  readonly mark: Mark;
  /** Marks on the same pixel, this one included. */
  readonly count: number;
  readonly axis: Axis;
  readonly width: number;
  readonly criterion: string | undefined;
};

export function TrackTip({ mark, count, axis, width, criterion }: Props) {
  const x = axis.toX(mark.iteration);
  const side = x < width / 2 ? { left: Math.max(0, x - 24) } : { right: Math.max(0, width - x - 24) };
  return (
    <div className="dv-track-tip" style={side} aria-hidden="true">
      <strong>
        {toCount(mark.iteration)} {mark.best ? <span className="dv-star">★ best</span> : undefined}
      </strong>
      {mark.score === undefined ? undefined : (
        <span>
          {criterion} {toScore(mark.score)}
          {mark.parameters === undefined ? undefined : (
            <span className="dv-dim"> with {toParametersLabel(mark.parameters)}</span>
          )}
        </span>
      )}
      {toRemarks(mark).map((remark) => (
        <span key={remark} className="dv-dim">
          {remark}
        </span>
      ))}
      {count > 1 ? <span className="dv-dim">{count} iterations on this pixel</span> : undefined}
    </div>
  );
}
