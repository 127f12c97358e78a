import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Best } from "#dacapo/best.ts";
import type { ValidationScores } from "#dacapo/validation-scores.ts";
import type { Shown } from "#state/app-state.ts";
import type { ScorePoint } from "../charts/chart-props.ts";
import { toWindow } from "../parts/row-window.ts";
import { type ScoreRow, toColumns, toScoreRows } from "./score-rows.ts";
import { ScoresTableRow } from "./scores-table-row.tsx";

type Props = {
  readonly scores: ValidationScores;
  readonly criterion: string;
  readonly dataset: string;
  readonly shown: Shown;
  readonly best: Best | undefined;
  readonly onSelect: (point: ScorePoint, compares: boolean) => void;
  readonly onHover: (point: Partial<ScorePoint> | undefined) => void;
};

const rowHeight = 26;

/** Head and all rows, or six of them. */
const toMinHeight = (rows: number) => 30 + Math.min(rows, 6) * rowHeight;

/** Iterations down, parameters across; only the rows in sight are drawn. */
export function ScoresTable(props: Props) {
  const { scores, criterion, dataset, shown } = props;
  const { word, columns } = useMemo(() => toColumns(scores), [scores]);
  const parameters = useMemo(() => columns.map((column) => column.parameters), [columns]);
  const rows = useMemo(() => toScoreRows(scores, dataset, criterion), [scores, dataset, criterion]);
  const scroll = useScrollWindow(rows, shown.iteration);
  return (
    <div
      ref={scroll.ref}
      className="dv-table-scroll"
      onScroll={scroll.onScroll}
      style={{ minHeight: toMinHeight(rows.length) }}
    >
      <table className="dv-table" aria-label={`${criterion} on ${dataset}`} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th scope="col">iteration{word === undefined ? "" : ` \\ ${word}`}</th>
            {columns.map((column) => (
              <th key={column.parameters} scope="col" title={column.parameters}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onPointerLeave={() => props.onHover(undefined)}>
          <Spacer height={scroll.window.before} />
          {rows.slice(scroll.window.first, scroll.window.end).map((row, index) => (
            <ScoresTableRow
              key={row.iteration}
              row={row}
              rowIndex={scroll.window.first + index + 2}
              columns={parameters}
              dataset={dataset}
              shown={row.iteration === shown.iteration ? shown : undefined}
              best={props.best}
              onSelect={props.onSelect}
              onHover={props.onHover}
            />
          ))}
          <Spacer height={scroll.window.after} />
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height }: { readonly height: number }) {
  if (height <= 0) return undefined;
  return (
    <tr>
      <td style={{ height }} />
    </tr>
  );
}

/** Which rows are in sight; brings the shown iteration into sight when it changes. */
function useScrollWindow(rows: readonly ScoreRow[], shown: number | undefined) {
  const ref = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const measure = useCallback(() => {
    const element = ref.current;
    if (element === null) return;
    const { scrollTop: top, clientHeight: height } = element;
    setView((before) => (before.top === top && before.height === height ? before : { top, height }));
  }, []);
  const index = useMemo(() => rows.findIndex(({ iteration }) => iteration === shown), [rows, shown]);
  useEffect(() => {
    const element = ref.current;
    if (element === null || index < 0) return;
    const top = index * rowHeight;
    const room = element.clientHeight - 2 * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top > element.scrollTop + room) element.scrollTop = top - room;
    measure();
  }, [index, measure]);
  return { ref, onScroll: measure, window: toWindow(rows.length, rowHeight, view.top, view.height) };
}
