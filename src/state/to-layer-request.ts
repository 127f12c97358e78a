// From a planned layer and its opened array to what the viewer draws, with the task's channel names.

import type { TaskConfig } from "#dacapo/task.ts";
import { type TaskOutputs, taskOutputs } from "#dacapo/task-outputs.ts";
import type { RunArray } from "#storage/open-array.ts";
import { type LayerKind, type LayerRole, type TaskType, toLayerKind, toPlainDtype } from "#volumes/layer-kind.ts";
import type { LayerRequest } from "#volumes/volume-viewer.ts";
import type { AppState, RunId } from "./app-state.ts";
import type { LayerPlan } from "./layer-plan.ts";
import { toSnapshotRequest } from "./to-snapshot-request.ts";

export function toLayerRequest(state: AppState, plan: LayerPlan, array: RunArray, key: string): LayerRequest {
  if (plan.name === "errors") return toErrorsRequest(state, plan, array, key);
  const config = state.runs[plan.run]?.config;
  const task = config?.status === "ready" ? toInnerTask(config.value.taskConfig) : undefined;
  if (plan.snapshot !== undefined)
    return toSnapshotLayer({ ...plan, visible: visibleSnapshot(state, plan) }, array, key, task);
  const channels = channelCount(array);
  const role = roleOf(plan);
  const outputs = outputsOf(task, role, array);
  const names = outputs?.map(({ name }) => name) ?? classNames(task);
  const { views, looksLike } = plan;
  return {
    name: plan.name,
    kind: comparedKind(plan) ?? toLayerKind({ role, task: taskType(task), dtype: toPlainDtype(array.dtype), channels }),
    array,
    title: plan.title,
    key,
    visible: visibleBefore(state, plan) ?? plan.visible,
    ...(names === undefined ? {} : { channels: names }),
    ...(outputs === undefined ? {} : { channelKinds: outputs.map(({ kind }) => kind) }),
    ...(plan.name === "inference" ? { computed: true } : {}),
    ...(views && { views }),
    ...(looksLike && { looksLike }),
    ...(plan.name === "difference" && { span: spanOf(array, outputs) }),
  };
}

function toSnapshotLayer(plan: LayerPlan, array: RunArray, key: string, task: TaskConfig | undefined): LayerRequest {
  const isStacked = plan.snapshot?.stack !== undefined;
  const dropped = isStacked ? (array.shape[0] ?? 1) * (array.shape[1] ?? 1) : 1;
  const channels = channelCount(array) / dropped;
  const facts = { task: taskType(task), dtype: toPlainDtype(array.dtype), channels };
  return toSnapshotRequest(plan, array, key, {
    prediction: toLayerKind({ ...facts, role: "prediction" }),
    labels: toLayerKind({ ...facts, role: "gt" }),
    channels: task && array.metadata.types.includes("channel") ? taskOutputs(task, channels)?.channels : undefined,
  });
}

/** What a person chose among the validation's layers is not about these. */
function visibleSnapshot({ layers }: AppState, { name, visible }: LayerPlan): boolean {
  return layers.find((layer) => layer.name === name && layer.source.includes("/snapshot.zarr/"))?.visible ?? visible;
}

function toErrorsRequest(state: AppState, plan: LayerPlan, array: RunArray, key: string): LayerRequest {
  const report = state.errors?.report;
  const channels = report?.kind === "mask" ? report.channels : undefined;
  return {
    ...{ name: plan.name, array, title: plan.title, key },
    kind: report?.kind === "mask" ? "mask-errors" : "object-errors",
    visible: visibleBefore(state, plan) ?? plan.visible,
    ...(channels === undefined ? {} : { channels }),
  };
}

/** What the channels of the array are by the task; those of raw are not the network's. */
function outputsOf(
  task: TaskConfig | undefined,
  role: LayerRole,
  array: RunArray,
): TaskOutputs["channels"] | undefined {
  const named = role !== "raw" && array.metadata.types.includes("channel");
  return named && task !== undefined ? taskOutputs(task, channelCount(array))?.channels : undefined;
}

const roles: Readonly<Record<LayerPlan["name"], LayerRole>> = {
  raw: "raw",
  gt: "gt",
  prediction: "prediction",
  segmentation: "segmentation",
  best: "segmentation",
  errors: "segmentation",
  inference: "prediction",
  "inference B": "prediction",
  "prediction B": "prediction",
  "segmentation B": "segmentation",
  difference: "prediction",
  agreement: "segmentation",
  target: "prediction",
  weight: "prediction",
  mask: "prediction",
  gradients: "prediction",
};

/** A best array is an output, an inference a prediction. */
function roleOf({ name }: LayerPlan): LayerRole {
  return roles[name];
}

function comparedKind({ name }: LayerPlan): "difference" | "agreement" | undefined {
  return name === "difference" || name === "agreement" ? name : undefined;
}

/** By how much predictions mostly differ: stored bytes by 255 at most, distances and probabilities by one, logits by more. */
function spanOf({ attributes }: RunArray, outputs: TaskOutputs["channels"] | undefined): number {
  if (attributes.span === 255) return 255;
  return outputs?.some(({ kind }) => kind === "logit" || kind === "unknown") ? 10 : 1;
}

/** How segmentations of a run are drawn, which is also how they are compared. */
export function segmentationKind(state: AppState, run: RunId, array: RunArray): LayerKind {
  const config = state.runs[run]?.config;
  const task = taskType(config?.status === "ready" ? toInnerTask(config.value.taskConfig) : undefined);
  return toLayerKind({ role: "segmentation", task, dtype: toPlainDtype(array.dtype), channels: channelCount(array) });
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
]);

/** A pretrained task puts out what the task that it wraps does. */
function toInnerTask(task: TaskConfig | undefined): TaskConfig | undefined {
  return task?.type === "PretrainedTaskConfig" ? toInnerTask(task.subTaskConfig) : task;
}

function taskType(task: TaskConfig | undefined): TaskType {
  const name = task?.type.replace(/Config$/, "");
  return name !== undefined && taskTypes.has(name) ? (name as TaskType) : "unknown";
}

/** A class segmentation has no channels, but its values have names. */
function classNames(task: TaskConfig | undefined): string[] | undefined {
  return task?.type === "OneHotTaskConfig" ? [...task.classes] : undefined;
}
