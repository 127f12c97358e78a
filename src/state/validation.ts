// Scores outputs of an iteration against the ground truth, one after another, off the page's thread. Loaded when first asked for.
import { parseParametersString } from "#dacapo/post-processor-parameters.ts";
import type { PlacedArray } from "#evaluation/align.ts";
import { EvaluationError } from "#evaluation/errors.ts";
import { createScorer } from "#evaluation/order-resolver.ts";
import type { LabelPair } from "#evaluation/score-pair.ts";
import { toThresholded } from "#evaluation/threshold.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { RunState } from "./app-state.ts";
import { distanceOf } from "./error-question.ts";
import { thresholdOf, toCriteria, type ValidationPlan } from "./plan-validation.ts";
import { ProtocolError } from "./protocol-error.ts";
import { readPlaced, readWhole } from "./read-label-pair.ts";
import type { RunSource } from "./run-source.ts";
import { configOf } from "./score-state.ts";
import type { LeftOutput, ScoredOutput, Validated, ValidationProgress } from "./scored-output.ts";
import { volumesOf } from "./selectors.ts";

export type ValidationEffects = {
  readonly source: RunSource;
  readonly run: RunState;
  /** A prediction of a dataset that is computed here; absent where the stored outputs are scored. */
  readonly compute?: (dataset: string) => Promise<RunArray>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ValidationProgress) => void;
};

type Output = ValidationPlan["outputs"][number];

/** @throws ProtocolError where not one of the outputs could be scored; aborts with `signal` */
export async function validate(plan: ValidationPlan, effects: ValidationEffects): Promise<Validated> {
  const { run, signal, onProgress } = effects;
  const task = configOf(run)?.taskConfig;
  const [clip, tolerance] = [distanceOf(task, "clipDistance"), distanceOf(task, "tolDistance")];
  const scorer = createScorer(undefined, { definition: "simpleitk-2.2", clip, tolerance });
  const reader = createReader(plan, effects);
  const scores: ScoredOutput[] = [];
  const left: LeftOutput[] = [];
  const total = plan.outputs.length;
  onProgress({ done: 0, total });
  try {
    for (const output of plan.outputs) {
      signal.throwIfAborted();
      try {
        const pair = await reader.read(output);
        const values = await scorer.score(plan.kind, pair, plan.criteria, signal);
        scores.push({ iteration: plan.iteration, ...output, criteria: toCriteria(plan.criteria, values) });
      } catch (error) {
        if (!(error instanceof EvaluationError || error instanceof ProtocolError)) throw error;
        left.push({ ...output, message: error.message });
      }
      onProgress({ done: scores.length + left.length, total, ...output });
    }
  } finally {
    scorer.dispose();
  }
  const [first] = left;
  if (scores.length === 0 && first !== undefined) throw new ProtocolError("not-scored", first.dataset, first.message);
  return { scores, left };
}

/** Datasets come one after another: what they share is read once, and each pair's buffers may be given away. */
function createReader(plan: ValidationPlan, { source, run, compute, signal }: ValidationEffects) {
  let current: { readonly dataset: string; readonly gt: PlacedArray; readonly prediction?: PlacedArray } | undefined;

  async function open(dataset: string) {
    const gt = await readWhole(source, `validation.zarr/inputs/${dataset}/gt`, signal);
    if (gt === undefined)
      throw new ProtocolError(
        "no-gt",
        dataset,
        `The ground truth of ${dataset} is not on disk, or is too large to score here.`,
      );
    if (compute === undefined) return { dataset, gt };
    const prediction = await readPlaced(await compute(dataset), signal);
    if (prediction === undefined)
      throw new ProtocolError("too-large", dataset, `The prediction of ${dataset} is too large to score here.`);
    return { dataset, gt, prediction };
  }

  async function readStored({ dataset, parameters }: Output): Promise<PlacedArray> {
    const folder = volumesOf(run, plan.iteration, dataset)?.folder ?? dataset;
    const path = `validation.zarr/${plan.iteration}/${folder}/output/${parameters}`;
    const output = await readWhole(source, path, signal);
    if (output !== undefined) return output;
    throw new ProtocolError(
      "no-output",
      dataset,
      `The output ${source.urlOf(path)} is gone, or is too large to score here.`,
    );
  }

  return {
    async read(output: Output): Promise<LabelPair> {
      if (current?.dataset !== output.dataset) current = await open(output.dataset);
      const { gt, prediction } = current;
      const whole = prediction === undefined ? await readStored(output) : postProcess(run, prediction, output);
      return { output: whole, gt: { ...gt, data: gt.data.slice() } };
    },
  };
}

function postProcess(run: RunState, prediction: PlacedArray, { parameters }: Output): PlacedArray {
  const threshold = thresholdOf(run, parseParametersString(parameters)) ?? Number.NaN;
  return { ...prediction, data: toThresholded(prediction.data, threshold) };
}
