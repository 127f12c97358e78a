import { memo } from "react";
import type { Best } from "#dacapo/best.ts";
import type { Shown } from "#state/app-state.ts";
import type { ScorePoint } from "../charts/chart-props.ts";
import { toCount, toScore } from "../words.ts";
import type { ScoreRow } from "./score-rows.ts";

type Props = {
  readonly row: ScoreRow;
  readonly rowIndex: number;
  readonly columns: readonly string[];
  readonly dataset: string;
  /** Of the row that is shown only: the others stay as they are drawn while one scrubs. */
  readonly shown: Shown | undefined;
  readonly best: Best | undefined;
  /** `compares`: as B, beside what is shown. */
  readonly onSelect: (point: ScorePoint, compares: boolean) => void;
  readonly onHover: (point: Partial<ScorePoint> | undefined) => void;
};

export const ScoresTableRow = memo(function ScoresTableRow(props: Props) {
  const { row, rowIndex, columns, dataset, shown, onHover } = props;
  return (
    <tr aria-rowindex={rowIndex} data-shown={shown !== undefined || undefined}>
      <td>
        <RowHead {...props} />
      </td>
      {columns.map((parameters, index) => (
        <td key={parameters} onPointerEnter={() => onHover({ iteration: row.iteration, dataset, parameters })}>
          <ScoreCell {...props} parameters={parameters} index={index} />
        </td>
      ))}
    </tr>
  );
});

/** Shows the iteration with the parameters that are best there. */
function RowHead({ row, columns, dataset, onSelect }: Props) {
  const parameters = columns[Math.max(0, row.best)] ?? "";
  return (
    <button
      type="button"
      className="dv-cell"
      onClick={(event) => onSelect({ iteration: row.iteration, dataset, parameters }, event.shiftKey)}
    >
      {toCount(row.iteration)}
    </button>
  );
}

function ScoreCell(props: Props & { readonly parameters: string; readonly index: number }) {
  const { row, dataset, shown, best, onSelect, parameters, index } = props;
  const score = row.scores[index] ?? Number.NaN;
  const isBest = best?.iteration === row.iteration && best.parameters === parameters && best.dataset === dataset;
  const isShown = shown?.parameters === parameters && shown.dataset === dataset;
  return (
    <button
      type="button"
      className="dv-cell"
      data-row-best={row.best === index || undefined}
      data-nan={Number.isNaN(score) || undefined}
      data-shown={isShown || undefined}
      aria-current={isShown || undefined}
      onClick={(event) => onSelect({ iteration: row.iteration, dataset, parameters }, event.shiftKey)}
    >
      {isBest ? (
        <span className="dv-star" title="best">
          ★{" "}
        </span>
      ) : undefined}
      {toScore(score)}
    </button>
  );
}
