import type { ConfigReader, Read, UnknownConfig } from "./config-reader.ts";
import { configReader, coordinate, flag, list, number, readConfig, text } from "./config-reader.ts";
import type { Coordinate } from "./coordinate.ts";

export type CNNectomeUNetConfig = {
  readonly type: "CNNectomeUNetConfig";
  readonly name: string;
  /** Voxels, while training. */
  readonly inputShape: Coordinate;
  readonly fmapsIn: number;
  readonly fmapsOut: number;
  readonly numFmaps: number;
  readonly fmapIncFactor: number;
  readonly downsampleFactors: readonly Coordinate[];
  /** Per level from the top, the kernels of its convolutions; absent means two of 3 on every axis. */
  readonly kernelSizeDown: readonly (readonly Coordinate[])[] | undefined;
  readonly kernelSizeUp: readonly (readonly Coordinate[])[] | undefined;
  /** Voxels that validation adds to the input shape; absent means none. */
  readonly evalShapeIncrease: Coordinate | undefined;
  readonly upsampleFactors: readonly Coordinate[] | undefined;
  /** True: nearest neighbour and a 1x1 convolution; false: transposed convolution. */
  readonly constantUpsample: boolean;
  /** "valid" or "same". */
  readonly padding: string;
  readonly useAttention: boolean;
  readonly batchNorm: boolean;
};
export type WrappedArchitectureConfig = {
  readonly type: "WrappedArchitectureConfig";
  readonly name: string;
  /** Path of the module; absent when a live Python object was embedded. */
  readonly module: string | undefined;
  readonly fmapsIn: number;
  readonly fmapsOut: number;
  readonly inputShape: Coordinate;
  readonly scale: Coordinate | undefined;
  readonly trainableParameters: string | undefined;
};
export type ModelZooConfig = {
  readonly type: "ModelZooConfig";
  readonly name: string;
  readonly modelId: string;
  readonly trainableLayers: string | undefined;
};
export type DummyArchitectureConfig = {
  readonly type: "DummyArchitectureConfig";
  readonly name: string;
  readonly numInChannels: number;
  readonly numOutChannels: number;
};

export type ArchitectureConfig =
  | CNNectomeUNetConfig
  | WrappedArchitectureConfig
  | ModelZooConfig
  | DummyArchitectureConfig
  | UnknownConfig;

export const architectureReader: ConfigReader<ArchitectureConfig> = configReader<
  Exclude<ArchitectureConfig, UnknownConfig>
>("an architecture", {
  CNNectomeUNetConfig: (fields) => ({
    type: "CNNectomeUNetConfig",
    name: fields.required("name", text, ""),
    inputShape: fields.required("_input_shape", coordinate, []),
    fmapsIn: fields.required("fmaps_in", number, Number.NaN),
    fmapsOut: fields.required("fmaps_out", number, Number.NaN),
    numFmaps: fields.required("num_fmaps", number, Number.NaN),
    fmapIncFactor: fields.required("fmap_inc_factor", number, Number.NaN),
    downsampleFactors: fields.required("downsample_factors", list(coordinate), []),
    kernelSizeDown: fields.optional("kernel_size_down", list(list(coordinate))),
    kernelSizeUp: fields.optional("kernel_size_up", list(list(coordinate))),
    evalShapeIncrease: fields.optional("_eval_shape_increase", coordinate),
    upsampleFactors: fields.optional("upsample_factors", list(coordinate)),
    constantUpsample: fields.withDefault("constant_upsample", flag, true),
    padding: fields.withDefault("padding", text, "valid"),
    useAttention: fields.withDefault("use_attention", flag, false),
    batchNorm: fields.withDefault("batch_norm", flag, false),
  }),
  WrappedArchitectureConfig: (fields) => ({
    type: "WrappedArchitectureConfig",
    name: fields.required("name", text, ""),
    module: fields.optional("_module", (value) => (typeof value === "string" ? value : undefined)),
    fmapsIn: fields.required("fmaps_in", number, Number.NaN),
    fmapsOut: fields.required("fmaps_out", number, Number.NaN),
    inputShape: fields.required("_input_shape", coordinate, []),
    scale: fields.optional("_scale", coordinate),
    trainableParameters: fields.optional("trainable_parameters", text),
  }),
  ModelZooConfig: (fields) => ({
    type: "ModelZooConfig",
    name: fields.required("name", text, ""),
    modelId: fields.required("model_id", text, ""),
    trainableLayers: fields.optional("trainable_layers", text),
  }),
  DummyArchitectureConfig: (fields) => ({
    type: "DummyArchitectureConfig",
    name: fields.required("name", text, ""),
    numInChannels: fields.required("_num_in_channels", number, Number.NaN),
    numOutChannels: fields.required("_num_out_channels", number, Number.NaN),
  }),
});

export function toArchitectureConfig(value: unknown): Read<ArchitectureConfig> {
  return readConfig(value, architectureReader);
}
