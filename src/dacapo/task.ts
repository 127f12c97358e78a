import type { ConfigReader, Fields, Read, UnknownConfig } from "./config-reader.ts";
import { configReader, coordinate, flag, list, number, readConfig, text } from "./config-reader.ts";
import type { Coordinate } from "./coordinate.ts";

type Named = { readonly name: string };

/** Distances (`clipDistance`, `tolDistance`, `scaleFactor`) are in world units, as the voxel size is. */
type Distances = {
  readonly channels: readonly string[];
  readonly clipDistance: number;
  readonly tolDistance: number;
  readonly scaleFactor: number;
};

export type DistanceTaskConfig = Named &
  Distances & {
    readonly type: "DistanceTaskConfig";
    readonly maskDistances: boolean;
    readonly clipmin: number;
    readonly clipmax: number;
  };
export type HotDistanceTaskConfig = Named &
  Distances & {
    readonly type: "HotDistanceTaskConfig";
    readonly maskDistances: boolean;
    /** Of the head's convolution; absent means 3. */
    readonly kernelSize: number | undefined;
  };
export type InnerDistanceTaskConfig = Named & Distances & { readonly type: "InnerDistanceTaskConfig" };
export type AffinitiesTaskConfig = Named & {
  readonly type: "AffinitiesTaskConfig";
  /** Offsets in voxels, one channel each. */
  readonly neighborhood: readonly Coordinate[];
  readonly lsds: boolean;
  readonly numLsdVoxels: number;
  readonly downsampleLsds: number;
  readonly lsdsToAffsWeightRatio: number;
  readonly affsWeightClipmin: number;
  readonly affsWeightClipmax: number;
  readonly lsdWeightClipmin: number;
  readonly lsdWeightClipmax: number;
  readonly backgroundAsObject: boolean;
};
export type OneHotTaskConfig = Named & {
  readonly type: "OneHotTaskConfig";
  readonly classes: readonly string[];
  readonly kernelSize: number | undefined;
};
export type PretrainedTaskConfig = Named & {
  readonly type: "PretrainedTaskConfig";
  readonly subTaskConfig: TaskConfig;
  readonly weights: string;
};
export type DummyTaskConfig = Named & {
  readonly type: "DummyTaskConfig";
  readonly embeddingDims: number;
  readonly detectionThreshold: number;
};

export type TaskConfig =
  | DistanceTaskConfig
  | HotDistanceTaskConfig
  | InnerDistanceTaskConfig
  | AffinitiesTaskConfig
  | OneHotTaskConfig
  | PretrainedTaskConfig
  | DummyTaskConfig
  | UnknownConfig;

const named = (fields: Fields): Named => ({ name: fields.required("name", text, "") });

const distances = (fields: Fields): Named & Distances => ({
  ...named(fields),
  channels: fields.required("channels", list(text), []),
  clipDistance: fields.required("clip_distance", number, Number.NaN),
  tolDistance: fields.required("tol_distance", number, Number.NaN),
  scaleFactor: fields.withDefault("scale_factor", number, 1),
});

function toAffinities(fields: Fields): AffinitiesTaskConfig {
  return {
    type: "AffinitiesTaskConfig",
    ...named(fields),
    neighborhood: fields.required("neighborhood", list(coordinate), []),
    lsds: fields.withDefault("lsds", flag, false),
    numLsdVoxels: fields.withDefault("num_lsd_voxels", number, 10),
    downsampleLsds: fields.withDefault("downsample_lsds", number, 1),
    lsdsToAffsWeightRatio: fields.withDefault("lsds_to_affs_weight_ratio", number, 1),
    affsWeightClipmin: fields.withDefault("affs_weight_clipmin", number, 0.05),
    affsWeightClipmax: fields.withDefault("affs_weight_clipmax", number, 0.95),
    lsdWeightClipmin: fields.withDefault("lsd_weight_clipmin", number, 0.05),
    lsdWeightClipmax: fields.withDefault("lsd_weight_clipmax", number, 0.95),
    backgroundAsObject: fields.withDefault("background_as_object", flag, false),
  };
}

export const taskReader: ConfigReader<TaskConfig> = configReader<Exclude<TaskConfig, UnknownConfig>>("a task", {
  DistanceTaskConfig: (fields) => ({
    type: "DistanceTaskConfig",
    ...distances(fields),
    maskDistances: fields.withDefault("mask_distances", flag, true),
    clipmin: fields.withDefault("clipmin", number, 0.05),
    clipmax: fields.withDefault("clipmax", number, 0.95),
  }),
  HotDistanceTaskConfig: (fields) => ({
    type: "HotDistanceTaskConfig",
    ...distances(fields),
    maskDistances: fields.withDefault("mask_distances", flag, false),
    kernelSize: fields.optional("kernel_size", number),
  }),
  InnerDistanceTaskConfig: (fields) => ({ type: "InnerDistanceTaskConfig", ...distances(fields) }),
  AffinitiesTaskConfig: toAffinities,
  OneHotTaskConfig: (fields) => ({
    type: "OneHotTaskConfig",
    ...named(fields),
    classes: fields.required("classes", list(text), []),
    kernelSize: fields.optional("kernel_size", number),
  }),
  PretrainedTaskConfig: (fields) => ({
    type: "PretrainedTaskConfig",
    ...named(fields),
    subTaskConfig: fields.required("sub_task_config", (value, scope) => taskReader(value, scope), NO_TASK),
    weights: fields.required("weights", text, ""),
  }),
  DummyTaskConfig: (fields) => ({
    type: "DummyTaskConfig",
    ...named(fields),
    embeddingDims: fields.required("embedding_dims", number, 0),
    detectionThreshold: fields.required("detection_threshold", number, Number.NaN),
  }),
});

const NO_TASK: UnknownConfig = { type: "unknown", typeName: "", raw: undefined };

export function toTaskConfig(value: unknown): Read<TaskConfig> {
  return readConfig(value, taskReader);
}

/** The side of the head's convolution, in voxels. The head is unpadded, so it shrinks every axis by this minus one. */
export function headKernelSize(task: TaskConfig | undefined): number {
  if (task?.type === "HotDistanceTaskConfig" || task?.type === "OneHotTaskConfig") return task.kernelSize ?? 3;
  return task?.type === "PretrainedTaskConfig" ? headKernelSize(task.subTaskConfig) : 1;
}
