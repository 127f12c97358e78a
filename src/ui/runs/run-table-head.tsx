import { ArrowDown, ArrowUp } from "lucide-react";
import type { Column } from "#state/run-table.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { isNumeric, toTitle } from "./run-columns.ts";

type Props = { readonly columns: readonly Column[]; readonly standard: string | undefined };

export function RunTableHead({ columns, standard }: Props) {
  return (
    <thead>
      <tr>
        <th scope="col" className="dv-runs-mark">
          <span className="dv-visually-hidden">Compare</span>
        </th>
        <SortHead column="name" title="Run" />
        {columns.map((column) => (
          <SortHead key={column} column={column} title={toTitle(column, standard)} />
        ))}
      </tr>
    </thead>
  );
}

const ariaSort = { true: "descending", false: "ascending" } as const;

function SortHead({ column, title }: { readonly column: Column; readonly title: string }) {
  const { sort } = useAppState((state) => state.runTable);
  const { arrangeRuns } = useCommands();
  const isSorted = sort.column === column;
  const Arrow = sort.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      data-numeric={isNumeric(column) || undefined}
      aria-sort={isSorted ? ariaSort[`${sort.descending}`] : undefined}
    >
      <button
        type="button"
        className="dv-runs-sort"
        title={`Sort by ${title}`}
        onClick={() => arrangeRuns({ sort: { column, descending: isSorted && !sort.descending } })}
      >
        {title}
        {isSorted ? <Arrow size={12} /> : undefined}
      </button>
    </th>
  );
}
