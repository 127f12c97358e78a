// Decides which arrays the volumes show for a run and a selection; opening and drawing them is the layers controller's.
import type { InferenceState, OwnRef, RunId, RunState, Shown } from "./app-state.ts";
import { modelPathOf, titleOf } from "./inference-task.ts";
import { bestOf, volumesOf } from "./selectors.ts";

export type LayerRole = "raw" | "gt" | "prediction" | "segmentation" | "best" | "inference";

export type LayerPlan = {
  readonly name: LayerRole;
  readonly run: RunId;
  /** Below the run's folder, unencoded. */
  readonly path: string;
  /** Of what lies elsewhere. */
  readonly source?: string;
  /** For people: "prediction at 800". */
  readonly title: string;
  readonly iteration?: number;
  /** Until a person says otherwise. */
  readonly visible: boolean;
  /** A whole volume of it is known to be there; otherwise it is looked for, and absence is no problem. */
  readonly expected: boolean;
  /** Why it is not drawn; a sentence. */
  readonly withheld?: string;
};

const container = "validation.zarr";

/** Lowest layer first. Half-written volumes are left out until they are whole. */
export function planLayers(run: RunState, shown: Shown, inference?: InferenceState): LayerPlan[] {
  const { dataset } = shown;
  if (inference?.ownRaw && inference.run === run.id && inference.dataset === dataset)
    return [...planOwnRaw(inference, inference.ownRaw), ...planInference(run, dataset, inference)];
  if (dataset === undefined) return [];
  return [
    ...planInput(run, dataset, "raw"),
    ...planPrediction(run, shown),
    ...planInference(run, dataset, inference),
    ...planSegmentation(run, shown),
    ...planBest(run, shown),
    ...planInput(run, dataset, "gt"), // an outline, which fills would hide
  ];
}

function planInput(run: RunState, dataset: string, name: "raw" | "gt"): LayerPlan[] {
  const inputs = run.inputs.find((entry) => entry.dataset === dataset);
  if (inputs?.[name] !== true) return [];
  const path = `${container}/inputs/${dataset}/${name}`;
  return [{ name, run: run.id, path, title: `${name} of ${dataset}`, visible: true, expected: true }];
}

function planPrediction(run: RunState, { iteration, dataset }: Shown): LayerPlan[] {
  const volumes = volumesOf(run, iteration, dataset);
  if (iteration === undefined || volumes?.prediction !== "whole") return [];
  const path = `${container}/${iteration}/${volumes.folder}/prediction`;
  const title = `prediction at ${iteration}`;
  return [{ name: "prediction", run: run.id, path, title, iteration, visible: true, expected: true }];
}

/** What lies elsewhere takes the place of the dataset. */
function planOwnRaw({ run, card, generation }: InferenceState, { name, address }: OwnRef): LayerPlan[] {
  if (card === undefined) return [];
  const path = `${address}#${generation}`;
  return [{ name: "raw", run, path, source: address, title: `raw of ${name}`, visible: true, expected: true }];
}

/** The layer exists from when there is something to compute with. */
function planInference(run: RunState, dataset: string | undefined, inference: InferenceState | undefined): LayerPlan[] {
  if (inference?.run !== run.id || inference.dataset !== dataset || inference.card === undefined) return [];
  const { iteration, ownModel, generation } = inference;
  const title = titleOf(inference);
  const path = `${modelPathOf(inference)}#${generation}`;
  const withheld = toRefusal(inference);
  const common = { name: "inference", run: run.id, path, title, expected: true } as const;
  const origin = { ...(iteration !== undefined && { iteration }), ...(ownModel && { source: ownModel.address }) };
  return [{ ...common, ...origin, visible: withheld === undefined, ...(withheld !== undefined && { withheld }) }];
}

/** Why a prediction made here is not shown. */
function toRefusal({ parity, insisted }: InferenceState): string | undefined {
  if (parity?.level !== "refuse" || insisted) return undefined;
  return parity.sentences[0] ?? "Its values are not what the network gives.";
}

function planSegmentation(run: RunState, { iteration, dataset, parameters }: Shown): LayerPlan[] {
  const volumes = volumesOf(run, iteration, dataset);
  const output = volumes?.outputs.find((entry) => entry.parameters === parameters && entry.whole);
  if (volumes === undefined || iteration === undefined || output === undefined) return [];
  const path = `${container}/${iteration}/${volumes.folder}/output/${output.parameters}`;
  const title = `segmentation at ${iteration}`;
  return [{ name: "segmentation", run: run.id, path, title, iteration, visible: true, expected: true }];
}

/** The stored best array of legacy releases, else the output that scored best. */
function planBest(run: RunState, { dataset, criterion }: Shown): LayerPlan[] {
  const best = bestOf(run, dataset, criterion);
  const stored = run.storedBest.some((entry) => entry.dataset === dataset && entry.criterion === criterion);
  if (dataset === undefined || (best === undefined && !stored)) return [];
  const title = best === undefined ? `best ${criterion}` : `best ${criterion} at ${best.iteration}`;
  const common = { name: "best", run: run.id, title, visible: false, expected: true } as const;
  if (stored) {
    const path = `${container}/${dataset}/${criterion}`;
    return [{ ...common, path, ...(best === undefined ? {} : { iteration: best.iteration }) }];
  }
  const volumes = volumesOf(run, best?.iteration, dataset);
  const output = volumes?.outputs.find((entry) => entry.parameters === best?.parameters && entry.whole);
  if (best === undefined || volumes === undefined || output === undefined) return [];
  const path = `${container}/${best.iteration}/${volumes.folder}/output/${output.parameters}`;
  return [{ ...common, path, iteration: best.iteration }];
}

/** Why a layer that a person would expect is not there; sentences. */
export function missingLayers(run: RunState, shown: Shown): string[] {
  const { iteration, dataset, parameters } = shown;
  if (dataset === undefined) return ["This run has no validation datasets, so there are no volumes to show."];
  const volumes = volumesOf(run, iteration, dataset);
  if (iteration === undefined) return ["This run has not been validated yet, so there are no volumes to show."];
  if (volumes === undefined) return [`Iteration ${iteration} has no volumes for ${dataset} on disk.`];
  if (volumes.prediction === "partial")
    return [`The prediction at ${iteration} is still being written; it appears when it is whole.`];
  const output = volumes.outputs.find((entry) => entry.parameters === parameters);
  if (parameters === undefined || output?.whole) return [];
  if (output !== undefined)
    return [`The segmentation at ${iteration} is still being written; it appears when it is whole.`];
  return [`There is no output of ${parameters} at ${iteration} for ${dataset}.`];
}
