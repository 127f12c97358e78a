/** Values gathered under one block of a level. */
const FAN_OUT = 16;

/** Of each block its least and greatest value and where they are; +∞ and −∞ where it has no accepted value. */
type Level = {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly lowAt: Uint32Array;
  readonly highAt: Uint32Array;
};

/**
 * The least and the greatest value of a column in blocks of 16, 256, 4096 … values, so that the extrema of any window are
 * found by looking at a few dozen values however many there are. NaN and the infinities count for nothing, nor does what is
 * not positive where `positiveOnly`.
 */
export type Pyramid = {
  readonly values: Float64Array;
  readonly positiveOnly: boolean;
  readonly levels: readonly Level[];
};

/** Positions of the least and greatest accepted values of a window, the first where several are equal. */
export type Extent = { readonly minimum: number; readonly maximum: number };

export function buildPyramid(values: Float64Array, positiveOnly = false): Pyramid {
  return extendPyramid(undefined, values, positiveOnly);
}

/**
 * The pyramid of `values`, of which the first `previous.values.length` are those of `previous`: only blocks that the new
 * values touch are computed.
 */
export function extendPyramid(previous: Pyramid | undefined, values: Float64Array, positiveOnly = false): Pyramid {
  const kept = previous?.positiveOnly === positiveOnly ? previous : undefined;
  const levels: Level[] = [];
  let finished = kept?.values.length ?? 0;
  for (let count = values.length; count > FAN_OUT; count = Math.ceil(count / FAN_OUT)) {
    finished = Math.floor(finished / FAN_OUT);
    const below = levels.at(-1);
    const level = startLevel(Math.ceil(count / FAN_OUT), kept?.levels[levels.length], finished);
    if (below === undefined) fillFromValues(level, values, positiveOnly, finished);
    else fillFromLevel(level, below, finished);
    levels.push(level);
  }
  return { values, positiveOnly, levels };
}

function startLevel(length: number, previous: Level | undefined, finished: number): Level {
  const level = {
    low: new Float64Array(length),
    high: new Float64Array(length),
    lowAt: new Uint32Array(length),
    highAt: new Uint32Array(length),
  };
  if (previous === undefined) return level;
  level.low.set(previous.low.subarray(0, finished));
  level.high.set(previous.high.subarray(0, finished));
  level.lowAt.set(previous.lowAt.subarray(0, finished));
  level.highAt.set(previous.highAt.subarray(0, finished));
  return level;
}

function fillFromValues(level: Level, values: Float64Array, positiveOnly: boolean, from: number): void {
  const floor = toFloor(positiveOnly);
  for (let block = from; block < level.low.length; block++) {
    const search = startSearch();
    searchValues(search, values, floor, block * FAN_OUT, Math.min(values.length, (block + 1) * FAN_OUT));
    store(level, block, search);
  }
}

function fillFromLevel(level: Level, below: Level, from: number): void {
  for (let block = from; block < level.low.length; block++) {
    const search = startSearch();
    searchLevel(search, below, block * FAN_OUT, Math.min(below.low.length, (block + 1) * FAN_OUT));
    store(level, block, search);
  }
}

function store(level: Level, block: number, search: Search): void {
  level.low[block] = search.low;
  level.high[block] = search.high;
  level.lowAt[block] = search.lowAt;
  level.highAt[block] = search.highAt;
}

/** The extrema found so far; the lower position wins among equal values, in whatever order they are looked at. */
type Search = { low: number; high: number; lowAt: number; highAt: number };

function startSearch(): Search {
  return { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY, lowAt: 0, highAt: 0 };
}

function searchValues(search: Search, values: Float64Array, floor: number, begin: number, end: number): void {
  for (let i = begin; i < end; i++) {
    const value = values[i] as number;
    if (!(value > floor && value < Number.POSITIVE_INFINITY)) continue;
    if (value < search.low || (value === search.low && i < search.lowAt)) {
      search.low = value;
      search.lowAt = i;
    }
    if (value > search.high || (value === search.high && i < search.highAt)) {
      search.high = value;
      search.highAt = i;
    }
  }
}

function searchLevel(search: Search, level: Level, begin: number, end: number): void {
  for (let block = begin; block < end; block++) {
    const low = level.low[block] as number;
    const high = level.high[block] as number;
    if (low < search.low || (low === search.low && (level.lowAt[block] as number) < search.lowAt)) {
      search.low = low;
      search.lowAt = level.lowAt[block] as number;
    }
    if (high > search.high || (high === search.high && (level.highAt[block] as number) < search.highAt)) {
      search.high = high;
      search.highAt = level.highAt[block] as number;
    }
  }
}

function toFloor(positiveOnly: boolean): number {
  return positiveOnly ? 0 : Number.NEGATIVE_INFINITY;
}

export function accepts(pyramid: Pyramid, position: number): boolean {
  const value = pyramid.values[position] as number;
  return value < Number.POSITIVE_INFINITY && value > toFloor(pyramid.positiveOnly);
}

/** Extrema of the positions from `begin` up to, not including, `end`; undefined when no value there is accepted. */
export function extentOf(pyramid: Pyramid, begin: number, end: number): Extent | undefined {
  const search = startSearch();
  const floor = toFloor(pyramid.positiveOnly);
  const { values, levels } = pyramid;
  let from = begin;
  let to = end;
  for (let height = 0; from < to; height++) {
    const level = levels[height - 1];
    const whole = height < levels.length ? wholeBlocks(from, to) : { from: to, to };
    if (level === undefined) {
      searchValues(search, values, floor, from, whole.from);
      searchValues(search, values, floor, whole.to, to);
    } else {
      searchLevel(search, level, from, whole.from);
      searchLevel(search, level, whole.to, to);
    }
    from = whole.from / FAN_OUT;
    to = whole.to / FAN_OUT;
  }
  return search.low <= search.high ? { minimum: search.lowAt, maximum: search.highAt } : undefined;
}

/** The part of a window that is made of whole blocks of the next level; empty at `to` when there is none. */
function wholeBlocks(from: number, to: number): { readonly from: number; readonly to: number } {
  const first = Math.ceil(from / FAN_OUT) * FAN_OUT;
  const last = Math.floor(to / FAN_OUT) * FAN_OUT;
  return first < last ? { from: first, to: last } : { from: to, to };
}
