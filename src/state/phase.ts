// What a training seems to be doing. DaCapo leaves no sign of life but the times of its files.
import type { RunConfig } from "#dacapo/run-config.ts";
import { type TrainingStats, trainedUntil } from "#dacapo/training-stats.ts";
import type { RunState } from "./app-state.ts";
import type { Phase } from "./phase-name.ts";

/** Ten minutes: shorter than that no training is called stale. */
const shortestSilenceMs = 10 * 60_000;
/** How many usual waits for the next write may pass; a validation takes part of each. */
const patience = 3;

export type PhaseEvidence = {
  readonly config: RunConfig | undefined;
  readonly stats: TrainingStats | undefined;
  /** When the run's files last changed, and what time it is, by one clock; ms since the epoch. */
  readonly changedAt: number | undefined;
  readonly now: number;
};

export function toPhase({ config, stats, changedAt, now }: PhaseEvidence): Phase {
  const trained = stats === undefined ? 0 : trainedUntil(stats);
  const planned = config?.numIterations;
  if (planned !== undefined && trained >= planned && trained > 0) return "finished";
  if (changedAt === undefined) return "unknown";
  return now - changedAt <= silenceMs(config, stats) ? "training" : "stale";
}

/** The longest silence that is still usual: stats are flushed once per validation interval. */
export function silenceMs(config: RunConfig | undefined, stats: TrainingStats | undefined): number {
  const perIteration = stats === undefined ? 0 : medianOfLast(stats.times, 101) * 1000;
  const usual = perIteration * (config?.validationInterval ?? 0);
  return Math.max(shortestSilenceMs, patience * usual);
}

function medianOfLast(values: Float64Array, count: number): number {
  const last = values.slice(-count).filter(Number.isFinite).sort();
  return last[last.length >> 1] ?? 0;
}

/** Six hours: a single validation that takes longer is shown before it is whole. */
const longestValidationMs = 6 * 3600_000;

/** Whether a validation that is under way would have ended. Losses are written first: without any, nothing is. */
export function isSilent({ training, freshness }: RunState, now: number): boolean {
  const { changedAt } = freshness;
  if (changedAt !== undefined) return now - changedAt > longestValidationMs;
  return training.status === "absent" || training.status === "failed";
}
