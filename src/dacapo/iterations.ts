/** What there is of one iteration. Iterations count what was completed, as checkpoints and validations do. */
export type RunIteration = {
  readonly iteration: number;
  readonly hasScores: boolean;
  readonly hasVolumes: boolean;
  readonly hasWeights: boolean;
};

/** Every iteration that anything is known of, ascending: scores alone do not tell, resuming a run drops the newest. */
export function toRunIterations(known: {
  readonly scores: readonly number[];
  readonly volumes: readonly number[];
  readonly weights: readonly number[];
}): readonly RunIteration[] {
  const [scores, volumes, weights] = [new Set(known.scores), new Set(known.volumes), new Set(known.weights)];
  const all = new Set([...scores, ...volumes, ...weights]);
  return [...all]
    .toSorted((a, b) => a - b)
    .map((iteration) => ({
      iteration,
      hasScores: scores.has(iteration),
      hasVolumes: volumes.has(iteration),
      hasWeights: weights.has(iteration),
    }));
}

/** Why an iteration with volumes has no scores; undefined when it has both or neither. */
export function missingScoresNote(found: RunIteration, newestScored: number | undefined): string | undefined {
  if (found.hasScores || !found.hasVolumes) return undefined;
  if (newestScored === undefined || found.iteration > newestScored) {
    return `Iteration ${found.iteration} has volumes but no scores: its validation is still running, or failed, or DaCapo dropped its scores when the run was resumed.`;
  }
  return `Iteration ${found.iteration} has volumes but no scores: DaCapo drops the newest scores whenever a run is resumed.`;
}
