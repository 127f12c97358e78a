// What a network at work is called, for people, messages and the public contract.
import type { InferenceState, InferenceTask, InferenceWish } from "./app-state.ts";

/** "1000", or what a model is called. */
export function modelNameOf({ iteration, ownModel }: InferenceTask): string {
  return ownModel?.name ?? String(iteration ?? "");
}

/** What it is run on. */
export function inputNameOf({ dataset, ownRaw }: InferenceTask): string {
  return ownRaw?.name ?? dataset ?? "";
}

/** "inference at 1000", "inference of model.onnx". */
export function titleOf(task: InferenceTask): string {
  return task.ownModel === undefined ? `inference at ${modelNameOf(task)}` : `inference of ${modelNameOf(task)}`;
}

/** Where the network comes from: below the run's folder, or an address of its own. */
export function modelPathOf({ iteration, ownModel }: InferenceTask): string {
  return ownModel?.address ?? `checkpoints/iterations/${iteration}`;
}

/** Of a network at work, what it was asked. */
export function taskOf(inference: InferenceState): InferenceTask {
  const { run, iteration, ownModel, dataset, ownRaw, normalisation, resample, settings } = inference;
  return {
    run,
    ...(iteration !== undefined && { iteration }),
    ...(ownModel && { ownModel }),
    ...(dataset !== undefined && { dataset }),
    ...(ownRaw && { ownRaw }),
    ...(normalisation && { normalisation }),
    ...(resample !== undefined && { resample }),
    ...(settings && { settings }),
  };
}

/** What starts the same once more. */
export function toWish(inference: InferenceState): InferenceWish {
  const { iteration, ownModel, dataset, ownRaw, normalisation, resample, settings, device, ask } = inference;
  const model: InferenceWish["model"] =
    ownModel === undefined ? { iteration: iteration ?? "best" } : { id: ownModel.id };
  return {
    model,
    ...(dataset !== undefined && { dataset }),
    ...(ownRaw && { raw: { id: ownRaw.id } }),
    ...(normalisation && { normalisation }),
    ...(resample !== undefined && { resample }),
    ...(settings && { settings }),
    ...(ask && { ask }),
    device,
  };
}
