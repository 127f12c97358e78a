/** One optimisation step. `iteration` counts from 0, `time` is seconds of the step without fetching the batch. */
export type TrainingIterationStats = { readonly iteration: number; readonly loss: number; readonly time: number };

/**
 * Columns of equal length in file order. Iterations are usually, not always, contiguous and ascending: releases up to
 * 0.3.0 kept only the newest part, and a resumed run may repeat some. A loss may be NaN or infinite.
 */
export type TrainingStats = {
  readonly iterations: Float64Array;
  readonly losses: Float64Array;
  readonly times: Float64Array;
};

/** A place where the column of iterations does not simply go on: between `index - 1` and `index`. */
export type TrainingBreak = {
  readonly kind: "late-start" | "gap" | "rewind";
  readonly index: number;
  /** Last iteration before the break, -1 at a late start. */
  readonly from: number;
  readonly to: number;
};

export const emptyTrainingStats: TrainingStats = {
  iterations: new Float64Array(0),
  losses: new Float64Array(0),
  times: new Float64Array(0),
};

export function toTrainingStats(rows: readonly TrainingIterationStats[]): TrainingStats {
  return {
    iterations: Float64Array.from(rows, (row) => row.iteration),
    losses: Float64Array.from(rows, (row) => row.loss),
    times: Float64Array.from(rows, (row) => row.time),
  };
}

/** One row per iteration. Allocates an object a row: meant for export and tests, not for drawing. */
export function toTable(stats: TrainingStats): TrainingIterationStats[] {
  return Array.from(stats.iterations, (iteration, index) => ({
    iteration,
    loss: stats.losses[index] ?? Number.NaN,
    time: stats.times[index] ?? Number.NaN,
  }));
}

/** Last entry's iteration + 1, or 0 when there is none: the last one in the file, not the largest. */
export function trainedUntil(stats: TrainingStats): number {
  return (stats.iterations.at(-1) ?? -1) + 1;
}

/** Keeps the entries strictly below `iteration`. */
export function deleteAfter(stats: TrainingStats, iteration: number): TrainingStats {
  const keep = stats.iterations.map((value) => (value < iteration ? 1 : 0));
  const only = (column: Float64Array) => column.filter((_, index) => keep[index] === 1);
  return { iterations: only(stats.iterations), losses: only(stats.losses), times: only(stats.times) };
}

/**
 * Appends one step. A step that does not come after the last one first cuts back as DaCapo does, with
 * `delete_after(iteration - 1)`, which loses the entry just before it too: [0, 1, 2, 3, 4] and then 3 gives [0, 1, 3].
 */
export function addIterationStats(stats: TrainingStats, added: TrainingIterationStats): TrainingStats {
  const repeats = added.iteration < trainedUntil(stats);
  const kept = repeats ? deleteAfter(stats, added.iteration - 1) : stats;
  return {
    iterations: append(kept.iterations, added.iteration),
    losses: append(kept.losses, added.loss),
    times: append(kept.times, added.time),
  };
}

function append(column: Float64Array, value: number): Float64Array {
  const longer = new Float64Array(column.length + 1);
  longer.set(column);
  longer[column.length] = value;
  return longer;
}

/** Every place where training resumed, lost entries, or was rewound, in file order. */
export function findTrainingBreaks(stats: TrainingStats): TrainingBreak[] {
  const breaks: TrainingBreak[] = [];
  let from = -1;
  for (const [index, to] of stats.iterations.entries()) {
    if (to !== from + 1) breaks.push({ kind: breakKind(index, from, to), index, from, to });
    from = to;
  }
  return breaks;
}

function breakKind(index: number, from: number, to: number): TrainingBreak["kind"] {
  if (index === 0) return "late-start";
  return to > from ? "gap" : "rewind";
}
