import { lowerBound } from "./sorted-search.ts";

/** Where the recorded iterations do not simply go on. All fields are iterations, both ends included. */
export type Break =
  | { readonly kind: "late-start"; readonly iteration: number }
  | { readonly kind: "gap"; readonly first: number; readonly last: number }
  | { readonly kind: "rewind"; readonly from: number; readonly to: number };

export type Recording = {
  /** File positions that later records did not replace; iterations ascend strictly along them. Undefined: all of them. */
  readonly current: Uint32Array | undefined;
  /** File positions that a later record of the same or an earlier iteration replaced, in file order. */
  readonly superseded: Uint32Array;
  readonly breaks: readonly Break[];
  /** Distance between neighbouring records that is usual here: 1, or more where the store subsampled. */
  readonly stride: number;
};

/**
 * Reads a column of iterations in file order as DaCapo's `add_iteration_stats` means it: a record whose iteration is not
 * above the one before rewinds the training to there, and what was recorded from there on no longer counts.
 */
export function readRecording(iterations: Float64Array): Recording {
  const superseded = findSuperseded(iterations);
  const current = superseded.length === 0 ? undefined : complement(iterations.length, superseded);
  const stride = usualStride(iterations);
  return {
    current,
    superseded,
    stride,
    breaks: [...findRewinds(iterations), ...findGaps(iterations, current, stride)],
  };
}

function findSuperseded(iterations: Float64Array): Uint32Array {
  const found: number[] = [];
  let lowestAfter = Number.POSITIVE_INFINITY;
  for (let i = iterations.length - 1; i >= 0; i--) {
    const iteration = iterations[i] as number;
    if (iteration < lowestAfter) lowestAfter = iteration;
    else found.push(i);
  }
  return Uint32Array.from(found.reverse());
}

function complement(length: number, excluded: Uint32Array): Uint32Array {
  const kept = new Uint32Array(length - excluded.length);
  let k = 0;
  let e = 0;
  for (let i = 0; i < length; i++) {
    if (excluded[e] === i) e++;
    else kept[k++] = i;
  }
  return kept;
}

function findRewinds(iterations: Float64Array): readonly Break[] {
  const rewinds: Break[] = [];
  for (let i = 1; i < iterations.length; i++) {
    const from = iterations[i - 1] as number;
    const to = iterations[i] as number;
    if (to <= from) rewinds.push({ kind: "rewind", from, to });
  }
  return rewinds;
}

function findGaps(iterations: Float64Array, current: Uint32Array | undefined, stride: number): readonly Break[] {
  const gaps: Break[] = [];
  const length = current?.length ?? iterations.length;
  const at = (k: number): number => iterations[current === undefined ? k : (current[k] as number)] as number;
  if (length > 0 && at(0) >= Math.max(1, stride)) gaps.push({ kind: "late-start", iteration: at(0) });
  let before = length > 0 ? at(0) : 0;
  for (let k = 1; k < length; k++) {
    const here = at(k);
    if (here - before > stride) gaps.push({ kind: "gap", first: before + 1, last: here - 1 });
    before = here;
  }
  return gaps;
}

const STRIDE_SAMPLE = 2048;

/** The commonest distance between neighbours, over a sample spread along the column. */
function usualStride(iterations: Float64Array): number {
  const counts = new Map<number, number>();
  const step = Math.max(1, Math.floor(iterations.length / STRIDE_SAMPLE));
  for (let i = 1; i < iterations.length; i += step) {
    const distance = (iterations[i] as number) - (iterations[i - 1] as number);
    if (distance > 0) counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [1, 0])[0];
}

/** Breaks that touch a window of iterations. */
export function breaksWithin(breaks: readonly Break[], first: number, last: number): readonly Break[] {
  return breaks.filter((b) => {
    if (b.kind === "gap") return b.last >= first && b.first <= last;
    const iteration = b.kind === "rewind" ? b.to : b.iteration;
    return iteration >= first && iteration <= last;
  });
}

/** Positions in `xs` before which a gap lies, ascending: a line must not be drawn into them. */
export function gapPositions(xs: Float64Array, breaks: readonly Break[]): Uint32Array {
  const gaps = breaks.flatMap((b) => (b.kind === "gap" ? [lowerBound(xs, b.last)] : []));
  return Uint32Array.from(gaps);
}

/** Iterations that are missing inside the gaps, where one in `stride` was to be recorded. */
export function countMissing(breaks: readonly Break[], stride: number): number {
  let missing = 0;
  for (const b of breaks) if (b.kind === "gap") missing += Math.floor((b.last - b.first + 1) / stride);
  return missing;
}
