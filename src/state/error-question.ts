// What is to be asked of a run's outputs: its evaluation decides which errors there are. Pure.
import { type EvaluationScores, splitCriterionName } from "#dacapo/evaluation-scores.ts";
import type { TaskConfig } from "#dacapo/task.ts";
import type { ErrorTask } from "./error-work.ts";

/** `undefined` where DaCapo has no evaluation that could be looked into. */
export function toErrorQuestion(
  { kind, criteria }: EvaluationScores,
  task: TaskConfig | undefined,
): ErrorTask["question"] | undefined {
  if (kind === "instance" || kind === "instance-avg-iou") return { kind: "instance" };
  if (kind !== "binary" && kind !== "multichannel-binary") return undefined;
  const channels = [...new Set(criteria.map(({ name }) => splitCriterionName(name).channel ?? ""))];
  return { kind: "mask", channels, clip: distanceOf(task, "clipDistance"), tolerance: distanceOf(task, "tolDistance") };
}

/** Of the task, in world units. */
export function distanceOf(task: TaskConfig | undefined, name: "clipDistance" | "tolDistance"): number | undefined {
  if (task?.type === "PretrainedTaskConfig") return distanceOf(task.subTaskConfig, name);
  const distance =
    task !== undefined && name in task ? (task as Partial<Record<typeof name, number>>)[name] : undefined;
  return distance !== undefined && Number.isFinite(distance) ? distance : undefined;
}
