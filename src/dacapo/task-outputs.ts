import type { Coordinate } from "./coordinate.ts";
import type { PostProcessorKind } from "./enumerate-parameters.ts";
import { postProcessorKind } from "./enumerate-parameters.ts";
import type { EvaluationScores } from "./evaluation-scores.ts";
import { dummyScores, instanceScores, multichannelBinaryScores } from "./evaluation-scores.ts";
import type { AffinitiesTaskConfig, TaskConfig } from "./task.ts";

export type ChannelKind = "distance" | "inner-distance" | "logit" | "affinity" | "lsd" | "embedding" | "unknown";

export type OutputChannel = {
  readonly name: string;
  readonly kind: ChannelKind;
  /** Of an affinity, in voxels. */
  readonly offset?: Coordinate;
};

/** What the network of a task puts out when it validates. */
export type TaskOutputs = {
  /** In the order of the channel axis. */
  readonly channels: readonly OutputChannel[];
  /** DaCapo's `output_array_type`. */
  readonly arrayType: "DistanceArray" | "ProbabilityArray" | "EmbeddingArray";
  readonly evalActivation: "sigmoid" | undefined;
  readonly postProcessor: PostProcessorKind | undefined;
  readonly evaluationScores: EvaluationScores;
};

type ChannelTable = {
  /** Stored values that a trained network is expected to give; NaN: no limit. */
  readonly range: readonly [number, number];
  /** Whether an activation holds the values inside that range. */
  readonly clamped: boolean;
  /** The value at an object's boundary. */
  readonly boundary: number | undefined;
};

const OPEN = [Number.NaN, Number.NaN] as const;

export const channelValues: Readonly<Record<ChannelKind, ChannelTable>> = {
  distance: { range: [-1, 1], clamped: false, boundary: 0 },
  "inner-distance": { range: [0, 1], clamped: false, boundary: 0 },
  logit: { range: OPEN, clamped: false, boundary: 0 },
  affinity: { range: [0, 1], clamped: true, boundary: 0.5 },
  lsd: { range: [0, 1], clamped: true, boundary: undefined },
  embedding: { range: OPEN, clamped: false, boundary: undefined },
  unknown: { range: OPEN, clamped: false, boundary: undefined },
};

/**
 * Undefined for a task that this reference does not know. `channelCount` is that of a stored prediction, where known:
 * older releases put local shape descriptors after the affinities, and extra channels must have names too.
 */
export function taskOutputs(task: TaskConfig, channelCount?: number): TaskOutputs | undefined {
  const outputs = outputsOf(task);
  if (!outputs || channelCount === undefined) return outputs;
  return { ...outputs, channels: fitChannels(task, outputs.channels, channelCount) };
}

function outputsOf(task: TaskConfig): TaskOutputs | undefined {
  const shared = { evalActivation: undefined, postProcessor: postProcessorKind(task) };
  switch (task.type) {
    case "DistanceTaskConfig":
    case "InnerDistanceTaskConfig":
    case "HotDistanceTaskConfig": {
      const arrayType = task.type === "HotDistanceTaskConfig" ? "ProbabilityArray" : "DistanceArray";
      const evaluationScores = multichannelBinaryScores(task.channels);
      return { ...shared, arrayType, channels: distanceChannels(task), evaluationScores };
    }
    case "AffinitiesTaskConfig": {
      const channels = task.neighborhood.map(affinityChannel);
      const evaluationScores = instanceScores;
      return { ...shared, arrayType: "EmbeddingArray", evalActivation: "sigmoid", channels, evaluationScores };
    }
    case "OneHotTaskConfig":
      return {
        ...shared,
        arrayType: "ProbabilityArray",
        channels: named(task.classes, "logit"),
        evaluationScores: dummyScores,
      };
    case "DummyTaskConfig":
      return {
        ...shared,
        arrayType: "EmbeddingArray",
        channels: embeddings(task.embeddingDims),
        evaluationScores: dummyScores,
      };
    case "PretrainedTaskConfig":
      return outputsOf(task.subTaskConfig);
    case "unknown":
      return undefined;
  }
}

const named = (names: readonly string[], kind: ChannelKind): readonly OutputChannel[] =>
  names.map((name) => ({ name, kind }));

// Guards against an absurd count in a config; DaCapo itself sets no limit.
const MAX_EMBEDDINGS = 4096;
const embeddings = (count: number): readonly OutputChannel[] =>
  named(
    Array.from({ length: Math.min(Math.max(0, count || 0), MAX_EMBEDDINGS) }, (_, index) => `e${index}`),
    "embedding",
  );

type DistanceLike = Extract<TaskConfig, { readonly channels: readonly string[] }>;

// Hot distance: a logit for each channel, then a distance for each.
function distanceChannels(task: DistanceLike): readonly OutputChannel[] {
  if (task.type === "DistanceTaskConfig") return named(task.channels, "distance");
  if (task.type === "InnerDistanceTaskConfig") return named(task.channels, "inner-distance");
  const distances = task.channels.map((channel) => `${channel} distance`);
  return [...named(task.channels, "logit"), ...named(distances, "distance")];
}

function affinityChannel(offset: Coordinate): OutputChannel {
  return { name: `aff_${offset.join(".")}`, kind: "affinity", offset };
}

// Mean offset, covariance diagonal, covariance off the diagonal, size: the order of the lsds package.
const LSDS: ReadonlyMap<number, readonly string[]> = new Map([
  [2, ["offset_y", "offset_x", "cov_yy", "cov_xx", "cov_yx", "size"]],
  [3, ["offset_z", "offset_y", "offset_x", "cov_zz", "cov_yy", "cov_xx", "cov_zy", "cov_zx", "cov_yx", "size"]],
]);

function fitChannels(task: TaskConfig, channels: readonly OutputChannel[], count: number): readonly OutputChannel[] {
  const extra = count - channels.length;
  const lsds = task.type === "AffinitiesTaskConfig" ? lsdNames(task) : [];
  if (lsds.length === extra)
    return [...channels, ...lsds.map((name): OutputChannel => ({ name: `lsd_${name}`, kind: "lsd" }))];
  return Array.from(
    { length: Math.max(0, count) },
    (_, index) => channels[index] ?? { name: `channel ${index}`, kind: "unknown" },
  );
}

function lsdNames(task: AffinitiesTaskConfig): readonly string[] {
  return LSDS.get(task.neighborhood[0]?.length ?? 0) ?? [];
}

/** Signed distance in world units of a stored distance: scale * atanh(value), infinite from 1 on. */
export function toWorldDistance(value: number, scaleFactor: number): number {
  return scaleFactor * Math.atanh(Math.min(1, Math.max(-1, value)));
}
