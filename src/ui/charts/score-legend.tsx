import type { ScorePoint } from "./chart-props.ts";
import { isOn, toColor } from "./score-layers.tsx";
import { toLineStyle, toMarkerPath } from "./series/line-styles.ts";
import type { ScoreLine } from "./series/score-lines.ts";

type LegendProps = {
  readonly lines: readonly ScoreLine[];
  readonly emphasis: Partial<ScorePoint> | undefined;
  readonly onHover: (line: ScoreLine | undefined) => void;
};

/** Names of the lines below the drawing, where they do not fit beside it. */
export function ScoreLegend({ lines, emphasis, onHover }: LegendProps) {
  return (
    <ul className="chart-legend">
      {lines.map((line) => {
        const style = toLineStyle(line, lines);
        return (
          <li
            key={`${line.datasetIndex} ${line.parametersIndex}`}
            className={emphasis !== undefined && !isOn(line, emphasis) ? "chart-faint" : undefined}
            data-chart-legend={line.label}
            onPointerEnter={() => onHover(line)}
            onPointerLeave={() => onHover(undefined)}
          >
            <svg className="chart-score" width={26} height={12} aria-hidden="true" style={{ color: toColor(style) }}>
              <path className="chart-score-line" strokeDasharray={style.dash} d="M1,6h24" />
              <path className="chart-score-markers" d={toMarkerPath(style.marker, 13, 6, 3)} />
            </svg>
            {line.label}
          </li>
        );
      })}
    </ul>
  );
}
