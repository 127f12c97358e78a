// What is compared of several runs, as tables.
import type { ConfigField } from "#dacapo/config-diff.ts";
import type { RunSeries } from "../charts/runs-chart.tsx";
import { type Cell, toTableCsv } from "../charts/series/csv.ts";

/** One row a value: the curves as they were recorded, whatever is drawn smoothed. */
export function toSeriesCsv(series: readonly RunSeries[], axis: string, value: string): readonly string[] {
  const rows = series.flatMap(({ name, curve: { xs, ys } }) =>
    Array.from(xs, (x, i): readonly Cell[] => [name, x, ys[i] ?? Number.NaN]),
  );
  return toTableCsv(["run", axis, value], rows);
}

/** One row a setting, one column a run; what a run does not set is empty. */
export function toSettingsCsv(names: readonly string[], fields: readonly ConfigField[]): readonly string[] {
  const rows = fields.map(({ path, values }) => [path.join("."), ...names.map((_, i) => values[i] ?? "")]);
  return toTableCsv(["setting", ...names], rows);
}
