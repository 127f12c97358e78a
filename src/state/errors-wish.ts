// Decides what is to be compared: the output that is shown with its ground truth, or why there is nothing to compare. Pure.
import { taskOutputs } from "#dacapo/task-outputs.ts";
import type { AppState, ErrorsTarget, RunState, Shown } from "./app-state.ts";
import { toErrorQuestion } from "./error-question.ts";
import type { ErrorTask } from "./error-work.ts";
import { configOf } from "./score-state.ts";
import { scoresOf, selectedRun, shownOf, volumesOf } from "./selectors.ts";

export type ErrorsWish =
  | {
      readonly target: ErrorsTarget;
      readonly question: ErrorTask["question"];
      /** Below the run's folder. */
      readonly output: string;
      readonly gt: string;
      /** Other bytes may lie under the same path. */
      readonly generation: number;
    }
  /** A sentence. */
  | { readonly message: string };

export function toErrorsWish(state: AppState): ErrorsWish {
  const run = selectedRun(state);
  if (run === undefined) return { message: "No run is open." };
  if (run.status === "loading") return { message: `${run.name} is being read.` };
  const question = questionOf(run);
  return question === undefined ? { message: toUnevaluated(run) } : toComparison(run, question, shownOf(state));
}

function questionOf(run: RunState): ErrorTask["question"] | undefined {
  const task = configOf(run)?.taskConfig;
  const scores = scoresOf(run)?.scores.evaluationScores ?? (task && taskOutputs(task)?.evaluationScores);
  return scores && toErrorQuestion(scores, task);
}

function toUnevaluated(run: RunState): string {
  const kind = scoresOf(run)?.scores.evaluationScores.kind;
  if (kind === "dummy")
    return `DaCapo scores the task of ${run.name} with random numbers: it has no evaluation whose errors could be shown.`;
  return `Neither the configuration nor the scores of ${run.name} say how its outputs are evaluated, so no errors can be shown.`;
}

function toComparison(run: RunState, question: ErrorTask["question"], shown: Shown): ErrorsWish {
  const { dataset, iteration, parameters, snapshot } = shown;
  if (snapshot !== undefined)
    return {
      message: "A training snapshot is shown, which nothing was evaluated of; choose a dataset in the timeline.",
    };
  if (dataset === undefined || iteration === undefined || parameters === undefined)
    return {
      message: `${run.name} has no validation output yet, so there is nothing to compare with the ground truth.`,
    };
  const gt = `validation.zarr/inputs/${dataset}/gt`;
  if (!run.inputs.some((input) => input.dataset === dataset && input.gt))
    return { message: `The ground truth of ${dataset} is not there (${gt}), so nothing can be compared with it.` };
  const volumes = volumesOf(run, iteration, dataset);
  if (!volumes?.outputs.some((output) => output.parameters === parameters && output.whole))
    return { message: `No whole output of ${dataset} at ${iteration} with ${parameters} is there; choose another.` };
  return {
    target: { run: run.id, dataset, iteration, parameters },
    question,
    output: `validation.zarr/${iteration}/${volumes.folder}/output/${parameters}`,
    gt,
    generation: run.generation,
  };
}
