import { toShortLabel } from "#dacapo/post-processor-parameters.ts";
import { scoreAt, type ValidationScores } from "#dacapo/validation-scores.ts";

const dice = 0;

/**
 * DaCapo's current threshold, 127, is meant for predictions stored as 0 to 255. Where they are floats of about -1 to 1 no
 * voxel is above it: every output is empty, dice is 0 or NaN and most other criteria are NaN.
 */
export function emptyOutputsNote(scores: ValidationScores): string | undefined {
  const above = [...scores.parameters.entries()].filter(
    ([index, parameters]) => parameters.kind === "threshold" && parameters.threshold > 1 && isEmpty(scores, index),
  );
  if (above.length === 0 || scores.scores.length === 0) return undefined;
  const names = above.map(([, parameters]) => toShortLabel(parameters)).join(", ");
  return `With ${names} nothing was segmented: DaCapo's thresholds are meant for predictions stored as 0 to 255, and this run stored floats of about -1 to 1. The prediction itself is not empty.`;
}

function isEmpty({ scores, datasets }: ValidationScores, parameters: number): boolean {
  return scores.every((entry) =>
    [...datasets.keys()].every((dataset) => !(scoreAt(entry, dataset, parameters, dice) > 0)),
  );
}
