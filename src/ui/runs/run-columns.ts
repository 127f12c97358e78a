// The columns of the list of runs: what each is called, and what a row says in it.

import type { Column, RowBest, RunRow } from "#state/run-table.ts";
import { bestOfColumn, settingText } from "#state/run-table-choice.ts";
import { toCount, toScore } from "../words.ts";

const titles: Readonly<Record<string, string>> = {
  state: "State",
  task: "Task",
  architecture: "Architecture",
  datasplit: "Datasplit",
  trainer: "Trainer",
  weights: "Weights",
  trained: "Trained",
  validated: "Validated",
  loss: "Loss",
};

export const fixedColumns: readonly Column[] = Object.keys(titles);

const phaseWords = { unknown: "not known", training: "training", stale: "stopped", finished: "finished" } as const;

export function isNumeric(column: Column): boolean {
  return (
    column === "weights" ||
    column === "trained" ||
    column === "validated" ||
    column === "best" ||
    column.startsWith("best.")
  );
}

export function toTitle(column: Column, standard: string | undefined): string {
  if (column === "best") return standard === undefined ? "Best" : `Best ${standard}`;
  if (column.startsWith("best.")) return `Best ${column.slice("best.".length)}`;
  return titles[column] ?? column.replace(/^config\./, "");
}

export function toStateText({ status, phase }: RunRow): string {
  if (status === "failed") return "broken";
  return status === "waiting" ? "" : phaseWords[phase];
}

/** What stands in a cell as text; the loss is drawn. */
export function toCellText(row: RunRow, column: Column, standard: string | undefined): string {
  if (row.status === "waiting") return "";
  if (column === "state") return toStateText(row);
  if (column === "trained")
    return row.planned === undefined
      ? toCount(row.trainedUntil)
      : `${toCount(row.trainedUntil)} / ${toCount(row.planned)}`;
  if (column === "weights") return row.weights === undefined ? "–" : toCount(row.weights);
  if (column === "validated") return row.validatedUntil === 0 ? "–" : toCount(row.validatedUntil);
  if (isNumeric(column)) return toScore(bestOfColumn(row, column, standard)?.score);
  return settingText(row, column) ?? "–";
}

/** Where a best score was reached. */
export function toBestTitle(best: RowBest | undefined): string {
  if (best === undefined) return "";
  const { criterion, iteration, dataset, parameters, higherIsBetter } = best;
  return `${criterion} (${higherIsBetter ? "higher" : "lower"} is better) at iteration ${toCount(iteration)} on ${dataset} with ${parameters}`;
}

/** What "best" means in this list: the criterion that most runs have, those of `preferred` before all others. */
export function standardCriterion(rows: readonly RunRow[], preferred: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { best } of rows)
    for (const { criterion } of best) counts.set(criterion, (counts.get(criterion) ?? 0) + 1);
  const isPreferred = (criterion: string) => Number(preferred.includes(criterion.split("__").at(-1) ?? ""));
  return [...counts].toSorted(([a, x], [b, y]) => isPreferred(b) - isPreferred(a) || y - x)[0]?.[0];
}

/** Every criterion of every run, by name. */
export function criteriaOf(rows: readonly RunRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ best }) => best.map(({ criterion }) => criterion)))].toSorted();
}
