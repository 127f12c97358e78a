import type { ArrayConfig } from "./array-config.ts";
import { arrayReader } from "./array-config.ts";
import type { ConfigReader, Read, UnknownConfig } from "./config-reader.ts";
import { configReader, coordinate, list, number, readConfig, text } from "./config-reader.ts";
import type { Coordinate } from "./coordinate.ts";

export type RawGTDatasetConfig = {
  readonly type: "RawGTDatasetConfig";
  readonly name: string;
  readonly weight: number;
  readonly rawConfig: ArrayConfig | undefined;
  readonly gtConfig: ArrayConfig | undefined;
  readonly maskConfig: ArrayConfig | undefined;
  readonly samplePoints: readonly Coordinate[] | undefined;
};
export type DummyDatasetConfig = {
  readonly type: "DummyDatasetConfig";
  readonly name: string;
  readonly weight: number;
  readonly rawConfig: ArrayConfig | undefined;
};
/** A folder with `raw`, `labels` and perhaps `mask` arrays. */
export type SimpleDataset = {
  readonly type: "SimpleDataset";
  readonly name: string;
  readonly weight: number;
  readonly path: string;
  readonly rawName: string;
  readonly gtName: string;
  readonly maskName: string;
};

export type DatasetConfig = RawGTDatasetConfig | DummyDatasetConfig | SimpleDataset | UnknownConfig;

export const datasetReader: ConfigReader<DatasetConfig> = configReader<Exclude<DatasetConfig, UnknownConfig>>(
  "a dataset",
  {
    RawGTDatasetConfig: (fields) => ({
      type: "RawGTDatasetConfig",
      name: fields.required("name", text, ""),
      weight: fields.withDefault("weight", number, 1),
      rawConfig: fields.optional("raw_config", arrayReader),
      gtConfig: fields.optional("gt_config", arrayReader),
      maskConfig: fields.optional("mask_config", arrayReader),
      samplePoints: fields.optional("sample_points", list(coordinate)),
    }),
    DummyDatasetConfig: (fields) => ({
      type: "DummyDatasetConfig",
      name: fields.required("name", text, ""),
      weight: fields.withDefault("weight", number, 1),
      rawConfig: fields.optional("raw_config", arrayReader),
    }),
    SimpleDataset: (fields) => ({
      type: "SimpleDataset",
      name: fields.required("name", text, ""),
      weight: fields.withDefault("weight", number, 1),
      path: fields.required("path", text, ""),
      rawName: fields.withDefault("raw_name", text, "raw"),
      gtName: fields.withDefault("gt_name", text, "labels"),
      maskName: fields.withDefault("mask_name", text, "mask"),
    }),
  },
);

export function toDatasetConfig(value: unknown): Read<DatasetConfig> {
  return readConfig(value, datasetReader);
}
