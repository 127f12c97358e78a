import type { ConfigReader, Read, UnknownConfig } from "./config-reader.ts";
import { configReader, coordinate, flag, interval, mapping, number, readConfig } from "./config-reader.ts";

type Interval = readonly [number, number];

export type SimpleAugmentConfig = {
  readonly type: "SimpleAugmentConfig";
  readonly augmentationProbability: number;
};
export type ElasticAugmentConfig = {
  readonly type: "ElasticAugmentConfig";
  readonly controlPointSpacing: readonly number[];
  readonly controlPointDisplacementSigma: readonly number[];
  /** Radians. */
  readonly rotationInterval: Interval;
  readonly subsample: number;
  readonly uniform3dRotation: boolean;
  readonly augmentationProbability: number;
};
export type GammaAugmentConfig = { readonly type: "GammaAugmentConfig"; readonly gammaRange: Interval };
export type IntensityAugmentConfig = {
  readonly type: "IntensityAugmentConfig";
  readonly scale: Interval;
  readonly shift: Interval;
  readonly clip: boolean;
  readonly augmentationProbability: number;
};
export type IntensityScaleShiftAugmentConfig = {
  readonly type: "IntensityScaleShiftAugmentConfig";
  readonly scale: number;
  readonly shift: number;
};
/** `kwargs` as they were given: their names and values are those of the noise function. */
export type NoiseAugmentConfig = {
  readonly type: "NoiseAugmentConfig";
  readonly kwargs: ReadonlyMap<string, unknown>;
};

export type AugmentConfig =
  | SimpleAugmentConfig
  | ElasticAugmentConfig
  | GammaAugmentConfig
  | IntensityAugmentConfig
  | IntensityScaleShiftAugmentConfig
  | NoiseAugmentConfig
  | UnknownConfig;

const UNKNOWN_INTERVAL: Interval = [Number.NaN, Number.NaN];

export const augmentReader: ConfigReader<AugmentConfig> = configReader<Exclude<AugmentConfig, UnknownConfig>>(
  "an augment",
  {
    SimpleAugmentConfig: (fields) => ({
      type: "SimpleAugmentConfig",
      augmentationProbability: fields.withDefault("augmentation_probability", number, 1),
    }),
    ElasticAugmentConfig: (fields) => ({
      type: "ElasticAugmentConfig",
      controlPointSpacing: fields.required("control_point_spacing", coordinate, []),
      controlPointDisplacementSigma: fields.required("control_point_displacement_sigma", coordinate, []),
      rotationInterval: fields.required("rotation_interval", interval, UNKNOWN_INTERVAL),
      subsample: fields.withDefault("subsample", number, 1),
      uniform3dRotation: fields.withDefault("uniform_3d_rotation", flag, false),
      augmentationProbability: fields.withDefault("augmentation_probability", number, 1),
    }),
    GammaAugmentConfig: (fields) => ({
      type: "GammaAugmentConfig",
      gammaRange: fields.required("gamma_range", interval, UNKNOWN_INTERVAL),
    }),
    IntensityAugmentConfig: (fields) => ({
      type: "IntensityAugmentConfig",
      scale: fields.required("scale", interval, UNKNOWN_INTERVAL),
      shift: fields.required("shift", interval, UNKNOWN_INTERVAL),
      clip: fields.withDefault("clip", flag, true),
      augmentationProbability: fields.withDefault("augmentation_probability", number, 1),
    }),
    IntensityScaleShiftAugmentConfig: (fields) => ({
      type: "IntensityScaleShiftAugmentConfig",
      scale: fields.required("scale", number, Number.NaN),
      shift: fields.required("shift", number, Number.NaN),
    }),
    NoiseAugmentConfig: (fields) => ({
      type: "NoiseAugmentConfig",
      kwargs: fields.withDefault(
        "kwargs",
        mapping<unknown>((value) => value ?? undefined),
        new Map(),
      ),
    }),
  },
);

export function toAugmentConfig(value: unknown): Read<AugmentConfig> {
  return readConfig(value, augmentReader);
}
