import { toParametersString } from "#dacapo/post-processor-parameters.ts";
import type { TrainingStats } from "#dacapo/training-stats.ts";
import { criteria, type ValidationScores } from "#dacapo/validation-scores.ts";

/** Rows that are joined at a time: a million short strings at once would double the memory needed. */
const ROWS_PER_PART = 10_000;

/** RFC 4180 text in parts, one row per record in file order: iteration, loss, time in seconds. */
export function toTrainingCsv(stats: TrainingStats): readonly string[] {
  const { iterations, losses, times } = stats;
  return toCsv(["iteration", "loss", "time_seconds"], iterations.length, (i) => [
    iterations[i] ?? Number.NaN,
    losses[i] ?? Number.NaN,
    times[i] ?? Number.NaN,
  ]);
}

/** One row per iteration, dataset and parameters, with a column for every criterion. */
export function toScoresCsv(scores: ValidationScores): readonly string[] {
  const names = criteria(scores);
  const parameters = scores.parameters.map(toParametersString);
  const rows = scores.scores.flatMap((entry) =>
    scores.datasets.flatMap((dataset, d) =>
      parameters.map((text, p) => [
        entry.iteration,
        dataset,
        text,
        ...names.map((_, c) => entry.scores[d]?.[p]?.[c] ?? Number.NaN),
      ]),
    ),
  );
  return toCsv(["iteration", "dataset", "parameters", ...names], rows.length, (i) => rows[i] ?? []);
}

/** Any other table. */
export function toTableCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): readonly string[] {
  return toCsv(header, rows.length, (i) => rows[i] ?? []);
}

export type Cell = string | number;

/** A header and `count` rows of cells, in parts. */
export function toCsv(
  header: readonly string[],
  count: number,
  rowAt: (index: number) => readonly Cell[],
): readonly string[] {
  const parts = [toRow(header)];
  for (let start = 0; start < count; start += ROWS_PER_PART) {
    const rows = Array.from({ length: Math.min(ROWS_PER_PART, count - start) }, (_, i) => toRow(rowAt(start + i)));
    parts.push(rows.join(""));
  }
  return parts;
}

function toRow(cells: readonly Cell[]): string {
  return `${cells.map(toCell).join(",")}\r\n`;
}

/** Text that a spreadsheet would take for a formula is led by an apostrophe, as names come from files of others. */
function toCell(cell: Cell): string {
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
