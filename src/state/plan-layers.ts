// Decides which arrays the volumes show for a run and a selection; opening and drawing them is the layers controller's.
import type { AppState, RunState, Shown } from "./app-state.ts";
import { areErrorsShown } from "./errors-shown.ts";
import type { LayerPlan } from "./layer-plan.ts";
import { type Inferences, planInferences, planOwnRaw } from "./plan-inference-layers.ts";
import { planSnapshotLayers } from "./plan-snapshots.ts";
import { bestOf, volumesOf } from "./selectors.ts";

const container = "validation.zarr";

/** What is computed in this page besides what lies on disk. */
export type Computed = Inferences & Partial<Pick<AppState, "errors">>;

/** Lowest layer first. Half-written volumes are left out until they are whole. */
export function planLayers(run: RunState, shown: Shown, inferences: Computed = {}): LayerPlan[] {
  if (shown.snapshot !== undefined) return [...planSnapshotLayers(run, shown)];
  const { dataset } = shown;
  const ownRaw = planOwnRaw(run, dataset, inferences);
  if (ownRaw !== undefined) return [ownRaw, ...planInferences(run, dataset, inferences)];
  if (dataset === undefined) return [];
  return [
    ...planInput(run, dataset, "raw"),
    ...planPrediction(run, shown),
    ...planInferences(run, dataset, inferences),
    ...planSegmentation(run, shown),
    ...planBest(run, shown),
    ...planErrors(run, shown, inferences),
    ...planInput(run, dataset, "gt"), // an outline, which fills would hide
  ];
}

function planInput(run: RunState, dataset: string, name: "raw" | "gt"): LayerPlan[] {
  const inputs = run.inputs.find((entry) => entry.dataset === dataset);
  if (inputs?.[name] !== true) return [];
  const path = `${container}/inputs/${dataset}/${name}`;
  return [{ name, run: run.id, path, title: `${name} of ${dataset}`, visible: true }];
}

function planPrediction(run: RunState, { iteration, dataset }: Shown): LayerPlan[] {
  const volumes = volumesOf(run, iteration, dataset);
  if (iteration === undefined || volumes?.prediction !== "whole") return [];
  const path = `${container}/${iteration}/${volumes.folder}/prediction`;
  const title = `prediction at ${iteration}`;
  return [{ name: "prediction", run: run.id, path, title, iteration, visible: true }];
}

function planSegmentation(run: RunState, { iteration, dataset, parameters }: Shown): LayerPlan[] {
  const volumes = volumesOf(run, iteration, dataset);
  const output = volumes?.outputs.find((entry) => entry.parameters === parameters && entry.whole);
  if (volumes === undefined || iteration === undefined || output === undefined) return [];
  const path = `${container}/${iteration}/${volumes.folder}/output/${output.parameters}`;
  const title = `segmentation at ${iteration}`;
  return [{ name: "segmentation", run: run.id, path, title, iteration, visible: true }];
}

/** Only of what is shown: those of another output would be taken for its own. */
function planErrors(run: RunState, shown: Shown, { errors }: Computed): LayerPlan[] {
  if (errors?.status !== "ready" || !areErrorsShown({ errors }, run, shown)) return [];
  const { generation } = errors;
  const title = `errors at ${shown.iteration}`;
  const at = shown.iteration === undefined ? {} : { iteration: shown.iteration };
  return [{ name: "errors", run: run.id, path: `errors#${generation}`, title, ...at, visible: true, generation }];
}

/** The stored best array of legacy releases, else the output that scored best. */
function planBest(run: RunState, { dataset, criterion }: Shown): LayerPlan[] {
  const best = bestOf(run, dataset, criterion);
  const stored = run.storedBest.some((entry) => entry.dataset === dataset && entry.criterion === criterion);
  if (dataset === undefined || (best === undefined && !stored)) return [];
  const title = best === undefined ? `best ${criterion}` : `best ${criterion} at ${best.iteration}`;
  const common = { name: "best", run: run.id, title, visible: false } as const;
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
