import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, memo, useEffect, useMemo, useRef, useState } from "react";
import { useAppState, useCommands } from "../app-context.ts";
import { useRowWindow } from "../runs/use-row-window.ts";
import { toCount } from "../words.ts";
import {
  columnsOf,
  columnTexts,
  countWhats,
  type ErrorColumn,
  type ErrorReport,
  type ErrorRow,
  type ErrorSort,
  isText,
  sortRows,
  standardSort,
  toCellText,
} from "./error-rows.ts";

type Props = {
  readonly report: ErrorReport;
  readonly rows: readonly ErrorRow[];
  /** The lines as they are listed. */
  readonly onArranged: (rows: readonly ErrorRow[]) => void;
};

const rowHeight = 28;
const headHeight = 30;
const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };

/** Only the lines in sight are drawn. A click or Enter goes there; the arrow keys move between lines. */
export function ErrorsTable({ report, rows, onArranged }: Props) {
  const [sort, setSort] = useState(() => standardSort(report));
  const [what, setWhat] = useState("all");
  const [current, setCurrent] = useState<string | undefined>(undefined);
  const [focused, setFocused] = useState(0);
  const columns = columnsOf(report);
  const arranged = useMemo(
    () => sortRows(what === "all" ? rows : rows.filter((row) => row.what === what), sort),
    [rows, sort, what],
  );
  useEffect(() => onArranged(arranged), [arranged, onArranged]);
  const view = useRowWindow(arranged.length, rowHeight);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another order begins at its first line
  useEffect(() => {
    view.scroller.current?.scrollTo({ top: 0 });
    setFocused(0);
  }, [sort, what]);
  const stop = focused >= view.first && focused < view.end ? focused : view.first;
  const goTo = useGoTo(setCurrent);
  const onKeyDown = useRowKeys(arranged.length, view.scroller);
  return (
    <>
      <WhatChips rows={rows} chosen={what} onChoose={setWhat} />
      {current === undefined || report.kind === "mask" ? undefined : <ShowAll onClick={() => setCurrent(undefined)} />}
      <section
        ref={view.scroller as React.RefObject<HTMLElement | null>}
        className="dv-errors-scroll"
        aria-label="Errors"
        onScroll={view.onScroll}
        onKeyDown={onKeyDown}
        onFocus={(event) => setFocused((before) => indexOf(event.target) ?? before)}
      >
        <table className="dv-errors-table" aria-label="Errors" aria-rowcount={arranged.length + 1}>
          <ErrorsHeadRow columns={columns} sort={sort} onSort={setSort} />
          <tbody>
            <Spacer height={view.before} span={columns.length} />
            {arranged.slice(view.first, view.end).map((row, index) => (
              <ErrorLine
                key={row.key}
                row={row}
                index={view.first + index}
                columns={columns}
                isCurrent={row.key === current}
                isStop={view.first + index === stop}
                onGo={goTo}
              />
            ))}
            <Spacer height={view.after} span={columns.length} />
          </tbody>
        </table>
        {arranged.length === 0 ? <p className="dv-empty">{toNothing(rows)}</p> : undefined}
      </section>
    </>
  );
}

/** Takes the choice of segments back. */
function ShowAll({ onClick }: { readonly onClick: () => void }) {
  const { selectSegments } = useCommands();
  const layers = useAppState((state) => state.layers);
  const showAll = () => {
    for (const { name, kind } of layers) if (kind === "instances") selectSegments(name, []);
    onClick();
  };
  return (
    <button type="button" className="dv-button dv-errors-all" onClick={showAll}>
      Show all segments again
    </button>
  );
}

function toNothing(rows: readonly ErrorRow[]): string {
  return rows.length === 0 ? "Nothing is wrong: the output is the ground truth." : "No line is of this kind.";
}

function useGoTo(setCurrent: (key: string) => void) {
  const { goToError } = useCommands();
  const latest = useRef(goToError);
  latest.current = goToError;
  return useMemo(
    () => (row: ErrorRow) => {
      setCurrent(row.key);
      latest.current({ place: row.place, ...(row.segments && { segments: row.segments }) });
    },
    [setCurrent],
  );
}

/** Of the line that an element is in. */
function indexOf(element: EventTarget): number | undefined {
  const line = element instanceof Element ? element.closest<HTMLElement>("[data-index]") : null;
  return line === null ? undefined : Number(line.dataset.index);
}

/** Moves the focus by lines, also to such as are not drawn yet. */
function useRowKeys(count: number, scroller: React.RefObject<HTMLElement | null>) {
  return (event: KeyboardEvent<HTMLElement>) => {
    const by = steps[event.key];
    const index = indexOf(event.target);
    if (by === undefined || index === undefined || scroller.current === null) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(count - 1, index + by));
    const element = scroller.current;
    const top = next * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    const room = element.clientHeight - headHeight - rowHeight;
    if (top > element.scrollTop + room) element.scrollTop = top - room;
    const button = () => element.querySelector<HTMLElement>(`[data-index="${next}"] button`);
    const drawn = button(); // Enter may follow at once
    if (drawn !== null) drawn.focus();
    else requestAnimationFrame(() => requestAnimationFrame(() => button()?.focus()));
  };
}

type ChipsProps = {
  readonly rows: readonly ErrorRow[];
  readonly chosen: string;
  readonly onChoose: (what: string) => void;
};

function WhatChips({ rows, chosen, onChoose }: ChipsProps) {
  const counts = useMemo(() => countWhats(rows), [rows]);
  const all = [["all", rows.length] as const, ...counts];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be one more box in the panel
    <div className="dv-errors-chips" role="group" aria-label="Which errors are listed">
      {all.map(([what, count]) => (
        <button
          key={what}
          type="button"
          className="dv-button"
          data-variant="plain"
          aria-pressed={what === chosen}
          onClick={() => onChoose(what)}
        >
          <What what={what} /> <span className="dv-dim">{toCount(count)}</span>
        </button>
      ))}
    </div>
  );
}

type HeadProps = {
  readonly columns: readonly ErrorColumn[];
  readonly sort: ErrorSort;
  readonly onSort: (sort: ErrorSort) => void;
};

function ErrorsHeadRow({ columns, sort, onSort }: HeadProps) {
  const Arrow = sort.descending ? ArrowDown : ArrowUp;
  const order = sort.descending ? "descending" : "ascending";
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const isSorted = column === sort.column;
          const descending = isSorted ? !sort.descending : !isText(column);
          return (
            <th
              key={column}
              scope="col"
              data-numeric={!isText(column) || undefined}
              aria-sort={isSorted ? order : undefined}
            >
              <button
                type="button"
                className="dv-errors-sort"
                title={columnTexts[column].about}
                onClick={() => onSort({ column, descending })}
              >
                {columnTexts[column].title}
                {isSorted ? <Arrow size={12} /> : undefined}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function Spacer({ height, span }: { readonly height: number; readonly span: number }) {
  if (height <= 0) return undefined;
  return (
    <tr>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

type LineProps = {
  readonly row: ErrorRow;
  readonly index: number;
  readonly columns: readonly ErrorColumn[];
  readonly isCurrent: boolean;
  /** The one line that Tab stops at: behind a table of thousands there is more of the page. */
  readonly isStop: boolean;
  readonly onGo: (row: ErrorRow) => void;
};

const ErrorLine = memo(function ErrorLine({ row, index, columns, isCurrent, isStop, onGo }: LineProps) {
  const [, ...others] = columns;
  return (
    <tr aria-rowindex={index + 2} data-index={index} data-shown={isCurrent || undefined} onClick={() => onGo(row)}>
      <td>
        <button
          type="button"
          className="dv-cell"
          title={`Go to ${row.name}`}
          tabIndex={isStop ? 0 : -1}
          aria-current={isCurrent || undefined}
        >
          {row.name}
        </button>
      </td>
      {others.map((column) => (
        <td key={column} data-numeric={!isText(column) || undefined}>
          {column === "what" ? <What what={row.what} /> : toCellText(row, column)}
        </td>
      ))}
    </tr>
  );
});

function What({ what }: { readonly what: string }) {
  return (
    <span className="dv-errors-what" data-what={what}>
      {what}
    </span>
  );
}
