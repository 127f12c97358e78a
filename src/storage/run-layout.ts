// Which path holds what in a runs base directory: pure paths, relative to <base>, unencoded.
import { joinPath } from "./store-path.ts";

export type ConfigKind = "runs" | "tasks" | "datasplits" | "arrays" | "architectures" | "trainers" | "datasets";

export type StatsKind = "training" | "validation";

export type StatsFormat = "pickle" | "json";

/** Relative to the configs folder, `<base>/configs` unless told otherwise. */
export function toConfigPath(kind: ConfigKind, name: string): string {
  return `${kind}/${name}.yaml`;
}

/** Relative to the stats folder, `<base>/stats` unless told otherwise. */
export function toStatsFolder(kind: StatsKind): string {
  return kind === "training" ? "training_stats" : "validation_scores";
}

/** Relative to the stats folder. A pickle has no extension. */
export function toStatsPath(kind: StatsKind, run: string, format: StatsFormat): string {
  return joinPath(toStatsFolder(kind), format === "json" ? `${run}.json` : run);
}

export function toWeightsFolder(run: string): string {
  return joinPath(run, "checkpoints", "iterations");
}

/** `iteration` counts completed iterations: the last loss index + 1. */
export function toWeightsPath(run: string, iteration: number): string {
  return joinPath(toWeightsFolder(run), String(iteration));
}

/** `store_best` writes the first, `retrieve_best` looks for the second; DaCapo's documentation shows the third. */
export function toBestPaths(run: string, dataset: string, criterion: string): readonly string[] {
  return [
    joinPath(run, "checkpoints", dataset, `${criterion}.json`),
    joinPath(run, "checkpoints", criterion, `${dataset}.json`),
    joinPath(run, dataset, `${criterion}.json`),
  ];
}

export function validationContainer(run: string): string {
  return joinPath(run, "validation.zarr");
}

export function snapshotContainer(run: string): string {
  return joinPath(run, "snapshot.zarr");
}

/** `index`: the dataset's own name, in which "/" nests directories. */
export function validationInputArrays(run: string, index?: string): { readonly raw: string; readonly gt: string } {
  const folder = joinPath(validationContainer(run), "inputs", index ?? "");
  return { raw: joinPath(folder, "raw"), gt: joinPath(folder, "gt") };
}

/** `folder`: the dataset's string form, one of `datasetFolders(name)`. */
export function validationPredictionArray(run: string, iteration: number, folder: string): string {
  return joinPath(validationContainer(run), String(iteration), folder, "prediction");
}

/** `parameters`: the post-processor's parameter string. */
export function validationOutputArray(run: string, iteration: number, parameters: string, folder: string): string {
  return joinPath(validationContainer(run), String(iteration), folder, "output", parameters);
}

/** Written by releases up to v0.2.0, and by scripts that kept that code. */
export function bestValidationArray(run: string, criterion: string, index?: string): string {
  return joinPath(validationContainer(run), index ?? "", criterion);
}

/** A directory or file named by a count of iterations: "0", "200", not "007", "1e3" or "best". */
export function parseIteration(name: string): number | undefined {
  return /^(0|[1-9]\d{0,14})$/.test(name) ? Number(name) : undefined;
}

/** Iterations named among directories or files, ascending. */
export function toIterations(names: readonly string[]): readonly number[] {
  return names
    .map(parseIteration)
    .filter((iteration) => iteration !== undefined)
    .sort((a, b) => a - b);
}
