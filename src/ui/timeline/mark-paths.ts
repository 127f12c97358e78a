// SVG paths for many marks at once: 2,000 marks are five elements, not 2,000.
import type { Axis, Mark } from "./timeline-marks.ts";

export const trackHeight = 64;
/** Where bars stand. */
export const baseline = 44;
export const tallestBar = 28;
const shortestBar = 5;

export type MarkPaths = {
  readonly scored: string;
  /** Scores without volumes to look at. */
  readonly scoredOnly: string;
  /** NaN scores: nothing to compare. */
  readonly unscorable: string;
  readonly volumesOnly: string;
  readonly partial: string;
  readonly checkpoints: string;
};

export function barHeight({ quality }: Mark): number {
  return quality === undefined ? shortestBar : shortestBar + quality * (tallestBar - shortestBar);
}

export function toBarWidth(spacing: number): number {
  return Math.max(1, Math.min(12, Math.floor(spacing * 0.6)));
}

function bar(mark: Mark, x: number, width: number): string {
  const height = barHeight(mark);
  return `M${(x - width / 2).toFixed(1)} ${baseline}v${(-height).toFixed(1)}h${width}v${height.toFixed(1)}z`;
}

function ring(x: number, y: number, radius: number): string {
  return `M${(x - radius).toFixed(1)} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
}

function diamond(x: number): string {
  return `M${x.toFixed(1)} ${baseline - 9}l4.5 4.5l-4.5 4.5l-4.5 -4.5z`;
}

type Kind = keyof MarkPaths;

function kindOf(mark: Mark): Kind {
  if (!mark.selectable) return "checkpoints";
  if (mark.volumes === "partial") return "partial";
  if (mark.score === undefined) return "volumesOnly";
  if (mark.quality === undefined) return "unscorable";
  return mark.volumes === "absent" ? "scoredOnly" : "scored";
}

/** Nearer to each other than so many pixels, marks of a kind could not be told apart. */
const pitches: Readonly<Record<Kind, number>> = {
  scored: 2,
  scoredOnly: 2,
  unscorable: 2,
  partial: 2,
  volumesOnly: 8,
  checkpoints: 6,
};

export type PlacedMark = { readonly mark: Mark; readonly x: number };

/** Of marks that would run into each other the tallest, where the first of them stands. `marks` ascending by iteration. */
export function mergeMarks(marks: readonly Mark[], axis: Axis): Readonly<Record<Kind, readonly PlacedMark[]>> {
  const placed: Record<Kind, PlacedMark[]> = {
    scored: [],
    scoredOnly: [],
    unscorable: [],
    volumesOnly: [],
    partial: [],
    checkpoints: [],
  };
  for (const mark of marks) {
    const kind = kindOf(mark);
    const x = axis.toX(mark.iteration);
    const last = placed[kind].at(-1);
    if (last === undefined || x - last.x >= pitches[kind]) placed[kind].push({ mark, x });
    else if (barHeight(mark) > barHeight(last.mark)) placed[kind].splice(-1, 1, { mark, x: last.x });
  }
  return placed;
}

export function toMarkPaths(marks: readonly Mark[], axis: Axis, width: number): MarkPaths {
  const placed = mergeMarks(marks, axis);
  const bars = (kind: Kind) => placed[kind].map(({ mark, x }) => bar(mark, x, width)).join("");
  return {
    scored: bars("scored"),
    scoredOnly: bars("scoredOnly"),
    unscorable: bars("unscorable"),
    volumesOnly: placed.volumesOnly.map(({ x }) => diamond(x)).join(""),
    partial: bars("partial"),
    checkpoints: placed.checkpoints.map(({ x }) => ring(x, baseline - 4, 3)).join(""),
  };
}
