import { findOddValues, type OddValues } from "./odd-values.ts";
import { extendPyramid, type Pyramid } from "./pyramid.ts";
import { gapPositions, type Recording, readRecording } from "./rewinds.ts";

/** One value per recorded iteration, ready to be drawn at any zoom. The columns are shared, not copied, where possible. */
export type Trace = {
  /** The columns it was built from, in file order. */
  readonly source: { readonly iterations: Float64Array; readonly values: Float64Array };
  /** Iterations that count, strictly ascending, and their values. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly pyramid: Pyramid;
  /** Without values that have no logarithm. The same pyramid where there are none of those. */
  readonly logPyramid: Pyramid;
  readonly odd: OddValues;
  readonly gaps: Uint32Array;
  readonly recording: Recording;
  /** What a rewind replaced, by ascending iteration; drawn faintly. Undefined where nothing was. */
  readonly superseded: { readonly xs: Float64Array; readonly ys: Float64Array; readonly pyramid: Pyramid } | undefined;
};

/** Builds the trace of two columns in file order; what `previous` already knows of their beginning is not computed again. */
export function buildTrace(iterations: Float64Array, values: Float64Array, previous?: Trace): Trace {
  const recording = readRecording(iterations);
  const { current } = recording;
  const xs = current === undefined ? iterations : pick(iterations, current);
  const ys = current === undefined ? values : pick(values, current);
  const known = previous !== undefined && isPrefix(previous.ys, ys) ? previous : undefined;
  const pyramid = extendPyramid(known?.pyramid, ys);
  const odd = findOddValues(ys);
  return {
    source: { iterations, values },
    xs,
    ys,
    pyramid,
    logPyramid: odd["not-positive"].length === 0 ? pyramid : extendPyramid(known?.logPyramid, ys, true),
    odd,
    gaps: gapPositions(xs, recording.breaks),
    recording,
    superseded: toSuperseded(iterations, values, recording.superseded),
  };
}

/** Remembers the last trace, so that a longer file costs only what is new. */
export function createTraceCache() {
  let last: Trace | undefined;
  return {
    traceOf(iterations: Float64Array, values: Float64Array): Trace {
      if (last?.source.iterations !== iterations || last.source.values !== values) {
        last = buildTrace(iterations, values, last);
      }
      return last;
    },
  };
}

function pick(column: Float64Array, positions: Uint32Array): Float64Array {
  const picked = new Float64Array(positions.length);
  for (let k = 0; k < positions.length; k++) picked[k] = column[positions[k] as number] as number;
  return picked;
}

/** Bit by bit, so that NaN equals NaN. */
function isPrefix(shorter: Float64Array, longer: Float64Array): boolean {
  if (shorter.length > longer.length) return false;
  const a = new Uint32Array(shorter.buffer, shorter.byteOffset, shorter.length * 2);
  const b = new Uint32Array(longer.buffer, longer.byteOffset, shorter.length * 2);
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function toSuperseded(iterations: Float64Array, values: Float64Array, positions: Uint32Array): Trace["superseded"] {
  if (positions.length === 0) return undefined;
  const order = sortRuns(iterations, positions);
  const ys = pick(values, order);
  return { xs: pick(iterations, order), ys, pyramid: extendPyramid(undefined, ys) };
}

/** Stable merge sort that starts from the ascending runs which are there: replaced records are few long runs. */
function sortRuns(keys: Float64Array, positions: Uint32Array): Uint32Array {
  let runs = splitRuns(keys, positions);
  while (runs.length > 1) {
    const merged: Uint32Array[] = [];
    for (let r = 0; r < runs.length; r += 2) {
      const [a, b] = [runs[r] as Uint32Array, runs[r + 1]];
      merged.push(b === undefined ? a : merge(keys, a, b));
    }
    runs = merged;
  }
  return runs[0] ?? positions;
}

function splitRuns(keys: Float64Array, positions: Uint32Array): Uint32Array[] {
  const runs: Uint32Array[] = [];
  let start = 0;
  for (let k = 1; k <= positions.length; k++) {
    const ends = k === positions.length || at(keys, positions, k) < at(keys, positions, k - 1);
    if (ends) {
      runs.push(positions.subarray(start, k));
      start = k;
    }
  }
  return runs;
}

function merge(keys: Float64Array, a: Uint32Array, b: Uint32Array): Uint32Array {
  const merged = new Uint32Array(a.length + b.length);
  let i = 0;
  let j = 0;
  for (let k = 0; k < merged.length; k++) {
    const fromA = j >= b.length || (i < a.length && at(keys, a, i) <= at(keys, b, j));
    merged[k] = (fromA ? a[i++] : b[j++]) as number;
  }
  return merged;
}

function at(keys: Float64Array, positions: Uint32Array, k: number): number {
  return keys[positions[k] as number] as number;
}
