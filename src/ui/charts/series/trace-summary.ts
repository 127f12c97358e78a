import { formatCount, formatValue } from "./numbers.ts";
import { countBetween, type OddKind } from "./odd-values.ts";
import { extentOf, type Pyramid } from "./pyramid.ts";
import { countMissing } from "./rewinds.ts";
import type { Smoothed } from "./smoothing.ts";
import { lowerBound, nearestIndex } from "./sorted-search.ts";
import { toValueDomain } from "./ticks.ts";
import type { Trace } from "./trace.ts";
import { toWhole } from "./windows.ts";

type Span = readonly [first: number, last: number];

/**
 * All iterations of the file, replaced ones included, and up to those that were validated: DaCapo counts a validation by the
 * iterations done before it, so that the last one lies one beyond the last loss.
 */
export function wholeOf({ xs, superseded }: Trace, validated: readonly number[] = []): Span {
  const replaced = superseded?.xs;
  const first = Math.min(xs[0] ?? Number.POSITIVE_INFINITY, replaced?.[0] ?? Number.POSITIVE_INFINITY);
  const last = Math.max(xs.at(-1) ?? -1, replaced?.at(-1) ?? -1);
  return toWhole(
    first,
    validated.reduce((a, b) => Math.max(a, b), last),
  );
}

/** Positions of a window: from the first, up to but without the second. */
export function positionsWithin(xs: Float64Array, [first, last]: Span): readonly [begin: number, end: number] {
  const begin = lowerBound(xs, first);
  let end = lowerBound(xs, last, begin);
  if (xs[end] === last) end++;
  return [begin, end];
}

/** The values to show in a window: all that is drawn of the trace, so that no extremum is cut off. */
export function valuesWithin(trace: Trace, window: Span, log: boolean): readonly [number, number] {
  const shown = extremaWithin(trace.xs, log ? trace.logPyramid : trace.pyramid, window);
  const replaced = trace.superseded && extremaWithin(trace.superseded.xs, trace.superseded.pyramid, window);
  const extrema = [...shown, ...(replaced ?? [])].filter((value) => !log || value > 0);
  if (extrema.length === 0) return log ? [0.1, 1] : [0, 1];
  return toValueDomain(Math.min(...extrema), Math.max(...extrema), log);
}

function extremaWithin(xs: Float64Array, pyramid: Pyramid, window: Span): readonly number[] {
  const extent = extentOf(pyramid, ...positionsWithin(xs, window));
  return extent === undefined
    ? []
    : [pyramid.values[extent.minimum] as number, pyramid.values[extent.maximum] as number];
}

const ODD_WORDS: Readonly<Record<OddKind, string>> = {
  nan: "NaN",
  "+infinity": "+∞",
  "-infinity": "−∞",
  "not-positive": "≤ 0 (no logarithm)",
};

/** What is odd about the records in view, and about the file as a whole, a short sentence each. */
export function describeOddities(trace: Trace, window: Span, log: boolean): readonly string[] {
  const [begin, end] = positionsWithin(trace.xs, window);
  const odd = (Object.keys(ODD_WORDS) as OddKind[]).flatMap((kind) => {
    const count = kind === "not-positive" && !log ? 0 : countBetween(trace.odd[kind], begin, end);
    return count === 0 ? [] : [`${formatCount(count)} ${ODD_WORDS[kind]}`];
  });
  return [...odd, ...describeRecording(trace)];
}

function describeRecording({ recording, superseded }: Trace): readonly string[] {
  const { breaks, stride } = recording;
  const starts = breaks.flatMap((b) =>
    b.kind === "late-start" ? [`starts at iteration ${formatCount(b.iteration)}`] : [],
  );
  const gaps = breaks.filter((b) => b.kind === "gap").length;
  const rewinds = breaks.filter((b) => b.kind === "rewind");
  const missing = countMissing(breaks, stride);
  return [
    ...(stride > 1 ? [`one record in ${formatCount(stride)} iterations`] : []),
    ...starts,
    ...(gaps > 0 ? [`${plural(gaps, "gap")} (${formatCount(missing)} not recorded)`] : []),
    ...(rewinds.length > 0 ? [describeRewinds(rewinds, superseded?.xs.length ?? 0)] : []),
  ];
}

function describeRewinds(rewinds: readonly { readonly from: number; readonly to: number }[], replaced: number): string {
  const [first] = rewinds;
  const where = rewinds.length === 1 && first ? ` from ${formatCount(first.from)} to ${formatCount(first.to)}` : "";
  return `${plural(rewinds.length, "rewind")}${where} (${formatCount(replaced)} replaced, drawn faintly)`;
}

function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;
}

/** What is recorded nearest to an iteration. */
export type Reading = {
  readonly iteration: number;
  readonly value: number;
  readonly mean: number | undefined;
  readonly deviation: number | undefined;
};

export function readAt({ xs, ys }: Trace, smoothed: Smoothed | undefined, iteration: number): Reading | undefined {
  const position = nearestIndex(xs, iteration);
  if (position < 0) return undefined;
  const current = smoothed?.xs === xs ? smoothed.moments : undefined;
  return {
    iteration: xs[position] as number,
    value: ys[position] as number,
    mean: current?.mean[position],
    deviation: current?.deviation[position],
  };
}

/** For a screen reader: how much there is, and where it starts and ends. */
export function summarise(trace: Trace, name: string, unit: string): string {
  const { xs, ys, pyramid } = trace;
  const extent = extentOf(pyramid, 0, ys.length);
  if (xs.length === 0 || extent === undefined) return `${name}: ${formatCount(xs.length)} iterations, no finite value`;
  const told = (position: number) =>
    `${formatValue(ys[position] as number)}${unit} at iteration ${formatCount(xs[position] as number)}`;
  return [
    `${name} over ${plural(xs.length, "recorded iteration")}`,
    `first ${told(0)}`,
    `last ${told(xs.length - 1)}`,
    `lowest ${told(extent.minimum)}`,
    `highest ${told(extent.maximum)}`,
  ].join(", ");
}
