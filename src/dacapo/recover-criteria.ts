import {
  binaryScores,
  criteriaPerChannel,
  dummyScores,
  type EvaluationScores,
  instanceScores,
  instanceScoresWithAverageIou,
  multichannelBinaryScores,
  unknownScores,
} from "./evaluation-scores.ts";
import type { TaskConfig } from "./task.ts";
import { taskOutputs } from "./task-outputs.ts";

/** A recovered axis, with a sentence for everything that was assumed. */
export type Recovered<T> = { readonly value: T; readonly notes: readonly string[] };

/** From the task where the lengths agree, else from how many scores there are. */
export function recoverCriteria(task: TaskConfig | undefined, length: number): Recovered<EvaluationScores> {
  const expected = task && taskOutputs(task)?.evaluationScores;
  if (expected && (length === 0 || expected.criteria.length === length)) return { value: expected, notes: [] };
  const value = criteriaByLength(length, expected);
  if (!expected) return { value, notes: value.kind === "unknown" && length === 0 ? [] : [guessed(value, length)] };
  const note = `The task has ${expected.criteria.length} criteria but ${length} scores are stored; ${guessed(value, length)}`;
  return { value, notes: [note] };
}

function guessed(scores: EvaluationScores, length: number): string {
  if (scores.kind === "unknown") return `What the ${length} stored scores measure is not known.`;
  return `The criteria are taken for those of a ${scores.kind} evaluation because there are ${length}.`;
}

function criteriaByLength(length: number, expected: EvaluationScores | undefined): EvaluationScores {
  if (length === criteriaPerChannel) return binaryScores;
  if (length > 0 && length % criteriaPerChannel === 0) return numberedChannels(length / criteriaPerChannel);
  if (length === instanceScores.criteria.length) return instanceScores;
  if (length === instanceScoresWithAverageIou.criteria.length) return instanceScoresWithAverageIou;
  if (length === dummyScores.criteria.length) return dummyScores;
  return length === 0 && expected ? expected : unknownScores(length);
}

// As DaCapo names channels while it evaluates.
function numberedChannels(count: number): EvaluationScores {
  return multichannelBinaryScores(Array.from({ length: count }, (_, index) => String(index)));
}
