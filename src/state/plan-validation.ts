// Decides what scoring an iteration comes to: which outputs against which ground truth, under which criteria. A pure step.
import type { EvaluationScores } from "#dacapo/evaluation-scores.ts";
import { taskOutputs } from "#dacapo/task-outputs.ts";
import type { ScoredKind } from "#evaluation/score-pair.ts";
import type { IterationChoice, RunState } from "./app-state.ts";
import { offered } from "./offered.ts";
import { recipeOf } from "./output-recipe.ts";
import { ProtocolError } from "./protocol-error.ts";
import { configOf } from "./score-state.ts";
import { parametersOf, resolveSelection, scoresOf, shownIterations, volumesOf } from "./selectors.ts";

/** What is to be scored again; absent parts mean all of them. */
export type ValidationWish = {
  readonly iteration: IterationChoice;
  readonly dataset?: string | undefined;
  readonly parameters?: string | undefined;
  /** The outputs on disk, or a prediction that is computed here. */
  readonly prediction: "stored" | "inference";
  /** Of a prediction that is computed here; the best there is otherwise. */
  readonly device?: "webgpu" | "wasm";
};

export type ValidationPlan = {
  readonly iteration: number;
  readonly kind: ScoredKind;
  readonly criteria: readonly string[];
  /** One of them is there for each row to come. */
  readonly outputs: readonly { readonly dataset: string; readonly parameters: string }[];
};

/** @throws ProtocolError with a sentence on why nothing can be scored */
export function planValidation(run: RunState, wish: ValidationWish): ValidationPlan {
  const iteration = toIteration(run, wish);
  const { dataset, parameters } = wish;
  if (dataset !== undefined) offered(run, "dataset", dataset, run.datasets);
  if (parameters !== undefined) offered(run, "parameters", parameters, parametersOf(run));
  const { kind, criteria } = evaluationOf(run);
  const found = wish.prediction === "stored" ? storedOutputs(run, iteration) : allOutputs(run);
  const outputs = found.filter(
    (output) =>
      (dataset === undefined || output.dataset === dataset) &&
      (parameters === undefined || output.parameters === parameters),
  );
  if (outputs.length === 0) throw nothingStored(run, iteration, wish);
  if (wish.prediction === "inference") for (const output of outputs) recipeOf(run, output.parameters);
  return { iteration, kind, criteria: criteria.map(({ name }) => name), outputs };
}

function toIteration(run: RunState, { iteration: wanted, dataset }: ValidationWish): number {
  const iteration =
    typeof wanted === "number"
      ? wanted
      : resolveSelection(run, { iteration: wanted, ...(dataset && { dataset }) }).iteration;
  if (iteration === undefined)
    throw new ProtocolError(
      "unknown-iteration",
      String(wanted),
      `${run.name} has no iteration that was validated yet.`,
    );
  offered(
    run,
    "iteration",
    iteration,
    [...new Set([...shownIterations(run), ...run.checkpoints])].sort((a, b) => a - b),
  );
  return iteration;
}

function evaluationOf(run: RunState): EvaluationScores & { readonly kind: ScoredKind } {
  const task = configOf(run)?.taskConfig;
  const found = scoresOf(run)?.scores.evaluationScores ?? (task && taskOutputs(task)?.evaluationScores);
  if (found?.kind === "dummy")
    throw notScored(run, "DaCapo scores its task with random numbers, which nothing can compute again");
  if (found === undefined || found.kind === "unknown")
    throw notScored(run, "neither its configuration nor its scores say which criteria its task has");
  return { ...found, kind: found.kind };
}

const notScored = (run: RunState, why: string): ProtocolError =>
  new ProtocolError("unsupported", run.url, `The outputs of ${run.name} cannot be scored: ${why}.`);

function storedOutputs(run: RunState, iteration: number): ValidationPlan["outputs"] {
  return run.datasets.flatMap((dataset) => {
    const outputs = volumesOf(run, iteration, dataset)?.outputs ?? [];
    const whole = new Set(outputs.filter((output) => output.whole).map(({ parameters }) => parameters));
    return parametersOf(run).flatMap((parameters) => (whole.has(parameters) ? [{ dataset, parameters }] : []));
  });
}

const allOutputs = (run: RunState): ValidationPlan["outputs"] =>
  run.datasets.flatMap((dataset) => parametersOf(run).map((parameters) => ({ dataset, parameters })));

function nothingStored(run: RunState, iteration: number, { dataset, parameters }: ValidationWish): ProtocolError {
  const of = [dataset && `dataset ${dataset}`, parameters && `parameters ${parameters}`].filter(Boolean).join(" and ");
  const message = `${run.name} has no whole output of iteration ${iteration}${of && ` for ${of}`} on disk, so there is nothing to score.`;
  return new ProtocolError("nothing-stored", String(iteration), message);
}

/** By name, in the order of the criteria; those that are not computed here are left out. */
export function toCriteria(names: readonly string[], values: readonly (number | undefined)[]): Record<string, number> {
  const known = names.map((name, index) => [name, values[index]] as const);
  return Object.fromEntries(known.filter((entry): entry is [string, number] => entry[1] !== undefined));
}
