// How a list of runs is sorted, filtered and grouped: pure steps from rows to what stands in the table.
import { isBetter } from "#dacapo/scores-array.ts";
import type { Column, RowBest, RunRow, RunTableChoice } from "./run-table.ts";

export type RowGroup = { readonly title: string | undefined; readonly rows: readonly RunRow[] };

const settingOf: Readonly<Record<string, string>> = {
  task: "task_config.name",
  architecture: "architecture_config.name",
  datasplit: "datasplit_config.name",
  trainer: "trainer_config.name",
};

/** The text of a column that a setting stands behind. */
export function settingText(row: RunRow, column: Column): string | undefined {
  const path = settingOf[column] ?? column.replace(/^config\./, "");
  return Object.hasOwn(row.settings, path) ? row.settings[path] : undefined;
}

/** The best score of a column "best.<criterion>"; of "best" alone that of the run's first criterion with a score. */
export function bestOfColumn(row: RunRow, column: Column, standard: string | undefined): RowBest | undefined {
  const criterion = column === "best" ? standard : column.slice("best.".length);
  return row.best.find((best) => best.criterion === criterion);
}

/** Sorted stably; runs that lack what is sorted by come last, whichever way it goes. */
export function arrangeRows(
  rows: readonly RunRow[],
  choice: RunTableChoice,
  standard: string | undefined,
): readonly RowGroup[] {
  const found = sorted(
    rows.filter((row) => isFound(row, choice.filter)),
    choice,
    standard,
  );
  const { group } = choice;
  if (group === undefined) return [{ title: undefined, rows: found }];
  const groups = new Map<string, RunRow[]>();
  for (const row of found) {
    const value = settingText(row, group) ?? "";
    groups.set(value, [...(groups.get(value) ?? []), row]);
  }
  return [...groups]
    .toSorted(([a], [b]) => byText(a, b))
    .map(([value, members]) => ({ title: value === "" ? "not set" : value, rows: members }));
}

function isFound(row: RunRow, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => row.name.toLowerCase().includes(word) || hasSetting(row, word));
}

/** "lr=1e-4" and "batch_size: 2" look at one setting, a plain word at all of them. */
function hasSetting({ settings }: RunRow, word: string): boolean {
  const [, key, value] = /^([^=:]+)[=:](.+)$/.exec(word) ?? [];
  return Object.entries(settings).some(([path, text]) => {
    if (key === undefined || value === undefined) return text.toLowerCase().includes(word);
    return path.toLowerCase().endsWith(key) && text.toLowerCase() === value;
  });
}

type Keyed = { readonly row: RunRow; readonly key: string | number | undefined; readonly best: RowBest | undefined };

/** What is sorted by is looked up once a row, not once a comparison. */
function sorted(rows: readonly RunRow[], { sort }: RunTableChoice, standard: string | undefined): readonly RunRow[] {
  const isBest = sort.column === "best" || sort.column.startsWith("best.");
  const compare = isBest ? compareBests : compareKeys;
  const sign = sort.descending ? -1 : 1;
  return rows
    .map((row): Keyed => {
      const best = isBest ? bestOfColumn(row, sort.column, standard) : undefined;
      return { row, best, key: isBest ? best?.score : sortValue(row, sort.column) };
    })
    .toSorted((a, b) => {
      const missing = Number(a.key === undefined) - Number(b.key === undefined);
      return missing || sign * compare(a, b) || byText(a.row.name, b.row.name);
    })
    .map(({ row }) => row);
}

function compareKeys({ key: a }: Keyed, { key: b }: Keyed): number {
  if (a === undefined || b === undefined) return 0;
  return typeof a === "number" && typeof b === "number" ? a - b : byText(String(a), String(b));
}

/** Ascending is from best to worst, whichever way the criterion goes. */
function compareBests({ best: a }: Keyed, { best: b }: Keyed): number {
  if (a === undefined || b === undefined || a.score === b.score) return 0;
  return isBetter(a.score, b.score, a.higherIsBetter) ? -1 : 1;
}

function sortValue(row: RunRow, column: Column): string | number | undefined {
  if (column === "name") return row.name;
  if (row.status === "waiting") return undefined;
  if (column === "state") return row.status === "failed" ? "broken" : row.phase;
  if (column === "trained") return row.trainedUntil;
  if (column === "weights") return row.weights;
  if (column === "validated") return row.validatedUntil;
  if (column === "loss") return row.losses.findLast((loss) => !Number.isNaN(loss));
  const text = settingText(row, column);
  return text === undefined || text === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

const collator = new Intl.Collator("en", { numeric: true });
const byText = (a: string, b: string): number => collator.compare(a, b);

/** Settings that are not the same in all rows, most telling first: those with fewest different values. */
export function varyingSettings(rows: readonly RunRow[]): readonly string[] {
  const values = new Map<string, Set<string>>();
  for (const { settings } of rows.filter(({ status }) => status === "ready"))
    for (const [path, text] of Object.entries(settings)) {
      const known = values.get(path) ?? new Set();
      values.set(path, known.add(text));
    }
  return [...values]
    .filter(([, texts]) => texts.size > 1)
    .toSorted(([a, x], [b, y]) => x.size - y.size || byText(a, b))
    .map(([path]) => path);
}
