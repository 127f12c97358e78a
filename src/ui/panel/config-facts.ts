// A run's config in words, for the model card.
import type { RunConfig } from "#dacapo/run-config.ts";
import { taskOutputs } from "#dacapo/task-outputs.ts";
import { toCount, toKindName } from "../words.ts";
import type { Fact } from "./facts.tsx";

type Named =
  | { readonly type: string; readonly name?: string }
  | { readonly type: "unknown"; readonly typeName: string };

/** "AffinitiesTask affs_5"; a type this viewer does not know under its own name. */
export function toConfigTitle(config: Named | undefined): string {
  if (config === undefined) return "not in the config";
  if ("typeName" in config) return `${toKindName(config.typeName)} (not known to this viewer)`;
  return [toKindName(config.type), config.name].filter(Boolean).join(" ");
}

export function toTaskFacts({ taskConfig }: RunConfig): readonly Fact[] {
  const outputs = taskConfig === undefined ? undefined : taskOutputs(taskConfig);
  return [
    ["task", toConfigTitle(taskConfig)],
    ["outputs", outputs?.channels.map(({ name }) => name).join(", ")],
    ["activation", outputs === undefined ? undefined : (outputs.evalActivation ?? "none")],
    ["post-processor", outputs?.postProcessor],
    ["scored as", outputs?.evaluationScores.kind],
  ];
}

export function toTrainingFacts(config: RunConfig): readonly Fact[] {
  const { numIterations, trainerConfig, startConfig } = config;
  return [
    ["trainer", toConfigTitle(trainerConfig)],
    ["iterations", numIterations === undefined ? undefined : toCount(numIterations)],
    ["validation", `every ${toCount(config.validationInterval)}`],
    ["batch size", config.batchSize],
    ["learning rate", config.learningRate],
    ["augments", toAugments(config)],
    ["starts from", startConfig === undefined ? "scratch" : toConfigTitle(startConfig)],
  ];
}

function toAugments({ trainerConfig }: RunConfig): string | undefined {
  if (trainerConfig?.type !== "GunpowderTrainerConfig") return undefined;
  const names = trainerConfig.augments.map((augment) => toConfigTitle(augment).replace(/Augment$/, ""));
  return names.length === 0 ? "none" : names.join(", ");
}

export function toDataSplitFacts({ datasplitConfig }: RunConfig, datasets: readonly string[]): readonly Fact[] {
  const split = datasplitConfig;
  return [
    ["datasplit", toConfigTitle(split)],
    ["folder", split?.type === "SimpleDataSplitConfig" ? split.path : undefined],
    ["trained on", split?.type === "TrainValidateDataSplitConfig" ? toNames(split.trainConfigs) : undefined],
    ["validated on", datasets.length === 0 ? undefined : datasets.join(", ")],
  ];
}

function toNames(configs: readonly Named[]): string {
  return configs.map((config) => ("name" in config ? config.name : toConfigTitle(config))).join(", ");
}
