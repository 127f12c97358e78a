/** Values gathered under one block of a level. */
const FAN_OUT = 16;

type Level = { readonly minimum: Uint32Array; readonly maximum: Uint32Array };

/**
 * Positions of the least and the greatest value of a column in blocks of 16, 256, 4096 … values, so that the extrema of any
 * window are found by looking at a few hundred values however many there are. Values that `accepts` refuses (always NaN and
 * the infinities, and what is not positive where `positiveOnly`) count for nothing.
 */
export type Pyramid = {
  readonly values: Float64Array;
  readonly positiveOnly: boolean;
  readonly levels: readonly Level[];
};

/** Positions of the least and greatest accepted values of a window, the first where several are equal. */
export type Extent = { readonly minimum: number; readonly maximum: number };

/** In a block: no accepted value. */
const NONE = 0xffffffff;

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
    else fillFromLevel(level, below, values, finished);
    levels.push(level);
  }
  return { values, positiveOnly, levels };
}

function startLevel(length: number, previous: Level | undefined, finished: number): Level {
  const level = { minimum: new Uint32Array(length), maximum: new Uint32Array(length) };
  if (previous !== undefined) {
    level.minimum.set(previous.minimum.subarray(0, finished));
    level.maximum.set(previous.maximum.subarray(0, finished));
  }
  return level;
}

function fillFromValues(level: Level, values: Float64Array, positiveOnly: boolean, from: number): void {
  const floor = positiveOnly ? 0 : Number.NEGATIVE_INFINITY;
  for (let block = from; block < level.minimum.length; block++) {
    let minimum = NONE;
    let maximum = NONE;
    let low = Number.POSITIVE_INFINITY;
    let high = floor;
    const end = Math.min(values.length, (block + 1) * FAN_OUT);
    for (let i = block * FAN_OUT; i < end; i++) {
      const value = values[i] as number;
      if (!(value > floor && value < Number.POSITIVE_INFINITY)) continue;
      if (value < low) {
        low = value;
        minimum = i;
      }
      if (value > high) {
        high = value;
        maximum = i;
      }
    }
    level.minimum[block] = minimum;
    level.maximum[block] = maximum;
  }
}

function fillFromLevel(level: Level, below: Level, values: Float64Array, from: number): void {
  for (let block = from; block < level.minimum.length; block++) {
    const end = Math.min(below.minimum.length, (block + 1) * FAN_OUT);
    let minimum = NONE;
    let maximum = NONE;
    for (let i = block * FAN_OUT; i < end; i++) {
      minimum = lower(values, minimum, below.minimum[i] as number);
      maximum = higher(values, maximum, below.maximum[i] as number);
    }
    level.minimum[block] = minimum;
    level.maximum[block] = maximum;
  }
}

function lower(values: Float64Array, a: number, b: number): number {
  if (b === NONE) return a;
  if (a === NONE) return b;
  return (values[b] as number) < (values[a] as number) ? b : a;
}

function higher(values: Float64Array, a: number, b: number): number {
  if (b === NONE) return a;
  if (a === NONE) return b;
  return (values[b] as number) > (values[a] as number) ? b : a;
}

export function accepts(pyramid: Pyramid, position: number): boolean {
  const value = pyramid.values[position] as number;
  return value < Number.POSITIVE_INFINITY && value > (pyramid.positiveOnly ? 0 : Number.NEGATIVE_INFINITY);
}

/** Extrema of the positions from `begin` up to, not including, `end`; undefined when no value there is accepted. */
export function extentOf(pyramid: Pyramid, begin: number, end: number): Extent | undefined {
  let minimum = NONE;
  let maximum = NONE;
  const visit = (low: number, high: number): void => {
    minimum = lower(pyramid.values, minimum, low);
    maximum = higher(pyramid.values, maximum, high);
  };
  visitWindow(pyramid, begin, end, visit);
  return minimum === NONE ? undefined : { minimum, maximum };
}

/** Walks a window left to right with the largest blocks that fit in it. */
function visitWindow(pyramid: Pyramid, begin: number, end: number, visit: (low: number, high: number) => void): void {
  let position = begin;
  while (position < end) {
    let level = -1;
    let size = 1;
    while (level + 1 < pyramid.levels.length && position % (size * FAN_OUT) === 0 && position + size * FAN_OUT <= end) {
      level++;
      size *= FAN_OUT;
    }
    const block = pyramid.levels[level];
    if (block !== undefined) visit(block.minimum[position / size] as number, block.maximum[position / size] as number);
    else if (accepts(pyramid, position)) visit(position, position);
    position += size;
  }
}
