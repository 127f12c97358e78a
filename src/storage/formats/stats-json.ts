import type { TrainingStats } from "#dacapo/training-stats.ts";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import { FormatError } from "./format-error.ts";
import type { JsonCursor } from "./json-cursor.ts";
import * as json from "./json-cursor.ts";
import { createScoreBudget, type ScoreBudget } from "./score-budget.ts";
import { StatsColumns } from "./stats-columns.ts";
import { toNumber } from "./stats-values.ts";

const maxBytes = 256 * 2 ** 20;
const progressStep = 2 ** 20;

/**
 * The documents of DaCapo's Mongo store: [{"run_name", "iteration", "loss", "time"}], as a list or one document a line as mongoexport
 * writes them, strict JSON with null for NaN or Python's bare NaN and Infinity. A database gives documents in any order, so they are sorted by iteration, the first of equal ones first.
 * Throws FormatError: torn (also when empty), malformed, limit.
 */
export function parseTrainingStatsJson(
  bytes: Uint8Array,
  onProgress?: (done: number, total: number) => void,
): TrainingStats {
  const cursor = open(bytes);
  const columns = new StatsColumns(Math.ceil(bytes.length / 100));
  let reported = 0;
  json.readDocuments(cursor, () => {
    readStep(cursor, columns);
    if (cursor.position - reported < progressStep) return;
    reported = cursor.position;
    onProgress?.(reported, bytes.length);
  });
  return sortedByIteration(columns.toStats());
}

/** [{"run_name", "iteration", "scores"}] as above, scores as [dataset][parameters][criterion], sorted by iteration. */
export function parseValidationScoresJson(bytes: Uint8Array): readonly ValidationIterationScores[] {
  const cursor = open(bytes);
  const budget = createScoreBudget("json");
  const entries: ValidationIterationScores[] = [];
  json.readDocuments(cursor, () => entries.push(readIterationScores(cursor, budget)));
  return entries.sort((a, b) => a.iteration - b.iteration);
}

function open(bytes: Uint8Array): JsonCursor {
  if (bytes.length <= maxBytes) return json.createJsonCursor(bytes);
  throw new FormatError({
    tag: "limit",
    format: "json",
    message: `The JSON has ${bytes.length} bytes, more than the ${maxBytes} that are read.`,
  });
}

function readStep(cursor: JsonCursor, columns: StatsColumns): void {
  let iteration: number | undefined;
  let loss: number | undefined;
  let time = Number.NaN;
  json.readMembers(cursor, (key) => {
    if (key === "iteration") iteration = readNumber(cursor);
    else if (key === "loss") loss = readNumber(cursor);
    else if (key === "time") time = readNumber(cursor);
    else json.skipValue(cursor);
  });
  if (loss === undefined) throw json.malformedJson(cursor, '"loss" in every document');
  columns.push(toIteration(cursor, iteration), loss, time);
}

function readIterationScores(cursor: JsonCursor, budget: ScoreBudget): ValidationIterationScores {
  let iteration: number | undefined;
  let scores: ValidationIterationScores["scores"] | undefined;
  json.readMembers(cursor, (key) => {
    if (key === "iteration") iteration = readNumber(cursor);
    else if (key === "scores") scores = readList(cursor, () => readList(cursor, () => readCriteria(cursor, budget)));
    else json.skipValue(cursor);
  });
  if (scores === undefined) throw json.malformedJson(cursor, '"scores" in every document');
  return { iteration: toIteration(cursor, iteration), scores };
}

function readCriteria(cursor: JsonCursor, budget: ScoreBudget): number[] {
  const criteria = readList(cursor, () => readNumber(cursor));
  budget.spend(criteria.length + 1);
  return criteria;
}

function readList<T>(cursor: JsonCursor, readItem: () => T): T[] {
  const items: T[] = [];
  json.readItems(cursor, () => items.push(readItem()));
  return items;
}

function toIteration(cursor: JsonCursor, value: number | undefined): number {
  if (value !== undefined && Number.isSafeInteger(value)) return value;
  throw json.malformedJson(cursor, 'a whole number as "iteration" in every document');
}

// mongoexport wraps numbers that JSON cannot tell apart: {"$numberDouble": "NaN"}, {"$numberInt": "5"}.
function readNumber(cursor: JsonCursor): number {
  if (json.peekToken(cursor) !== 0x7b) return toNumber(json.readScalar(cursor)) ?? Number.NaN;
  let value: number | undefined;
  json.readMembers(cursor, (key) => {
    const text = json.peekToken(cursor) === 0x22 ? json.readString(cursor) : String(json.readScalar(cursor));
    if (/^\$number(Double|Int|Long|Decimal)$/.test(key) && /^(NaN|-?Infinity|-?[\d.eE+-]+)$/.test(text))
      value = Number(text);
  });
  if (value === undefined) throw json.malformedJson(cursor, "a number");
  return value;
}

function sortedByIteration(stats: TrainingStats): TrainingStats {
  const { iterations } = stats;
  if (iterations.every((iteration, row) => row === 0 || iteration >= (iterations[row - 1] ?? iteration))) return stats;
  const order = Uint32Array.from(iterations, (_, row) => row).sort(
    (a, b) => (iterations[a] ?? 0) - (iterations[b] ?? 0),
  );
  const pick = (column: Float64Array) => Float64Array.from(order, (row) => column[row] ?? Number.NaN);
  return { iterations: pick(iterations), losses: pick(stats.losses), times: pick(stats.times) };
}
