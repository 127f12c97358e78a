import type { EvaluationScores } from "./evaluation-scores.ts";
import { criterionOf } from "./evaluation-scores.ts";
import { toParametersString } from "./post-processor-parameters.ts";
import type { ValidationScores } from "./validation-scores.ts";
import { criteria as criteriaOf, scoreAt } from "./validation-scores.ts";

export type ScoresDim = "iterations" | "datasets" | "parameters" | "criteria";
/** Iterations are numbers; datasets, parameters and criteria go by their names. */
export type ScoresCoordinate = string | number;

/** Scores with named dimensions, in C order over `dims`; NaN where a score is missing. */
export type ScoresArray = {
  readonly dims: readonly ScoresDim[];
  readonly shape: readonly number[];
  /** One list per remaining dimension, one single coordinate per dimension that was selected away. */
  readonly coords: { readonly [dim in ScoresDim]: readonly ScoresCoordinate[] };
  readonly evaluationScores: EvaluationScores;
  readonly data: Float64Array;
};

/** Best along one dimension: `positions` (-1 where all are NaN) and `coordinates` are laid out like `best.data`. */
export type BestAlong = {
  readonly positions: Int32Array;
  readonly coordinates: readonly (ScoresCoordinate | undefined)[];
  readonly best: ScoresArray;
};

const DIMS = ["iterations", "datasets", "parameters", "criteria"] as const;

/** Four dimensions. Unlike DaCapo, ragged entries do not fail: what is missing is NaN. */
export function toArray(scores: ValidationScores): ScoresArray {
  const coords = {
    iterations: scores.scores.map((entry) => entry.iteration),
    datasets: scores.datasets,
    parameters: scores.parameters.map(toParametersString),
    criteria: criteriaOf(scores),
  };
  const shape = DIMS.map((dim) => coords[dim].length);
  return { dims: DIMS, shape, coords, evaluationScores: scores.evaluationScores, data: flatten(scores) };
}

function flatten(scores: ValidationScores): Float64Array {
  const { datasets, parameters } = scores;
  const names = criteriaOf(scores);
  const data = new Float64Array(scores.scores.length * datasets.length * parameters.length * names.length);
  let at = 0;
  for (const entry of scores.scores) {
    for (const dataset of datasets.keys()) {
      for (const parameter of parameters.keys()) {
        for (const criterion of names.keys()) data[at++] = scoreAt(entry, dataset, parameter, criterion);
      }
    }
  }
  return data;
}

// The array seen as [outer, length, inner] around one dimension.
function around(array: ScoresArray, dim: ScoresDim): { outer: number; length: number; inner: number } | undefined {
  const axis = array.dims.indexOf(dim);
  if (axis < 0) return undefined;
  const size = (lengths: readonly number[]) => lengths.reduce((total, length) => total * length, 1);
  const { shape } = array;
  return { outer: size(shape.slice(0, axis)), length: shape[axis] ?? 0, inner: size(shape.slice(axis + 1)) };
}

function without(
  array: ScoresArray,
  dim: ScoresDim,
  kept: readonly ScoresCoordinate[],
  data: Float64Array,
): ScoresArray {
  const axis = array.dims.indexOf(dim);
  const rest = <T>(values: readonly T[]) => values.filter((_, index) => index !== axis);
  const coords = { ...array.coords, [dim]: kept };
  return { ...array, dims: rest(array.dims), shape: rest(array.shape), coords, data };
}

/** The slice at one coordinate (the first one, where it repeats), or undefined when the dimension does not have it. */
export function select(array: ScoresArray, dim: ScoresDim, coordinate: ScoresCoordinate): ScoresArray | undefined {
  const view = around(array, dim);
  const position = array.coords[dim].indexOf(coordinate);
  if (!view || position < 0) return undefined;
  const data = new Float64Array(view.outer * view.inner);
  for (let outer = 0; outer < view.outer; outer++) {
    const begin = (outer * view.length + position) * view.inner;
    data.set(array.data.subarray(begin, begin + view.inner), outer * view.inner);
  }
  return without(array, dim, [coordinate], data);
}

/**
 * Best along a dimension, each criterion in its own direction (DaCapo means to do so, but applies the first criterion's
 * direction to all). NaN is skipped, ties go to the first. Undefined when the dimension was selected away.
 */
export function getBest(array: ScoresArray, dim: Exclude<ScoresDim, "criteria">): BestAlong | undefined {
  const view = around(array, dim);
  if (!view) return undefined;
  const higher = directions(array);
  const count = view.outer * view.inner;
  const positions = new Int32Array(count).fill(-1);
  const values = new Float64Array(count).fill(Number.NaN);
  for (let at = 0; at < count; at++) {
    const begin = Math.floor(at / view.inner) * view.length * view.inner + (at % view.inner);
    for (let position = 0; position < view.length; position++) {
      const value = array.data[begin + position * view.inner] ?? Number.NaN;
      if (!isBetter(value, values[at] ?? Number.NaN, higher[at % higher.length] ?? true)) continue;
      positions[at] = position;
      values[at] = value;
    }
  }
  const coordinates = Array.from(positions, (position) => array.coords[dim][position]);
  return { positions, coordinates, best: without(array, dim, [], values) };
}

/** Strictly better; anything is better than NaN, and NaN is better than nothing. */
export function isBetter(value: number, best: number, higherIsBetter: boolean): boolean {
  if (Number.isNaN(value)) return false;
  if (Number.isNaN(best)) return true;
  return higherIsBetter ? value > best : value < best;
}

// Criteria are the last dimension wherever they are one, so a direction repeats with the flat index.
function directions(array: ScoresArray): readonly boolean[] {
  const { criteria } = array.coords;
  const names = array.dims.at(-1) === "criteria" ? criteria : criteria.slice(0, 1);
  return names.map((name) => criterionOf(array.evaluationScores, String(name))?.higherIsBetter ?? true);
}
