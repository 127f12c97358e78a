// The list of runs as a table for a spreadsheet: numbers as numbers, a best score with the place where it was reached.
import type { Column, RunRow } from "#state/run-table.ts";
import { bestOfColumn } from "#state/run-table-choice.ts";
import { type Cell, toTableCsv } from "../charts/series/csv.ts";
import { toCellText, toTitle } from "./run-columns.ts";

export function toRunsCsv(
  rows: readonly RunRow[],
  columns: readonly Column[],
  standard: string | undefined,
): readonly string[] {
  const header = columns.flatMap((column) => toHeads(column, standard));
  const cells = rows.map((row) => [row.name, ...columns.flatMap((column) => toCells(row, column, standard))]);
  return toTableCsv(["run", ...header], cells);
}

function toHeads(column: Column, standard: string | undefined): readonly string[] {
  const title = toTitle(column, standard);
  return isBest(column) ? [title, `${title}: iteration`, `${title}: dataset`, `${title}: parameters`] : [title];
}

function toCells(row: RunRow, column: Column, standard: string | undefined): readonly Cell[] {
  if (isBest(column)) {
    const best = bestOfColumn(row, column, standard);
    return best === undefined ? ["", "", "", ""] : [best.score, best.iteration, best.dataset, best.parameters];
  }
  if (column === "weights") return [row.weights ?? ""];
  if (column === "trained") return [row.trainedUntil];
  if (column === "validated") return [row.validatedUntil];
  if (column === "loss") return [row.losses.findLast((loss) => !Number.isNaN(loss)) ?? ""];
  return [toCellText(row, column, standard)];
}

function isBest(column: Column): boolean {
  return column === "best" || column.startsWith("best.");
}
