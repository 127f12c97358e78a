import { accepts, extentOf, type Pyramid } from "./pyramid.ts";
import { lowerBound } from "./sorted-search.ts";

/** What of a trace is drawn, and how much there is. */
export type Decimated = {
  /** Positions in the trace, ascending. */
  readonly positions: Uint32Array;
  /** 1 where a new stroke begins at the position of the same index: something that cannot be drawn lies before it. */
  readonly lifts: Uint8Array;
  /** Points inside the window, drawable or not. */
  readonly total: number;
};

/** Iterations in view, both ends included, and the pixel columns that they are drawn on. */
export type Window = { readonly first: number; readonly last: number; readonly columns: number };

/** Points of one pixel column that are drawn at most: first, least, greatest and last. */
const PER_COLUMN = 4;

/**
 * Chooses what of a trace to draw in a window of iterations that is `columns` pixels wide: of every column the first, the
 * least, the greatest and the last value, so that no extremum is ever lost and the line enters and leaves every column where
 * the whole trace does. The neighbours just outside the window are kept, for lines that leave it.
 */
export function decimate(xs: Float64Array, pyramid: Pyramid, gaps: Uint32Array, window: Window): Decimated {
  const begin = lowerBound(xs, window.first);
  const end = lowerBound(xs, nextUp(window.last), begin);
  const pen = createPen(gaps, Math.min(end - begin, window.columns * PER_COLUMN) + PER_COLUMN);
  if (begin > 0 && accepts(pyramid, begin - 1)) pen.put(begin - 1, begin - 1);
  if (end - begin <= window.columns * PER_COLUMN) drawAll(pyramid, begin, end, pen.put);
  else drawColumns(xs, pyramid, begin, end, window, pen.put);
  if (end < xs.length && accepts(pyramid, end)) pen.put(end, end);
  return { ...pen.finish(), total: end - begin };
}

/** Adds a position that is joined to everything drawable from `joined` on. */
type Put = (position: number, joined: number) => void;

function createPen(gaps: Uint32Array, capacity: number) {
  const positions = new Uint32Array(capacity);
  const lifts = new Uint8Array(capacity);
  let count = 0;
  let gap = 0;
  const put: Put = (position, joined) => {
    const before = count === 0 ? -1 : (positions[count - 1] as number);
    if (position === before) return;
    while (gap < gaps.length && (gaps[gap] as number) <= before) gap++;
    const crosses = gap < gaps.length && (gaps[gap] as number) <= position;
    const skips = before >= 0 && before + 1 < joined;
    lifts[count] = count === 0 || crosses || skips ? 1 : 0;
    positions[count++] = position;
  };
  return { put, finish: () => ({ positions: positions.subarray(0, count), lifts: lifts.subarray(0, count) }) };
}

function drawAll(pyramid: Pyramid, begin: number, end: number, put: Put): void {
  for (let i = begin; i < end; i++) if (accepts(pyramid, i)) put(i, i);
}

function drawColumns(xs: Float64Array, pyramid: Pyramid, begin: number, end: number, window: Window, put: Put): void {
  const width = (window.last - window.first) / window.columns;
  let start = begin;
  for (let column = 1; column <= window.columns && start < end; column++) {
    const stop = column === window.columns ? end : lowerBound(xs, window.first + column * width, start, end);
    drawColumn(pyramid, start, stop, put);
    start = stop;
  }
}

function drawColumn(pyramid: Pyramid, start: number, stop: number, put: Put): void {
  const extent = extentOf(pyramid, start, stop);
  if (extent === undefined) return;
  let first = start;
  while (!accepts(pyramid, first)) first++;
  let last = stop - 1;
  while (!accepts(pyramid, last)) last--;
  put(first, first);
  put(Math.min(extent.minimum, extent.maximum), first);
  put(Math.max(extent.minimum, extent.maximum), first);
  put(last, first);
}

/** The least number above a finite one that is an iteration: windows include their last iteration. */
function nextUp(iteration: number): number {
  return iteration + Math.max(Number.MIN_VALUE, Math.abs(iteration) * Number.EPSILON);
}
