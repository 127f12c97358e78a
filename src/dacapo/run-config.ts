import type { ArchitectureConfig } from "./architecture.ts";
import { architectureReader } from "./architecture.ts";
import type { ConfigReader, Fields, Read } from "./config-reader.ts";
import { complain, describe, isRecord, number, readConfig, text, toFields } from "./config-reader.ts";
import type { DataSplitConfig } from "./datasplit.ts";
import { datasplitReader } from "./datasplit.ts";
import type { StartConfig } from "./start-config.ts";
import { startReader } from "./start-config.ts";
import type { TaskConfig } from "./task.ts";
import { taskReader } from "./task.ts";
import type { LegacyTrainerSettings, TrainerConfig } from "./trainer.ts";
import { trainerReader } from "./trainer.ts";

/** One training, with whole copies of its parts: the config files of the same names may differ by now. */
export type RunConfig = {
  readonly name: string | undefined;
  readonly repetition: number | undefined;
  readonly taskConfig: TaskConfig | undefined;
  readonly architectureConfig: ArchitectureConfig | undefined;
  readonly trainerConfig: TrainerConfig | undefined;
  readonly datasplitConfig: DataSplitConfig | undefined;
  readonly startConfig: StartConfig | undefined;
  /** Also DaCapo's `train_until`. */
  readonly numIterations: number | undefined;
  readonly validationInterval: number;
  readonly snapshotInterval: number | undefined;
  readonly batchSize: number;
  readonly numWorkers: number;
  readonly learningRate: number;
  /** Where batch size, learning rate and snapshot interval were found: on the trainer up to release 0.3.5. */
  readonly settingsOn: "run" | "trainer" | "neither";
};

const RUN_LEVEL_KEYS = ["batch_size", "learning_rate", "num_workers"] as const;
const NO_LEGACY: LegacyTrainerSettings = {
  batchSize: undefined,
  learningRate: undefined,
  numDataFetchers: undefined,
  snapshotInterval: undefined,
};

function legacySettingsOf(trainer: TrainerConfig | undefined): LegacyTrainerSettings {
  return trainer === undefined || trainer.type === "unknown" ? NO_LEGACY : trainer;
}

function whereSettingsAre(fields: Fields, legacy: LegacyTrainerSettings): RunConfig["settingsOn"] {
  if (RUN_LEVEL_KEYS.some((key) => fields.has(key))) return "run";
  return legacy.batchSize !== undefined || legacy.learningRate !== undefined ? "trainer" : "neither";
}

const runReader: ConfigReader<RunConfig> = (value, scope) => {
  if (!isRecord(value)) complain(scope, `Expected the fields of a run, found ${describe(value)}.`);
  const fields = toFields(value, scope);
  const trainerConfig = fields.optional("trainer_config", trainerReader);
  const legacy = legacySettingsOf(trainerConfig);
  return {
    name: fields.optional("name", text),
    repetition: fields.optional("repetition", number),
    taskConfig: fields.optional("task_config", taskReader),
    architectureConfig: fields.required<ArchitectureConfig | undefined>(
      "architecture_config",
      architectureReader,
      undefined,
    ),
    trainerConfig,
    datasplitConfig: fields.optional("datasplit_config", datasplitReader),
    startConfig: fields.optional("start_config", startReader),
    numIterations: fields.optional("num_iterations", number),
    validationInterval: fields.withDefault("validation_interval", number, 1000),
    snapshotInterval: fields.optional("snapshot_interval", number) ?? legacy.snapshotInterval,
    batchSize: fields.optional("batch_size", number) ?? legacy.batchSize ?? 1,
    numWorkers: fields.optional("num_workers", number) ?? legacy.numDataFetchers ?? 0,
    learningRate: fields.optional("learning_rate", number) ?? legacy.learningRate ?? 0.001,
    settingsOn: whereSettingsAre(fields, legacy),
  };
};

/** From plain YAML or JSON values. Never fails: what is missing or wrong takes DaCapo's default and is a problem. */
export function toRunConfig(value: unknown): Read<RunConfig> {
  if (value === null || value === undefined) {
    const message =
      "The run's config is empty: two processes that start at once can leave it so. Copy it from another run or store it again.";
    return { config: readConfig({}, runReader).config, problems: [{ path: "", message }] };
  }
  return readConfig(value, runReader);
}
