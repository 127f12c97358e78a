import type { Scale } from "./scales.ts";
import type { ScoreLine } from "./score-lines.ts";

/** Where a score is drawn. One that is not finite stands at the edge of the plot: +∞ at the top, all else at the bottom. */
export type Place = { readonly line: number; readonly index: number; readonly x: number; readonly y: number };

/** Scales and the edges of the plot in pixels. */
export type Surface = { readonly x: Scale; readonly y: Scale; readonly top: number; readonly bottom: number };

/** Room between an edge and what stands at it, in pixels. */
const EDGE = 6;

export function placeOf(lines: readonly ScoreLine[], line: number, index: number, surface: Surface): Place | undefined {
  const value = lines[line]?.values[index];
  const iteration = lines[line]?.iterations[index];
  if (value === undefined || iteration === undefined) return undefined;
  return { line, index, x: surface.x(iteration), y: toY(value, surface) };
}

export function toY(value: number, { y, top, bottom }: Surface): number {
  if (value === Number.POSITIVE_INFINITY) return top + EDGE;
  return Number.isFinite(value) ? y(value) : bottom - EDGE;
}

/** The score that is drawn nearest to a point, if it is within reach. */
export function nearestScore(
  lines: readonly ScoreLine[],
  surface: Surface,
  at: { readonly x: number; readonly y: number },
  reach: number,
): Place | undefined {
  let nearest: Place | undefined;
  let shortest = reach;
  lines.forEach((line, l) => {
    line.iterations.forEach((_, index) => {
      const place = placeOf(lines, l, index, surface);
      const distance = place === undefined ? Number.POSITIVE_INFINITY : Math.hypot(place.x - at.x, place.y - at.y);
      if (distance >= shortest) return;
      shortest = distance;
      nearest = place;
    });
  });
  return nearest;
}

export type Step = "previous" | "next" | "first" | "last" | "above" | "below";

/** Where a key leads from a score: along its line, or to the line drawn next above or below at the same iteration. */
export function stepFrom(
  lines: readonly ScoreLine[],
  from: { readonly line: number; readonly index: number },
  step: Step,
): { readonly line: number; readonly index: number } {
  const last = (lines[from.line]?.iterations.length ?? 1) - 1;
  const along = { previous: Math.max(0, from.index - 1), next: Math.min(last, from.index + 1), first: 0, last };
  if (step === "above" || step === "below") return { line: neighbour(lines, from, step), index: from.index };
  return { line: from.line, index: along[step] };
}

/** Equal values, and those that are not finite, are told apart by the order of their lines. */
function neighbour(
  lines: readonly ScoreLine[],
  { line, index }: { readonly line: number; readonly index: number },
  step: "above" | "below",
): number {
  const height = (l: number) => {
    const value = lines[l]?.values[index] ?? Number.NaN;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  const order = lines
    .map((_, l) => l)
    .sort((a, b) => (height(a) === height(b) ? b - a : height(a) < height(b) ? -1 : 1));
  const at = order.indexOf(line) + (step === "above" ? 1 : -1);
  return order[Math.min(order.length - 1, Math.max(0, at))] ?? line;
}

export type LabelPlace = { readonly line: number; readonly y: number };

/** Moves labels apart so that none covers another, as near to their lines as that allows. Undefined when they do not fit. */
export function spreadLabels(
  wanted: readonly LabelPlace[],
  top: number,
  bottom: number,
  lineHeight: number,
): readonly LabelPlace[] | undefined {
  if (wanted.length * lineHeight > bottom - top) return undefined;
  const sorted = wanted.toSorted((a, b) => a.y - b.y);
  let free = top + lineHeight / 2;
  const down = sorted.map((label) => {
    const y = Math.max(label.y, free);
    free = y + lineHeight;
    return { ...label, y };
  });
  let limit = bottom - lineHeight / 2;
  return down
    .toReversed()
    .map((label) => {
      const y = Math.min(label.y, limit);
      limit = y - lineHeight;
      return { ...label, y };
    })
    .toReversed();
}
