// The DaCapo command that does on the cluster what is too much for this computer.
import type { ArrayConfig } from "#dacapo/array-config.ts";
import type { DatasetConfig } from "#dacapo/dataset-config.ts";
import { toClusterCommand } from "#inference/cluster-command.ts";
import type { InferenceState, RunState } from "./app-state.ts";
import { configOf } from "./score-state.ts";

export type ClusterOrder = {
  readonly command: string;
  /** What has to be filled in, and what comes out otherwise than here; sentences. */
  readonly notes: readonly string[];
};

type Place = { readonly container: string; readonly dataset: string };

/** Undefined for a model of one's own, which DaCapo does not know, and before it is known where the prediction lies. */
export function toClusterOrder(run: RunState, inference: InferenceState): ClusterOrder | undefined {
  const { iteration, grid } = inference;
  if (iteration === undefined || grid === undefined) return undefined;
  const place = placeOf(run, inference);
  const end = grid.offset.map((first, axis) => first + (grid.shape[axis] ?? 0) * (grid.voxelSize[axis] ?? 1));
  const command = toClusterCommand({
    ...{ run: run.name, iteration, output: OUTPUT },
    ...(place ?? { container: "RAW.zarr", dataset: "raw" }),
    roi: { begin: grid.offset, end },
  });
  const unknown = place === undefined ? ["Put the raw's container and array in the place of RAW.zarr and raw."] : [];
  return { command, notes: [...unknown, FILL_IN, SCALING] };
}

const OUTPUT = "OUTPUT_FOLDER";
const FILL_IN = `Put the folder for the result in the place of ${OUTPUT}, and run it where DaCapo finds its options file.`;
const SCALING =
  "DaCapo divides whole numbers by 255 or 65535 there, whatever the run's config says, so the values can differ from these.";

/** Where the training machine had the raw. */
function placeOf(run: RunState, { dataset, ownRaw }: InferenceState): Place | undefined {
  if (ownRaw !== undefined) return splitContainer(ownRaw.address);
  const split = configOf(run)?.datasplitConfig;
  const configs = split?.type === "TrainValidateDataSplitConfig" ? split.validateConfigs : [];
  const config = configs.find((each) => "name" in each && each.name === dataset);
  return config && rawOf(config);
}

function rawOf(config: DatasetConfig): Place | undefined {
  if (config.type === "SimpleDataset") return { container: config.path, dataset: config.rawName };
  const raw =
    config.type === "RawGTDatasetConfig" || config.type === "DummyDatasetConfig" ? config.rawConfig : undefined;
  return raw && arrayOf(raw);
}

/** Configs that only change an array's values or extent name the one that they are made of. */
function arrayOf(config: ArrayConfig): Place | undefined {
  if (config.type === "ZarrArrayConfig") return { container: config.fileName, dataset: config.dataset };
  return "sourceArrayConfig" in config ? arrayOf(config.sourceArrayConfig) : undefined;
}

/** "https://host/a.zarr/raw/s0": the container ends in .zarr or .n5. */
function splitContainer(address: string): Place | undefined {
  const [, container, dataset] = /^(.*?\.(?:zarr|n5))\/+(.+?)\/*$/.exec(address) ?? [];
  return container === undefined || dataset === undefined ? undefined : { container, dataset };
}
