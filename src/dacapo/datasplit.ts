import type { ConfigReader, Read, UnknownConfig } from "./config-reader.ts";
import { configReader, list, readConfig, text } from "./config-reader.ts";
import type { DatasetConfig } from "./dataset-config.ts";
import { datasetReader } from "./dataset-config.ts";

export type TrainValidateDataSplitConfig = {
  readonly type: "TrainValidateDataSplitConfig";
  readonly name: string;
  readonly trainConfigs: readonly DatasetConfig[];
  readonly validateConfigs: readonly DatasetConfig[];
};
/** Names a folder only: the datasets are those that the training machine found in it, in its file system's order. */
export type SimpleDataSplitConfig = {
  readonly type: "SimpleDataSplitConfig";
  readonly name: string;
  readonly path: string;
  readonly trainGroupName: string;
  readonly validateGroupName: string;
  readonly rawName: string;
  readonly gtName: string;
  readonly maskName: string;
};
/** Has no dataset to validate on. */
export type DummyDataSplitConfig = {
  readonly type: "DummyDataSplitConfig";
  readonly name: string;
  readonly trainConfig: DatasetConfig | undefined;
};

export type DataSplitConfig =
  | TrainValidateDataSplitConfig
  | SimpleDataSplitConfig
  | DummyDataSplitConfig
  | UnknownConfig;

export const datasplitReader: ConfigReader<DataSplitConfig> = configReader<Exclude<DataSplitConfig, UnknownConfig>>(
  "a datasplit",
  {
    TrainValidateDataSplitConfig: (fields) => ({
      type: "TrainValidateDataSplitConfig",
      name: fields.required("name", text, ""),
      trainConfigs: fields.required("train_configs", list(datasetReader), []),
      validateConfigs: fields.required("validate_configs", list(datasetReader), []),
    }),
    SimpleDataSplitConfig: (fields) => ({
      type: "SimpleDataSplitConfig",
      name: fields.required("name", text, ""),
      path: fields.required("path", text, ""),
      trainGroupName: fields.withDefault("train_group_name", text, "train"),
      validateGroupName: fields.withDefault("validate_group_name", text, "test"),
      rawName: fields.withDefault("raw_name", text, "raw"),
      gtName: fields.withDefault("gt_name", text, "labels"),
      maskName: fields.withDefault("mask_name", text, "mask"),
    }),
    DummyDataSplitConfig: (fields) => ({
      type: "DummyDataSplitConfig",
      name: fields.required("name", text, ""),
      trainConfig: fields.optional("train_config", datasetReader),
    }),
  },
);

export function toDataSplitConfig(value: unknown): Read<DataSplitConfig> {
  return readConfig(value, datasplitReader);
}

const nameOf = (dataset: DatasetConfig): string => (dataset.type === "unknown" ? "" : dataset.name);

/** Names of the validation datasets in score order, where the config records them; undefined where it does not. */
export function recordedValidateNames(datasplit: DataSplitConfig | undefined): readonly string[] | undefined {
  if (datasplit?.type === "TrainValidateDataSplitConfig") return datasplit.validateConfigs.map(nameOf);
  return datasplit?.type === "DummyDataSplitConfig" ? [] : undefined;
}

/** How SimpleDataSplit names a dataset after its folder: without the last suffix ("data.zarr" is "data"). */
export function simpleDatasetName(folder: string): string {
  const dot = folder.lastIndexOf(".");
  return dot > 0 && dot < folder.length - 1 ? folder.slice(0, dot) : folder;
}

/** What the dataset is called if the folder holds a single one: after its validation group, or after itself. */
export function likelyValidateNames(datasplit: DataSplitConfig | undefined): readonly string[] {
  if (datasplit?.type !== "SimpleDataSplitConfig") return [];
  const folder = datasplit.path.split("/").findLast((part) => part !== "") ?? "";
  const names = [datasplit.validateGroupName, folder].filter((name) => name !== "" && !name.includes("/"));
  return [...new Set(names.map(simpleDatasetName))];
}
