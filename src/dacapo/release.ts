import { type PostProcessorParameters, parseParametersString } from "./post-processor-parameters.ts";
import type { RunConfig } from "./run-config.ts";

/** Releases of DaCapo that write differently, oldest first. `current` is what came after 0.3.5. */
export const releases = ["0.2.0", "0.2.1-0.3.0", "0.3.2-0.3.5", "current"] as const;
export type Release = (typeof releases)[number];

/** Whatever is at hand of a run: every field may be absent. */
export type ReleaseEvidence = {
  readonly config?: Pick<RunConfig, "settingsOn">;
  /** Names of folders under `validation.zarr/<iteration>/`. */
  readonly datasetFolders?: readonly string[];
  /** Names of folders under `output/`. */
  readonly outputNames?: readonly string[];
  /** Keys of the attributes of one array that DaCapo wrote itself. */
  readonly attributeKeys?: readonly string[];
  readonly tensorNames?: readonly string[];
  /** How many criteria an instance evaluation stored. */
  readonly instanceCriteria?: number;
  /** Whether `snapshot.zarr` holds one array with an `iterations` axis, or a folder per iteration. */
  readonly snapshots?: "stacked" | "per-iteration";
};

export type RecognisedRelease = {
  /** Undefined when the evidence leaves several, or contradicts itself. */
  readonly release: Release | undefined;
  /** All that the evidence allows, oldest first; empty when it contradicts itself. */
  readonly candidates: readonly Release[];
  readonly reasons: readonly string[];
};

type Clue = { readonly allows: readonly Release[]; readonly reason: string };

const UNTIL_035: readonly Release[] = ["0.2.0", "0.2.1-0.3.0", "0.3.2-0.3.5"];
const SINCE_032: readonly Release[] = ["0.3.2-0.3.5", "current"];

/** There is no version on disk: the release is recognised by how things are named and where settings stand. */
export function recogniseRelease(evidence: ReleaseEvidence): RecognisedRelease {
  const clues = [
    ...configClues(evidence.config),
    ...(evidence.datasetFolders ?? []).flatMap(folderClues),
    ...(evidence.outputNames ?? []).flatMap((name) => parametersClues(parseParametersString(name))),
    ...attributeClues(evidence.attributeKeys ?? []),
    ...tensorClues(evidence.tensorNames ?? []),
    ...criteriaClues(evidence.instanceCriteria),
    ...snapshotClues(evidence.snapshots),
  ];
  const candidates = releases.filter((release) => clues.every((clue) => clue.allows.includes(release)));
  const reasons = [...new Set(clues.map((clue) => clue.reason))];
  return { release: candidates.length === 1 ? candidates[0] : undefined, candidates, reasons };
}

function configClues(config: Pick<RunConfig, "settingsOn"> | undefined): readonly Clue[] {
  if (config?.settingsOn === "run")
    return [{ allows: ["current"], reason: "The run's own config has the batch size." }];
  if (config?.settingsOn !== "trainer") return [];
  return [{ allows: UNTIL_035, reason: "The trainer's config has the batch size." }];
}

function folderClues(folder: string): readonly Clue[] {
  if (folder.startsWith("Dataset(")) return [{ allows: ["0.2.0"], reason: "Dataset folders are named Dataset(...)." }];
  if (folder.startsWith("ds_")) return [{ allows: SINCE_032, reason: "Dataset folders are named ds_...." }];
  return [{ allows: ["0.2.1-0.3.0", "current"], reason: "Dataset folders have the bare names." }];
}

function parametersClues(parameters: PostProcessorParameters): readonly Clue[] {
  if (parameters.kind === "threshold") return [THRESHOLD_CLUES[parameters.form]];
  if (parameters.kind !== "watershed") return [];
  if (parameters.context) return [{ allows: releases.slice(1), reason: "Watershed parameters have a context." }];
  return [{ allows: ["0.2.0"], reason: "Watershed parameters have no context." }];
}

const THRESHOLD_CLUES: Readonly<Record<"named" | "dataclass" | "bare", Clue>> = {
  named: { allows: SINCE_032, reason: "Threshold outputs are named threshold_...." },
  dataclass: { allows: ["0.2.1-0.3.0"], reason: "Threshold outputs are named by id and threshold." },
  bare: { allows: ["0.2.0"], reason: "Threshold outputs are named by id alone." },
};

function attributeClues(keys: readonly string[]): readonly Clue[] {
  if (keys.includes("types")) return [{ allows: SINCE_032, reason: "Arrays say the types of their axes." }];
  if (keys.includes("axis_names")) {
    return [{ allows: ["0.3.2-0.3.5"], reason: "Arrays name their axes but not the types of them." }];
  }
  if (!keys.includes("axes")) return [];
  const extended = keys.includes("dimension_units") || keys.includes("_ARRAY_DIMENSIONS");
  return [{ allows: [extended ? "0.2.1-0.3.0" : "0.2.0"], reason: "Arrays have the older attribute `axes`." }];
}

function tensorClues(names: readonly string[]): readonly Clue[] {
  if (names.some((name) => name.includes(".unet."))) {
    return [{ allows: UNTIL_035, reason: "Checkpoint tensors are named ...unet...." }];
  }
  if (!names.some((name) => /^chain\.0\.(0\.)?l_conv\./.test(name))) return [];
  return [{ allows: ["current"], reason: "Checkpoint tensors are named chain.0.l_conv...." }];
}

function criteriaClues(count: number | undefined): readonly Clue[] {
  return count === 4 ? [{ allows: ["0.2.1-0.3.0"], reason: "Instances have a fourth criterion, avg_iou." }] : [];
}

function snapshotClues(snapshots: ReleaseEvidence["snapshots"]): readonly Clue[] {
  if (snapshots === "stacked") return [{ allows: ["current"], reason: "Snapshots are stacked in one array." }];
  return snapshots ? [{ allows: UNTIL_035, reason: "Snapshots have a folder per iteration." }] : [];
}

/** Up to 0.3.5 the `offset` of a snapshot is in voxels, though it is read in world units: multiply by the voxel size. */
export function writesSnapshotOffsetsInVoxels(recognised: RecognisedRelease): boolean {
  return recognised.candidates.length > 0 && recognised.candidates.every((release) => UNTIL_035.includes(release));
}
