// The arrays that a run's datasplit names: what each is made from, and where its files may be from here.
import { type ArrayConfig, sourcesOf } from "#dacapo/array-config.ts";
import type { DatasetConfig } from "#dacapo/dataset-config.ts";
import type { DataSplitConfig, SimpleDataSplitConfig } from "#dacapo/datasplit.ts";
import type { RunState } from "./app-state.ts";
import { type OtherRaw, toAddresses } from "./other-raws.ts";
import { configOf } from "./score-state.ts";

export type DatasetUse = "train" | "validate";

export type DatasetArray = {
  readonly role: "raw" | "gt" | "mask";
  /** From the file outwards: "ZarrArray", "IntensitiesArray (0 to 255)". */
  readonly made: readonly string[];
  readonly files: readonly OtherRaw[];
};

export type DatasetEntry = {
  /** A config may name a dataset twice. */
  readonly key: string;
  readonly use: DatasetUse;
  readonly name: string;
  readonly type: string;
  readonly weight?: number;
  readonly arrays: readonly DatasetArray[];
  /** It stands for all datasets that the training machine found in this folder. */
  readonly folder?: string;
};

export function datasetEntries(run: RunState): readonly DatasetEntry[] {
  const split = configOf(run)?.datasplitConfig;
  if (split?.type === "SimpleDataSplitConfig") return [toFolder(split, "train", run), toFolder(split, "validate", run)];
  return [...toEntries("train", trainedOn(split), run), ...toEntries("validate", validatedOn(split), run)];
}

function trainedOn(split: DataSplitConfig | undefined): readonly DatasetConfig[] {
  if (split?.type === "TrainValidateDataSplitConfig") return split.trainConfigs;
  return split?.type === "DummyDataSplitConfig" && split.trainConfig ? [split.trainConfig] : [];
}

function validatedOn(split: DataSplitConfig | undefined): readonly DatasetConfig[] {
  return split?.type === "TrainValidateDataSplitConfig" ? split.validateConfigs : [];
}

/** The only dataset of a group lies in the group's own folder. */
function toFolder(split: SimpleDataSplitConfig, use: DatasetUse, run: RunState): DatasetEntry {
  const name = use === "train" ? split.trainGroupName : split.validateGroupName;
  const folder = `${withoutSlash(split.path)}/${name}`;
  return { key: use, use, name, type: "SimpleDataset", folder, arrays: toSimpleArrays(folder, split, run) };
}

type SimpleNames = { readonly rawName: string; readonly gtName: string; readonly maskName: string };

function toSimpleArrays(folder: string, names: SimpleNames, run: RunState): readonly DatasetArray[] {
  const array = (role: DatasetArray["role"], name: string): DatasetArray => ({
    role,
    made: ["zarr"],
    files: [toFile(`${folder}/${name}`, run)],
  });
  return [array("raw", names.rawName), array("gt", names.gtName), array("mask", names.maskName)];
}

function toEntries(use: DatasetUse, configs: readonly DatasetConfig[], run: RunState): readonly DatasetEntry[] {
  return configs.map((dataset, index) => {
    const key = `${use} ${index}`;
    if (dataset.type === "unknown") return { key, use, name: dataset.typeName, type: dataset.typeName, arrays: [] };
    const { name, type, weight } = dataset;
    return { key, use, name, type, weight, arrays: toArrays(dataset, run) };
  });
}

function toArrays(dataset: Exclude<DatasetConfig, { type: "unknown" }>, run: RunState): readonly DatasetArray[] {
  if (dataset.type === "SimpleDataset") return toSimpleArrays(withoutSlash(dataset.path), dataset, run);
  const named = [
    ["raw", dataset.rawConfig],
    ["gt", dataset.type === "RawGTDatasetConfig" ? dataset.gtConfig : undefined],
    ["mask", dataset.type === "RawGTDatasetConfig" ? dataset.maskConfig : undefined],
  ] as const;
  return named.flatMap(([role, config]) =>
    config === undefined
      ? []
      : [{ role, made: toMade(config), files: toFiles(config).map((path) => toFile(path, run)) }],
  );
}

function toFile(path: string, run: RunState): OtherRaw {
  return { name: path.split("/").at(-1) ?? path, path, addresses: toAddresses(path, run.url) };
}

function toFiles(config: ArrayConfig): readonly string[] {
  if (config.type === "ZarrArrayConfig") return [`${withoutSlash(config.fileName)}/${config.dataset}`];
  if (config.type === "TiffArrayConfig") return [config.fileName];
  return [...new Set(sourcesOf(config).flatMap(toFiles))];
}

function toMade(config: ArrayConfig): readonly string[] {
  const sources = sourcesOf(config);
  const first = sources[0];
  const inner = sources.length === 1 && first !== undefined ? toMade(first) : [];
  const of = sources.length > 1 ? ` of ${sources.length} arrays` : "";
  return [...inner, `${toKind(config)}${of}`];
}

function toKind(config: ArrayConfig): string {
  if (config.type === "unknown") return config.typeName;
  const kind = config.type.replace(/(Array)?Config$/, "");
  if (config.type === "IntensitiesArrayConfig") return `${kind} ${config.min} to ${config.max}`;
  if (config.type === "BinarizeArrayConfig")
    return `${kind} ${config.groupings.map(({ channel }) => channel).join(", ")}`;
  if (config.type === "CropArrayConfig")
    return `${kind} ${config.roi.shape.join(" × ")} at ${config.roi.offset.join(", ")}`;
  return kind;
}

const withoutSlash = (path: string) => path.replace(/\/+$/, "");
