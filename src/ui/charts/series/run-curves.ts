import { bestScore } from "#dacapo/best.ts";
import { isBetter } from "#dacapo/scores-array.ts";
import type { TrainingStats } from "#dacapo/training-stats.ts";
import { criteria, type ValidationScores } from "#dacapo/validation-scores.ts";

/** What runs are laid side by side along: their iterations, or the hours that their steps took. */
export type RunAxis = "iterations" | "hours";

export type Curve = { readonly xs: Float64Array; readonly ys: Float64Array };

/** Hours of optimisation until each recorded iteration was done, in file order. A time that is no number counts as none. */
export function toHours({ times }: TrainingStats): Float64Array {
  let seconds = 0;
  return Float64Array.from(times, (time) => {
    if (time > 0 && Number.isFinite(time)) seconds += time;
    return seconds / 3600;
  });
}

export function toLossCurve(stats: TrainingStats, axis: RunAxis): Curve {
  return { xs: axis === "hours" ? toHours(stats) : stats.iterations, ys: stats.losses };
}

/**
 * The best score of each validated iteration over datasets and parameters, ascending. Validations of which no losses
 * tell when they took place are left out of an axis of hours.
 */
export function toScoreCurve(
  scores: ValidationScores,
  criterion: string,
  stats: TrainingStats | undefined,
  axis: RunAxis,
): Curve {
  const index = criteria(scores).indexOf(criterion);
  const up = scores.evaluationScores.criteria[index]?.higherIsBetter ?? true;
  const entries = index < 0 ? [] : scores.scores.toSorted((a, b) => a.iteration - b.iteration);
  const points = entries.flatMap((entry) => {
    const x = axis === "iterations" ? entry.iteration : hoursAt(stats, entry.iteration);
    const values = scores.datasets.flatMap(
      (dataset) => bestScore({ ...scores, scores: [entry] }, dataset, criterion)?.score ?? [],
    );
    const best = values.reduce((a, b) => (isBetter(b, a, up) ? b : a), Number.NaN);
    return x === undefined ? [] : [{ x, y: best }];
  });
  return { xs: Float64Array.from(points, ({ x }) => x), ys: Float64Array.from(points, ({ y }) => y) };
}

function hoursAt(stats: TrainingStats | undefined, iteration: number): number | undefined {
  if (stats === undefined) return undefined;
  const index = stats.iterations.findLastIndex((recorded) => recorded < iteration);
  return index < 0 ? undefined : toHours(stats)[index];
}
