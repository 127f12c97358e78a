import { memo } from "react";
import type { Column, RunRow } from "#state/run-table.ts";
import { bestOfColumn } from "#state/run-table-choice.ts";
import { isNumeric, toBestTitle, toCellText, toStateText } from "./run-columns.ts";
import { Sparkline } from "./sparkline.tsx";

type Props = {
  readonly row: RunRow;
  readonly rowIndex: number;
  readonly columns: readonly Column[];
  readonly standard: string | undefined;
  readonly marked: boolean;
  readonly onMark: (name: string) => void;
  readonly onOpen: (name: string) => void;
};

export const RunLine = memo(DrawnRunLine, isSame);

/** The handlers are new each time and do the same. */
function isSame(a: Props, b: Props): boolean {
  const keys = ["row", "rowIndex", "columns", "standard", "marked"] as const;
  return keys.every((key) => a[key] === b[key]);
}

function DrawnRunLine({ row, rowIndex, columns, standard, marked, onMark, onOpen }: Props) {
  const { name } = row;
  return (
    <tr aria-rowindex={rowIndex} data-marked={marked || undefined} aria-busy={row.status === "waiting"}>
      <td className="dv-runs-mark">
        <input type="checkbox" checked={marked} aria-label={`Compare ${name}`} onChange={() => onMark(name)} />
      </td>
      <td className="dv-runs-name">
        <button type="button" className="dv-runs-open" title={row.reason ?? name} onClick={() => onOpen(name)}>
          {name}
        </button>
      </td>
      {columns.map((column) => (
        <Cell key={column} row={row} column={column} standard={standard} />
      ))}
    </tr>
  );
}

type CellProps = Pick<Props, "row" | "standard"> & { readonly column: Column };

function Cell({ row, column, standard }: CellProps) {
  if (row.status === "waiting")
    return (
      <td>
        <span className="dv-skeleton dv-runs-wait" />
      </td>
    );
  if (column === "loss")
    return (
      <td>
        <Sparkline losses={row.losses} />
      </td>
    );
  if (column === "state") return <StateCell row={row} />;
  const best = column.startsWith("best") ? bestOfColumn(row, column, standard) : undefined;
  const text = toCellText(row, column, standard);
  return (
    <td data-numeric={isNumeric(column) || undefined} title={best === undefined ? text : toBestTitle(best)}>
      {text}
      {best === undefined ? undefined : <span className="dv-dim"> at {best.iteration}</span>}
    </td>
  );
}

function StateCell({ row }: { readonly row: RunRow }) {
  const phase = row.status === "failed" ? "failed" : row.phase;
  return (
    <td title={row.reason}>
      <span className="dv-phase">
        <span className="dv-dot" data-phase={phase} />
        {toStateText(row)}
      </span>
    </td>
  );
}

type GroupProps = { readonly title: string; readonly size: number; readonly columns: number };

export function GroupLine({ title, size, columns }: GroupProps) {
  return (
    <tr className="dv-runs-group">
      <th scope="rowgroup" colSpan={columns}>
        {title} <span className="dv-dim">{size === 1 ? "1 run" : `${size} runs`}</span>
      </th>
    </tr>
  );
}
