// From a planned layer and its opened array to what the viewer draws, with the task's channel names.

import type { TaskConfig } from "#dacapo/task.ts";
import { type TaskOutputs, taskOutputs } from "#dacapo/task-outputs.ts";
import type { RunArray } from "#storage/open-array.ts";
import { type LayerRole, type TaskType, toLayerKind, toPlainDtype } from "#volumes/layer-kind.ts";
import type { LayerRequest } from "#volumes/volume-viewer.ts";
import type { AppState } from "./app-state.ts";
import type { LayerPlan } from "./plan-layers.ts";

export function toLayerRequest(state: AppState, plan: LayerPlan, array: RunArray, key: string): LayerRequest {
  const config = state.runs[plan.run]?.config;
  const task = config?.status === "ready" ? config.value.taskConfig : undefined;
  const channels = channelCount(array);
  const names = channelNames(task, channels, array);
  return {
    name: plan.name,
    kind: toLayerKind({ role: roleOf(plan), task: taskType(task), dtype: toPlainDtype(array.dtype), channels }),
    array,
    title: plan.title,
    key,
    visible: visibleBefore(state, plan) ?? plan.visible,
    ...(names === undefined ? {} : { channels: names }),
  };
}

/** A best array is an output, an inference a prediction. */
function roleOf({ name }: LayerPlan): LayerRole {
  if (name === "inference") return "prediction";
  return name === "best" ? "segmentation" : name;
}

/** What a person hid stays hidden, also over datasets that lack the layer for a while. */
function visibleBefore(state: AppState, plan: LayerPlan): boolean | undefined {
  return state.layers.find(({ name, withheld }) => name === plan.name && !withheld)?.visible;
}

export function channelCount({ shape, metadata }: RunArray): number {
  return metadata.types.reduce((count, type, axis) => (type === "channel" ? count * (shape[axis] ?? 1) : count), 1);
}

const taskTypes = new Set<string>([
  "DistanceTask",
  "InnerDistanceTask",
  "HotDistanceTask",
  "AffinitiesTask",
  "OneHotTask",
  "DummyTask",
  "PretrainedTask",
]);

function taskType(task: TaskConfig | undefined): TaskType {
  const name = task?.type.replace(/Config$/, "");
  return name !== undefined && taskTypes.has(name) ? (name as TaskType) : "unknown";
}

function channelNames(task: TaskConfig | undefined, channels: number, { metadata }: RunArray): string[] | undefined {
  if (task === undefined || !metadata.types.includes("channel")) return classNames(task);
  const outputs: TaskOutputs | undefined = taskOutputs(task, channels);
  return outputs?.channels.map(({ name }) => name);
}

/** A class segmentation has no channels, but its values have names. */
function classNames(task: TaskConfig | undefined): string[] | undefined {
  return task?.type === "OneHotTaskConfig" ? [...task.classes] : undefined;
}
