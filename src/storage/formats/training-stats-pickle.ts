import type { TrainingStats } from "#dacapo/training-stats.ts";
import { PickleError } from "./format-error.ts";
import { numpyScalars } from "./numpy-pickle.ts";
import { readPickle } from "./pickle.ts";
import type { PickleValue } from "./pickle-values.ts";
import { toNumber } from "./stats-values.ts";
import { scanTrainingStats } from "./training-stats-scan.ts";

/** Told now and then how many of the bytes have been read. */
export type OnProgress = (done: number, total: number) => void;

/**
 * `stats/training_stats/<run>`: a list of {"iteration", "loss", "time", "run_name"}, in file order. None becomes NaN.
 * Throws PickleError: torn (also when empty: DaCapo writes in place), refused, malformed, limit.
 */
export function parseTrainingStats(bytes: Uint8Array, onProgress?: OnProgress): TrainingStats {
  return scanTrainingStats(bytes, onProgress) ?? toColumns(readPickle(bytes, { allow: numpyScalars() }));
}

function toColumns(value: PickleValue): TrainingStats {
  if (!Array.isArray(value)) throw unexpected("it is not a list");
  const column = (key: string) => Float64Array.from(value, (row) => toNumber(toRow(row).get(key)) ?? unusable(key));
  const stats = { iterations: column("iteration"), losses: column("loss"), times: column("time") };
  if (!stats.iterations.every(Number.isSafeInteger)) throw unexpected("an iteration is not a whole number");
  return stats;
}

function toRow(row: PickleValue): ReadonlyMap<PickleValue, PickleValue> {
  if (row instanceof Map) return row;
  throw unexpected("an entry is not a dictionary");
}

function unusable(key: string): never {
  throw unexpected(`an entry has no number ${JSON.stringify(key)}`);
}

function unexpected(found: string): PickleError {
  return new PickleError({
    tag: "malformed",
    message: `The pickle does not hold training statistics as DaCapo writes them: ${found}; check that this file is stats/training_stats/<run>.`,
  });
}
