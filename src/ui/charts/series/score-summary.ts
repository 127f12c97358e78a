import { formatCount, formatValue } from "./numbers.ts";
import { type ScoreLine, valueRange } from "./score-lines.ts";

/** Free part beside the last iteration. */
const ROOM = 0.03;

/**
 * The iterations that the chart spans. From 0 where that costs at most half of the width, so that it lines up with the
 * losses; a lone iteration stands in the middle.
 */
export function wholeOfScores(
  lines: readonly ScoreLine[],
  unscored: readonly number[],
): readonly [first: number, last: number] {
  const iterations = [...(lines[0]?.iterations ?? []), ...unscored];
  if (iterations.length === 0) return [0, 1];
  const first = iterations.reduce((a, b) => Math.min(a, b));
  const last = iterations.reduce((a, b) => Math.max(a, b));
  if (first === last) return [0, Math.max(2, 2 * last)];
  const room = (last - first) * ROOM;
  return [first > (last - first) * 1.01 ? first - room : 0, last + room];
}

/** What a screen reader says of the drawing; the table after it has the numbers. */
export function describeScores(
  lines: readonly ScoreLine[],
  criterion: string,
  arrow: string,
  best: number | undefined,
): string {
  const iterations = lines[0]?.iterations ?? [];
  const range = valueRange(lines, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const better = arrow === "↑" ? "higher is better" : "lower is better";
  return [
    `${criterion}, ${better}: ${formatCount(lines.length)} lines over ${formatCount(iterations.length)} validated iterations`,
    ...(range === undefined ? ["no finite value"] : [`from ${formatValue(range[0])} to ${formatValue(range[1])}`]),
    ...(best === undefined ? [] : [`best ${formatValue(best)}`]),
  ].join(", ");
}
