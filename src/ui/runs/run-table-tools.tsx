import { Columns3, Rows3, X } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import type { Column, RunRow } from "#state/run-table.ts";
import { varyingSettings } from "#state/run-table-choice.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { ExportButtons } from "../panel/export-buttons.tsx";
import { Popover } from "../parts/popover.tsx";
import { criteriaOf, fixedColumns, toTitle } from "./run-columns.ts";

type Props = {
  readonly rows: readonly RunRow[];
  readonly standard: string | undefined;
  readonly marked: readonly string[];
  readonly onCompare: (names: readonly string[]) => void;
  readonly onClear: () => void;
  /** The rows as they stand, in the chosen columns. */
  readonly csv: () => readonly string[];
};

const mostSettings = 40;

export function RunTableTools({ rows, standard, marked, onCompare, onClear, csv }: Props) {
  const read = rows.filter(({ status }) => status !== "waiting").length;
  return (
    <div className="dv-runs-tools">
      <FilterField />
      <GroupMenu rows={rows} />
      <ColumnsMenu rows={rows} standard={standard} />
      <ExportButtons what="the list of runs" name="runs" csv={csv} />
      <span className="dv-grow dv-dim" role="status">
        {read === rows.length ? undefined : `${read} of ${rows.length} read`}
      </span>
      {marked.length === 0 ? undefined : (
        <>
          <button type="button" className="dv-button" data-variant="accent" onClick={() => onCompare(marked)}>
            {marked.length === 1 ? "Open 1 run" : `Compare ${marked.length} runs`}
          </button>
          <button type="button" className="dv-button" data-variant="plain" onClick={onClear}>
            <X size={14} /> Clear
          </button>
        </>
      )}
    </div>
  );
}

/** Typing is never held up by the sorting of a long list. */
function FilterField() {
  const filter = useAppState((state) => state.runTable.filter);
  const { arrangeRuns } = useCommands();
  const [text, setText] = useState(filter);
  const settled = useDeferredValue(text);
  useEffect(() => arrangeRuns({ filter: settled }), [arrangeRuns, settled]);
  return (
    <input
      className="dv-input dv-runs-filter"
      type="search"
      placeholder="Find by name or setting: crop_b, batch_size=2"
      aria-label="Find runs by name or setting"
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

function GroupMenu({ rows }: { readonly rows: readonly RunRow[] }) {
  const group = useAppState((state) => state.runTable.group);
  const label = group === undefined ? "Group" : `By ${toTitle(group, undefined)}`;
  return (
    <Popover
      label={group === undefined ? "Group runs" : `Runs are grouped by ${toTitle(group, undefined)}`}
      button={
        <>
          <Rows3 size={14} /> {label}
        </>
      }
    >
      {() => <GroupChoices rows={rows} group={group} />}
    </Popover>
  );
}

function GroupChoices({ rows, group }: { readonly rows: readonly RunRow[]; readonly group: Column | undefined }) {
  const { arrangeRuns } = useCommands();
  const settings = varyingSettings(rows).slice(0, mostSettings);
  const offered = ["task", "architecture", "datasplit", "trainer", ...settings.map((path) => `config.${path}`)];
  return (
    <fieldset className="dv-follow dv-runs-choices">
      <legend>Group by</legend>
      {[undefined, ...offered].map((column) => (
        <label key={column ?? ""} className="dv-check">
          <input type="radio" checked={group === column} onChange={() => arrangeRuns({ group: column })} />
          {column === undefined ? "nothing" : toTitle(column, undefined)}
        </label>
      ))}
    </fieldset>
  );
}

function ColumnsMenu({ rows, standard }: { readonly rows: readonly RunRow[]; readonly standard: string | undefined }) {
  return (
    <Popover
      label="Choose columns"
      button={
        <>
          <Columns3 size={14} /> Columns
        </>
      }
    >
      {() => <ColumnChoices rows={rows} standard={standard} />}
    </Popover>
  );
}

function ColumnChoices({
  rows,
  standard,
}: {
  readonly rows: readonly RunRow[];
  readonly standard: string | undefined;
}) {
  const columns = useAppState((state) => state.runTable.columns);
  const { arrangeRuns } = useCommands();
  const offered = [
    ...fixedColumns,
    "best",
    ...criteriaOf(rows).map((criterion) => `best.${criterion}`),
    ...varyingSettings(rows)
      .slice(0, mostSettings)
      .map((path) => `config.${path}`),
  ];
  const toggle = (column: Column) => {
    const kept = columns.includes(column) ? columns.filter((one) => one !== column) : [...columns, column];
    arrangeRuns({ columns: offered.filter((one) => kept.includes(one)) });
  };
  return (
    <fieldset className="dv-follow dv-runs-choices">
      <legend>Columns</legend>
      {offered.map((column) => (
        <label key={column} className="dv-check">
          <input type="checkbox" checked={columns.includes(column)} onChange={() => toggle(column)} />
          {toTitle(column, standard)}
        </label>
      ))}
    </fieldset>
  );
}
