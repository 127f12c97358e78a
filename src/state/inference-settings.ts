// Which ways to run a network make sense for a run.
import { taskOutputs } from "#dacapo/task-outputs.ts";
import { canAugment } from "#inference/block-augment.ts";
import type { InferenceSettings, RunState } from "./app-state.ts";
import { configOf } from "./score-state.ts";

/** Channels with a direction, such as affinities, mean something else in a turned image. */
export function canAugmentRun(run: RunState): boolean {
  const task = configOf(run)?.taskConfig;
  const outputs = task && taskOutputs(task);
  return outputs !== undefined && canAugment(outputs.channels);
}

/** Without what is absent or off, so that equal settings are equal. */
export function toSettings(
  wanted: { readonly [K in keyof InferenceSettings]?: InferenceSettings[K] | false | undefined },
) {
  const chosen = Object.entries(wanted).filter(([, value]) => value !== undefined && value !== false);
  return Object.fromEntries(chosen) as InferenceSettings;
}
