// The raws that the run's config names beside its validation datasets: where the training machine had them, and where they may be from here.
import { type ArrayConfig, zarrSources } from "#dacapo/array-config.ts";
import type { DatasetConfig } from "#dacapo/dataset-config.ts";
import type { RunState } from "./app-state.ts";
import { configOf } from "./score-state.ts";

export type OtherRaw = {
  readonly name: string;
  /** As the config names it. */
  readonly path: string;
  /** To be tried in turn. */
  readonly addresses: readonly string[];
};

export function otherRaws(run: RunState): readonly OtherRaw[] {
  const split = configOf(run)?.datasplitConfig;
  if (split?.type === "SimpleDataSplitConfig") {
    const root = split.path.replace(/\/+$/, "");
    const folder = `${root}/${split.trainGroupName}`;
    return [toOther(split.trainGroupName, `${folder}/${split.rawName}`, run, [folder, `${root}/${split.rawName}`])];
  }
  if (split?.type !== "TrainValidateDataSplitConfig") return [];
  const datasets = [...split.trainConfigs, ...split.validateConfigs];
  return datasets.flatMap((dataset) => toPaths(dataset).map((path) => toOther(nameOf(dataset), path, run)));
}

const nameOf = (dataset: DatasetConfig): string => ("name" in dataset ? dataset.name : dataset.typeName);

function toPaths(dataset: DatasetConfig): readonly string[] {
  if (dataset.type === "SimpleDataset") return [`${dataset.path.replace(/\/+$/, "")}/${dataset.rawName}`];
  if (dataset.type === "unknown" || dataset.rawConfig === undefined) return [];
  return toArrayPaths(dataset.rawConfig);
}

function toArrayPaths(config: ArrayConfig): readonly string[] {
  return zarrSources(config).map(({ fileName, dataset }) => `${fileName.replace(/\/+$/, "")}/${dataset}`);
}

function toOther(name: string, path: string, run: RunState, others: readonly string[] = []): OtherRaw {
  return { name, path, addresses: [path, ...others].flatMap((each) => toAddresses(each, run.url)) };
}

/** DaCapo's paths are relative to where training was started: beside the runs base directory, or in it. */
export function toAddresses(path: string, runUrl: string): readonly string[] {
  if (/^(https?|s3):\/\//i.test(path)) return [path];
  const base = runUrl.replace(/\/[^/]*\/*$/, "");
  if (!/^(https?|s3):\/\//i.test(base)) return [];
  const encoded = path.replace(/^\.\//, "").split("/").map(encodeURIComponent).join("/");
  if (path.startsWith("/")) return [`${base.replace(/^([a-z0-9]+:\/\/[^/]+).*$/i, "$1")}${encoded}`];
  return [`${base}/${encoded}`, `${base.replace(/\/[^/]*$/, "")}/${encoded}`];
}
