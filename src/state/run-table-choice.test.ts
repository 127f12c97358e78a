import { describe, expect, it } from "vitest";
import { waitingRow } from "./run-row.ts";
import { defaultChoice, type RunRow } from "./run-table.ts";
import { arrangeRows, varyingSettings } from "./run-table-choice.ts";
import { parseTableText, toTableText } from "./run-table-text.ts";

const row = (name: string, part: Partial<RunRow> = {}): RunRow => ({ ...waitingRow(name), status: "ready", ...part });
const best = (criterion: string, score: number, higherIsBetter: boolean) => [
  { criterion, score, higherIsBetter, dataset: "crop_a", iteration: 100, parameters: "threshold_127" },
];
const names = (rows: readonly RunRow[], part: Partial<typeof defaultChoice>) =>
  arrangeRows(rows, { ...defaultChoice, ...part }, "voi").map((group) => [
    group.title,
    ...group.rows.map(({ name }) => name),
  ]);

describe("the list of runs", () => {
  it("counts numbers in names as numbers", () => {
    expect(names([row("run_10"), row("run_9")], {})).toEqual([[undefined, "run_9", "run_10"]]);
  });

  it("begins with the best, whichever way the criterion goes, and ends with those that have no score", () => {
    const low = [
      row("none"),
      row("worse", { best: best("voi", 2, false) }),
      row("better", { best: best("voi", 1, false) }),
    ];
    const high = low.map((one) => ({ ...one, best: one.best.map((entry) => ({ ...entry, higherIsBetter: true })) }));
    const sort = { column: "best", descending: false };
    expect(names(low, { sort })).toEqual([[undefined, "better", "worse", "none"]]);
    expect(names(high, { sort })).toEqual([[undefined, "worse", "better", "none"]]);
    expect(names(low, { sort: { ...sort, descending: true } })).toEqual([[undefined, "worse", "better", "none"]]);
  });

  it("is sorted by any setting, numbers as numbers", () => {
    const rows = [
      row("a", { settings: { learning_rate: "1e-4" } }),
      row("b", { settings: { learning_rate: "0.00001" } }),
      row("c"),
    ];
    expect(names(rows, { sort: { column: "config.learning_rate", descending: false } })).toEqual([
      [undefined, "b", "a", "c"],
    ]);
  });

  it("is filtered by words of the name and of all settings, or by one setting's value", () => {
    const rows = [
      row("affs", { settings: { batch_size: "2", "task_config.name": "neurites" } }),
      row("mito", { settings: { batch_size: "12", "task_config.name": "mito" } }),
    ];
    expect(names(rows, { filter: "NEUR" })).toEqual([[undefined, "affs"]]);
    expect(names(rows, { filter: "mit 12" })).toEqual([[undefined, "mito"]]);
    expect(names(rows, { filter: "batch_size=2" })).toEqual([[undefined, "affs"]]);
    expect(names(rows, { filter: "nothing" })).toEqual([[undefined]]);
  });

  it("is grouped by a setting, and says which runs have none", () => {
    const rows = [row("a", { settings: { "task_config.name": "mito" } }), row("b")];
    expect(names(rows, { group: "task" })).toEqual([
      ["not set", "b"],
      ["mito", "a"],
    ]);
  });

  it("offers the settings that differ, those with few values first", () => {
    const rows = [
      row("a", { settings: { name: "a", lr: "1", same: "x" } }),
      row("b", { settings: { name: "b", lr: "2", same: "x" } }),
      row("c", { settings: { name: "c", lr: "2", same: "x" } }),
    ];
    expect(varyingSettings(rows)).toEqual(["lr", "name"]);
  });
});

describe("the list's part of a link", () => {
  it("says only what was chosen, and is read again", () => {
    expect(toTableText(defaultChoice)).toBeUndefined();
    const choice = { ...defaultChoice, group: "task", sort: { column: "best.voi", descending: true } };
    expect(parseTableText(toTableText(choice))).toEqual(choice);
  });

  it("falls back to the defaults where it cannot be read", () => {
    const hostile = [
      "{",
      "[]",
      '{"sort":1}',
      '{"columns":["',
      `{"filter":"${"x".repeat(2000)}"}`,
      '{"__proto__":{"filter":"x"}}',
    ];
    for (const text of hostile) expect(parseTableText(text)).toEqual(defaultChoice);
  });
});
