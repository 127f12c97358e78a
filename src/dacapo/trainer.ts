import type { AugmentConfig } from "./augment-config.ts";
import { augmentReader } from "./augment-config.ts";
import type { ConfigReader, Fields, Read, UnknownConfig } from "./config-reader.ts";
import { configReader, flag, list, number, readConfig, text } from "./config-reader.ts";

/** Settings that releases up to 0.3.5 keep on the trainer and later ones on the run. */
export type LegacyTrainerSettings = {
  readonly batchSize: number | undefined;
  readonly learningRate: number | undefined;
  readonly numDataFetchers: number | undefined;
  readonly snapshotInterval: number | undefined;
};

export type GunpowderTrainerConfig = LegacyTrainerSettings & {
  readonly type: "GunpowderTrainerConfig";
  readonly name: string;
  readonly augments: readonly AugmentConfig[];
  readonly minMasked: number | undefined;
  readonly clipRaw: boolean;
  /** "integral_mask", "reject" or "sample_points". */
  readonly sampleStrategy: string | undefined;
  /** Releases up to 0.3.5. */
  readonly gtMinReject: number | undefined;
};
export type DummyTrainerConfig = LegacyTrainerSettings & {
  readonly type: "DummyTrainerConfig";
  readonly name: string;
  readonly dummyAttr: boolean;
};

export type TrainerConfig = GunpowderTrainerConfig | DummyTrainerConfig | UnknownConfig;

const legacySettings = (fields: Fields): LegacyTrainerSettings => ({
  batchSize: fields.optional("batch_size", number),
  learningRate: fields.optional("learning_rate", number),
  numDataFetchers: fields.optional("num_data_fetchers", number),
  snapshotInterval: fields.optional("snapshot_interval", number),
});

const DEFAULT_MIN_MASKED = 0.15;

export const trainerReader: ConfigReader<TrainerConfig> = configReader<Exclude<TrainerConfig, UnknownConfig>>(
  "a trainer",
  {
    GunpowderTrainerConfig: (fields) => ({
      type: "GunpowderTrainerConfig",
      name: fields.required("name", text, ""),
      ...legacySettings(fields),
      augments: fields.withDefault("augments", list(augmentReader), []),
      minMasked: fields.has("min_masked") ? fields.optional("min_masked", number) : DEFAULT_MIN_MASKED,
      clipRaw: fields.withDefault("clip_raw", flag, false),
      sampleStrategy: fields.optional("sample_strategy", text),
      gtMinReject: fields.optional("gt_min_reject", number),
    }),
    DummyTrainerConfig: (fields) => ({
      type: "DummyTrainerConfig",
      name: fields.required("name", text, ""),
      ...legacySettings(fields),
      dummyAttr: fields.required("dummy_attr", flag, false),
    }),
  },
);

export function toTrainerConfig(value: unknown): Read<TrainerConfig> {
  return readConfig(value, trainerReader);
}
