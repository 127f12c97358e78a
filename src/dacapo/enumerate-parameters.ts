import type { PostProcessorParameters } from "./post-processor-parameters.ts";
import { thresholdParameters, watershedParameters } from "./post-processor-parameters.ts";
import type { Release } from "./release.ts";
import type { TaskConfig } from "./task.ts";

export type PostProcessorKind = "threshold" | "watershed" | "argmax" | "dummy";

export function postProcessorKind(task: TaskConfig): PostProcessorKind | undefined {
  switch (task.type) {
    case "DistanceTaskConfig":
    case "HotDistanceTaskConfig":
    case "InnerDistanceTaskConfig":
      return "threshold";
    case "AffinitiesTaskConfig":
      return "watershed";
    case "OneHotTaskConfig":
      return "argmax";
    case "DummyTaskConfig":
      return "dummy";
    case "PretrainedTaskConfig":
      return postProcessorKind(task.subTaskConfig);
    case "unknown":
      return undefined;
  }
}

/** The parameters a release tries at each validation, in score order. Empty for a task this reference does not know. */
export function enumerateParameters(
  task: TaskConfig,
  release: Release = "current",
): readonly PostProcessorParameters[] {
  const kind = postProcessorKind(task);
  return kind ? enumerateKind(kind, release) : [];
}

export function enumerateKind(kind: PostProcessorKind, release: Release): readonly PostProcessorParameters[] {
  switch (kind) {
    case "threshold":
      return thresholds(release);
    case "watershed":
      return watersheds(release);
    case "argmax":
      return [{ kind: "argmax", id: 1 }];
    case "dummy":
      return Array.from({ length: 10 }, (_, id) => ({ kind: "dummy", id, minSize: id + 1 }));
  }
}

function thresholds(release: Release): readonly PostProcessorParameters[] {
  if (release === "0.2.0") return [thresholdParameters(1, "", "bare")];
  if (release === "0.2.1-0.3.0")
    return ["100", "127", "150"].map((text, id) => thresholdParameters(id, text, "dataclass"));
  return [thresholdParameters(0, "127")];
}

function watersheds(release: Release): readonly PostProcessorParameters[] {
  if (release === "0.2.0")
    return [0.1, 0.5, 0.9].map((bias, id) => ({ ...watershedParameters(id, bias), context: undefined }));
  return [0.1, 0.25, 0.5, 0.75, 0.9].map((bias, id) => watershedParameters(id, bias));
}
