import { memo } from "react";
import type { ScorePoint } from "./chart-props.ts";
import { toColor } from "./score-layers.tsx";
import { type LegendEntry, toLegend, toMarkerPath } from "./series/line-styles.ts";
import { isOn } from "./series/marked-scores.ts";
import type { ScoreLine } from "./series/score-lines.ts";

type LegendProps = {
  readonly lines: readonly ScoreLine[];
  readonly emphasis: Partial<ScorePoint> | undefined;
  readonly onHover: (named: Partial<ScorePoint> | undefined) => void;
};

/** What tells the lines apart, below the drawing where their names do not fit beside it. */
export const ScoreLegend = memo(function ScoreLegend({ lines, emphasis, onHover }: LegendProps) {
  return (
    <ul className="chart-legend">
      {toLegend(lines).map((entry) => (
        <li
          key={entry.label}
          className={emphasis !== undefined && !isNamed(lines, entry, emphasis) ? "chart-faint" : undefined}
          data-chart-legend={entry.label}
          onPointerEnter={() => onHover(entry.names)}
          onPointerLeave={() => onHover(undefined)}
        >
          <Swatch entry={entry} />
          {entry.label}
        </li>
      ))}
    </ul>
  );
});

/** Whether a line that stands out is one of those that the entry names. */
function isNamed(lines: readonly ScoreLine[], { names }: LegendEntry, emphasis: Partial<ScorePoint>): boolean {
  return lines.some((line) => isOn(line, names) && isOn(line, emphasis));
}

function Swatch({ entry: { color, dash, marker } }: { readonly entry: LegendEntry }) {
  const style = color === undefined ? undefined : { color: toColor(color) };
  return (
    <svg className="chart-score" width={26} height={12} aria-hidden="true" style={style}>
      <path className="chart-score-line" strokeDasharray={dash} d="M1,6h24" />
      {marker !== undefined && <path className="chart-score-markers" d={toMarkerPath(marker, 13, 6, 3)} />}
    </svg>
  );
}
