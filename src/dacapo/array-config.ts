import type { ConfigReader, Fields, Read, Reader, UnknownConfig } from "./config-reader.ts";
import { complain, configReader, coordinate, flag, list, mapping, number, readConfig, text } from "./config-reader.ts";
import type { Coordinate } from "./coordinate.ts";
import type { Roi } from "./roi.ts";

type Named = { readonly name: string };
type Derived = Named & { readonly sourceArrayConfig: ArrayConfig };

/** A group of label ids that becomes one channel; without ids, everything that is not background. */
export type Grouping = { readonly channel: string; readonly ids: readonly number[] };

export type ZarrArrayConfig = Named & {
  readonly type: "ZarrArrayConfig";
  /** Path of the container on the training machine. */
  readonly fileName: string;
  readonly dataset: string;
  /** Ignored by current DaCapo, as are the axes and the mode. */
  readonly snapToGrid: Coordinate | undefined;
  readonly axes: readonly string[] | undefined;
  readonly mode: string | undefined;
  readonly omeMetadata: boolean;
};
export type TiffArrayConfig = Named & {
  readonly type: "TiffArrayConfig";
  readonly fileName: string;
  readonly offset: Coordinate;
  readonly voxelSize: Coordinate;
  readonly axisNames: readonly string[];
  readonly units: readonly string[];
};
/** (x - min) / (max - min), not clipped. */
export type IntensitiesArrayConfig = Derived & {
  readonly type: "IntensitiesArrayConfig";
  readonly min: number;
  readonly max: number;
};
export type BinarizeArrayConfig = Derived & {
  readonly type: "BinarizeArrayConfig";
  readonly groupings: readonly Grouping[];
  readonly background: number;
};
/** `roi` in world units. */
export type CropArrayConfig = Derived & { readonly type: "CropArrayConfig"; readonly roi: Roi };
export type ResampledArrayConfig = Derived & {
  readonly type: "ResampledArrayConfig";
  readonly upsample: Coordinate | undefined;
  readonly downsample: Coordinate | undefined;
  readonly interpOrder: boolean;
};
export type LogicalOrArrayConfig = Derived & { readonly type: "LogicalOrArrayConfig" };
export type OnesArrayConfig = Derived & { readonly type: "OnesArrayConfig" };
export type ConstantArrayConfig = Derived & { readonly type: "ConstantArrayConfig"; readonly constant: number };
export type MissingAnnotationsMaskConfig = Derived & {
  readonly type: "MissingAnnotationsMaskConfig";
  readonly groupings: readonly Grouping[];
};
/** Channels are stacked in the order of the mapping; `channels` and the default are ignored by current DaCapo. */
export type ConcatArrayConfig = Named & {
  readonly type: "ConcatArrayConfig";
  readonly channels: readonly string[];
  readonly sourceArrayConfigs: ReadonlyMap<string, ArrayConfig>;
  readonly defaultConfig: ArrayConfig | undefined;
};
export type SumArrayConfig = Named & {
  readonly type: "SumArrayConfig" | "MergeInstancesArrayConfig";
  readonly sourceArrayConfigs: readonly ArrayConfig[];
};
export type DVIDArrayConfig = Named & { readonly type: "DVIDArrayConfig"; readonly source: readonly string[] };
export type DummyArrayConfig = Named & { readonly type: "DummyArrayConfig" };

export type ArrayConfig =
  | ZarrArrayConfig
  | TiffArrayConfig
  | IntensitiesArrayConfig
  | BinarizeArrayConfig
  | CropArrayConfig
  | ResampledArrayConfig
  | LogicalOrArrayConfig
  | OnesArrayConfig
  | ConstantArrayConfig
  | MissingAnnotationsMaskConfig
  | ConcatArrayConfig
  | SumArrayConfig
  | DVIDArrayConfig
  | DummyArrayConfig
  | UnknownConfig;

const NO_ARRAY: UnknownConfig = { type: "unknown", typeName: "", raw: undefined };
const nested: Reader<ArrayConfig> = (value, scope) => arrayReader(value, scope);

const named = (fields: Fields): Named => ({ name: fields.withDefault("name", text, "") });
const derived = (fields: Fields): Derived => ({
  ...named(fields),
  sourceArrayConfig: fields.required("source_array_config", nested, NO_ARRAY),
});

// (name, [ids]) as YAML gives it: a list of two.
const grouping: Reader<Grouping> = (value, scope) => {
  const [channel, ids] = Array.isArray(value) ? value : [];
  return { channel: text(channel, scope) ?? "", ids: list(number)(ids ?? [], scope) ?? [] };
};

const roi: Reader<Roi> = (value, scope) => {
  const [offset, shape] = list(coordinate)(value, scope) ?? [];
  if (!offset || !shape) return complain(scope, "Expected an offset and a shape.");
  return { offset, shape };
};

function toSum(type: SumArrayConfig["type"]): (fields: Fields) => SumArrayConfig {
  return (fields) => ({
    type,
    ...named(fields),
    sourceArrayConfigs: fields.required("source_array_configs", list(nested), []),
  });
}

export const arrayReader: ConfigReader<ArrayConfig> = configReader<Exclude<ArrayConfig, UnknownConfig>>("an array", {
  ZarrArrayConfig: (fields) => ({
    type: "ZarrArrayConfig",
    ...named(fields),
    fileName: fields.required("file_name", text, ""),
    dataset: fields.required("dataset", text, ""),
    snapToGrid: fields.optional("snap_to_grid", coordinate),
    axes: fields.optional("_axes", list(text)),
    mode: fields.optional("mode", text),
    omeMetadata: fields.withDefault("ome_metadata", flag, false),
  }),
  TiffArrayConfig: (fields) => ({
    type: "TiffArrayConfig",
    ...named(fields),
    fileName: fields.required("file_name", text, ""),
    offset: fields.required("offset", coordinate, []),
    voxelSize: fields.required("voxel_size", coordinate, []),
    axisNames: fields.required("axis_names", list(text), []),
    units: fields.required("units", list(text), []),
  }),
  IntensitiesArrayConfig: (fields) => ({
    type: "IntensitiesArrayConfig",
    ...derived(fields),
    min: fields.required("min", number, Number.NaN),
    max: fields.required("max", number, Number.NaN),
  }),
  BinarizeArrayConfig: (fields) => ({
    type: "BinarizeArrayConfig",
    ...derived(fields),
    groupings: fields.required("groupings", list(grouping), []),
    background: fields.withDefault("background", number, 0),
  }),
  CropArrayConfig: (fields) => ({
    type: "CropArrayConfig",
    ...derived(fields),
    roi: fields.required("roi", roi, { offset: [], shape: [] }),
  }),
  ResampledArrayConfig: (fields) => ({
    type: "ResampledArrayConfig",
    ...derived(fields),
    upsample: fields.optional("_upsample", coordinate),
    downsample: fields.optional("_downsample", coordinate),
    interpOrder: fields.withDefault("interp_order", flag, false),
  }),
  LogicalOrArrayConfig: (fields) => ({ type: "LogicalOrArrayConfig", ...derived(fields) }),
  OnesArrayConfig: (fields) => ({ type: "OnesArrayConfig", ...derived(fields) }),
  ConstantArrayConfig: (fields) => ({
    type: "ConstantArrayConfig",
    ...derived(fields),
    constant: fields.withDefault("constant", number, 1),
  }),
  MissingAnnotationsMaskConfig: (fields) => ({
    type: "MissingAnnotationsMaskConfig",
    ...derived(fields),
    groupings: fields.required("groupings", list(grouping), []),
  }),
  ConcatArrayConfig: (fields) => ({
    type: "ConcatArrayConfig",
    ...named(fields),
    channels: fields.withDefault("channels", list(text), []),
    sourceArrayConfigs: fields.required("source_array_configs", mapping(nested), new Map()),
    defaultConfig: fields.optional("default_config", nested),
  }),
  SumArrayConfig: toSum("SumArrayConfig"),
  MergeInstancesArrayConfig: toSum("MergeInstancesArrayConfig"),
  DVIDArrayConfig: (fields) => ({
    type: "DVIDArrayConfig",
    ...named(fields),
    source: fields.required("source", list(text), []),
  }),
  DummyArrayConfig: (fields) => ({ type: "DummyArrayConfig", ...named(fields) }),
});

export function toArrayConfig(value: unknown): Read<ArrayConfig> {
  return readConfig(value, arrayReader);
}

/** The arrays that a config is made from, outermost first; empty for those that name a file themselves. */
export function sourcesOf(config: ArrayConfig): readonly ArrayConfig[] {
  if ("sourceArrayConfig" in config) return [config.sourceArrayConfig];
  if ("sourceArrayConfigs" in config) return [...config.sourceArrayConfigs.values()];
  return [];
}

/** Every zarr array on disk that a config reads, in order, each path once. */
export function zarrSources(config: ArrayConfig): readonly ZarrArrayConfig[] {
  const all = config.type === "ZarrArrayConfig" ? [config] : sourcesOf(config).flatMap(zarrSources);
  return [...new Map(all.map((source) => [`${source.fileName}/${source.dataset}`, source])).values()];
}
