import { useEffect, useMemo, useState } from "react";
import { waitingRow } from "#state/run-row.ts";
import type { Column, RunRow } from "#state/run-table.ts";
import { arrangeRows } from "#state/run-table-choice.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { standardCriterion } from "./run-columns.ts";
import { RunTableHead } from "./run-table-head.tsx";
import { GroupLine, RunLine } from "./run-table-line.tsx";
import { RunTableTools } from "./run-table-tools.tsx";
import { toRunsCsv } from "./runs-csv.ts";
import { useRowWindow } from "./use-row-window.ts";
import "./runs.css";

export const rowHeight = 36;
const maxHeight = 16 * rowHeight;
/** The task's own criterion first, where runs of several kinds are listed together. */
const preferred = ["f1_score", "voi"];

type Line = { readonly key: string; readonly group?: string; readonly size?: number; readonly row?: RunRow };

/** The runs of a base directory: sorted, filtered and grouped as chosen; only the rows in sight are drawn. */
export function RunTable({ url, names }: { readonly url: string; readonly names: readonly string[] }) {
  const choice = useAppState((state) => state.runTable);
  const known = useAppState((state) => state.runRows);
  const { showRuns, openRuns, setPanel } = useCommands();
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => names.map((name) => rowOf(known, name)), [names, known]);
  const standard = useMemo(() => standardCriterion(rows, preferred), [rows]);
  const lines = useMemo(() => toLines(arrangeRows(rows, choice, standard)), [rows, choice, standard]);
  const view = useRowWindow(lines.length, rowHeight);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another order begins at its first row
  useEffect(() => void view.scroller.current?.scrollTo({ top: 0 }), [choice]);
  const seen = lines.slice(view.first, view.end);
  const seenNames = seen.flatMap(({ row }) => row?.name ?? []).join("\n");
  useEffect(() => showRuns(seenNames === "" ? [] : seenNames.split("\n")), [showRuns, seenNames]);
  const open = (opened: readonly string[]) => {
    if (opened.length > 1) setPanel({ open: true, tab: "compare" });
    void openRuns(opened.map((name) => `${url}/${encodeURIComponent(name)}`));
  };
  const mark = (name: string) => setMarked((before) => toggled(before, name));
  return (
    <>
      <RunTableTools
        rows={rows}
        standard={standard}
        marked={[...marked]}
        onCompare={open}
        onClear={() => setMarked(new Set())}
        csv={() =>
          toRunsCsv(
            lines.flatMap(({ row }) => row ?? []),
            choice.columns,
            standard,
          )
        }
      />
      <div ref={view.scroller} className="dv-runs-scroll" onScroll={view.onScroll} style={{ maxHeight }}>
        <table className="dv-runs" aria-label="Runs" aria-rowcount={lines.length + 1}>
          <RunTableHead columns={choice.columns} standard={standard} />
          <tbody>
            <Spacer height={view.before} columns={choice.columns} />
            {seen.map(({ key, row, group, size }, index) =>
              row === undefined ? (
                <GroupLine key={key} title={group ?? ""} size={size ?? 0} columns={choice.columns.length + 2} />
              ) : (
                <RunLine
                  key={key}
                  row={row}
                  rowIndex={view.first + index + 2}
                  columns={choice.columns}
                  standard={standard}
                  marked={marked.has(row.name)}
                  onMark={mark}
                  onOpen={(name) => open([name])}
                />
              ),
            )}
            <Spacer height={view.after} columns={choice.columns} />
          </tbody>
        </table>
        {lines.length === 0 ? (
          <p className="dv-runs-none">No run has all of “{choice.filter}” in its name or settings.</p>
        ) : undefined}
      </div>
    </>
  );
}

function Spacer({ height, columns }: { readonly height: number; readonly columns: readonly Column[] }) {
  if (height <= 0) return undefined;
  return (
    <tr>
      <td colSpan={columns.length + 2} style={{ height }} />
    </tr>
  );
}

function toLines(groups: ReturnType<typeof arrangeRows>): readonly Line[] {
  return groups.flatMap(({ title, rows }) => {
    const lines = rows.map((row): Line => ({ key: `run ${row.name}`, row }));
    return title === undefined ? lines : [{ key: `group ${title}`, group: title, size: rows.length }, ...lines];
  });
}

const waiting = new Map<string, RunRow>();

function rowOf(known: Readonly<Record<string, RunRow>>, name: string): RunRow {
  return (Object.hasOwn(known, name) ? known[name] : undefined) ?? toWaiting(name);
}

/** One value a name, so that rows which wait are not drawn again. */
function toWaiting(name: string): RunRow {
  const row = waiting.get(name) ?? waitingRow(name);
  waiting.set(name, row);
  return row;
}

function toggled(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(names);
  if (!next.delete(name)) next.add(name);
  return next;
}
