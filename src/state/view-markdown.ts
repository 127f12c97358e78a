// What is shown, as Markdown for an issue, a chat or a notebook. Names come from files of others: they stay text.
import { criterionOf } from "#dacapo/evaluation-scores.ts";
import { toParametersString } from "#dacapo/post-processor-parameters.ts";
import { criteria, scoreAt } from "#dacapo/validation-scores.ts";
import type { AppState, RunState, Shown } from "./app-state.ts";
import { bestOf, scoresOf, selectedRun, shownOf } from "./selectors.ts";

export function toMarkdown(state: AppState, href: string): string {
  const run = selectedRun(state);
  const base = state.base.status === "ready" ? state.base.value.url : undefined;
  if (run === undefined) return `${toLink(base === undefined ? "DaCapo runs" : `Runs of ${base}`, href)}\n`;
  const shown = shownOf(state);
  const title = shown.iteration === undefined ? run.name : `${run.name}, iteration ${shown.iteration}`;
  const rows = toRows(run, shown).map(([name, value]) => `| ${escapeMarkup(name)} | ${escapeMarkup(value)} |`);
  return rows.length === 0
    ? `${toLink(title, href)}\n`
    : `${toLink(title, href)}\n\n| | |\n| --- | --- |\n${rows.join("\n")}\n`;
}

function toRows(run: RunState, shown: Shown): readonly (readonly [name: string, value: string])[] {
  const { dataset, parameters, criterion } = shown;
  const best = bestOf(run, dataset, criterion);
  const score = scoreOf(run, shown);
  const arrow = isHigherBetter(run, criterion) ? "↑" : "↓";
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["dataset", dataset],
    ["parameters", parameters],
    [`${criterion} ${arrow}`, score === undefined ? undefined : toText(score)],
    [`best ${criterion}`, best && `${toText(best.score)} at iteration ${best.iteration} with ${best.parameters}`],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function scoreOf(run: RunState, { dataset, iteration, criterion, parameters }: Shown): number | undefined {
  const scores = scoresOf(run)?.scores;
  const entry = scores?.scores.findLast((each) => each.iteration === iteration);
  if (scores === undefined || entry === undefined || criterion === undefined) return undefined;
  const datasetIndex = scores.datasets.indexOf(dataset ?? "");
  const index = scores.parameters.findIndex((each) => toParametersString(each) === parameters);
  const column = criteria(scores).indexOf(criterion);
  return datasetIndex < 0 || index < 0 || column < 0 ? undefined : scoreAt(entry, datasetIndex, index, column);
}

function isHigherBetter(run: RunState, criterion: string | undefined): boolean {
  const scores = scoresOf(run)?.scores.evaluationScores;
  return scores === undefined || criterion === undefined || (criterionOf(scores, criterion)?.higherIsBetter ?? true);
}

/** Four significant digits, as on the screen. */
function toText(score: number): string {
  return Number.isFinite(score) ? String(Number(score.toPrecision(4))) : String(score);
}

function toLink(title: string, href: string): string {
  return `[${escapeMarkup(title)}](<${href.replaceAll("<", "%3C").replaceAll(">", "%3E")}>)`;
}

/** Nothing in a name is markup: punctuation is escaped, and a line stays one. */
function escapeMarkup(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]()#+!|<>~&$^-]/g, "\\$&");
}
