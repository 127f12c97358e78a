// Scores outputs of an iteration against the ground truth, one after another, off the page's thread. Loaded when first asked for.
import type { PlacedArray } from "#evaluation/align.ts";
import { EvaluationError } from "#evaluation/errors.ts";
import { createScorer } from "#evaluation/order-resolver.ts";
import { checkSize } from "#evaluation/post-processing.ts";
import { createPostProcessor, type PostProcessor } from "#evaluation/post-processor.ts";
import type { LabelPair } from "#evaluation/score-pair.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { RunState } from "./app-state.ts";
import { distanceOf } from "./error-question.ts";
import { recipeOf } from "./output-recipe.ts";
import { toCriteria, type ValidationPlan } from "./plan-validation.ts";
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
        const done = scores.length + left.length;
        const pair = await reader.read(output, (part) => onProgress({ done, total, ...output, part }));
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
    reader.dispose();
  }
  const [first] = left;
  if (scores.length === 0 && first !== undefined) throw new ProtocolError("not-scored", first.dataset, first.message);
  return { scores, left };
}

type Opened = { readonly gt: PlacedArray; readonly processor?: PostProcessor };

/** Datasets come one after another: what they share is read once, and each pair's buffers may be given away. */
function createReader(plan: ValidationPlan, { source, run, compute, signal }: ValidationEffects) {
  let current: { readonly dataset: string; readonly opened: Promise<Opened> } | undefined;

  async function open({ dataset, parameters }: Output): Promise<Opened> {
    const gt = await readWhole(source, `validation.zarr/inputs/${dataset}/gt`, signal);
    if (gt === undefined)
      throw new ProtocolError(
        "no-gt",
        dataset,
        `The ground truth of ${dataset} is not on disk, or is too large to score here.`,
      );
    if (compute === undefined) return { gt };
    const array = await compute(dataset);
    checkSize(recipeOf(run, parameters), { shape: array.shape, voxelSize: array.metadata.voxelSize });
    const prediction = await readPlaced(array, signal);
    if (prediction === undefined)
      throw new ProtocolError("too-large", dataset, `The prediction of ${dataset} is too large to score here.`);
    return { gt, processor: createPostProcessor(prediction) };
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

  const close = () => {
    current?.opened.then(({ processor }) => processor?.dispose()).catch(() => undefined); // who reads is told
    current = undefined;
  };
  signal.addEventListener("abort", close);

  return {
    async read(output: Output, onPart: (part: number) => void): Promise<LabelPair> {
      if (current?.dataset !== output.dataset) {
        close();
        current = { dataset: output.dataset, opened: open(output) };
      }
      const { gt, processor } = await current.opened;
      const recipe = processor && recipeOf(run, output.parameters);
      const whole = recipe ? await processor.toOutput(recipe, onPart) : await readStored(output);
      return { output: whole, gt: { ...gt, data: gt.data.slice() } };
    },
    dispose() {
      signal.removeEventListener("abort", close);
      close();
    },
  };
}
