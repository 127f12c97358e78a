// A run in memory for this room's tests: instance scores of two datasets and two biases, as a training would write them.

import { toRunConfig } from "#dacapo/run-config.ts";
import { type TrainingStats, toTrainingStats } from "#dacapo/training-stats.ts";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import { FormatError } from "#storage/formats/format-error.ts";
import type { Stamp } from "#storage/store.ts";
import type { IterationVolumes } from "#storage/volume-completeness.ts";
import type { FoundVolumes, Implied, Reading, RunSource, VolumesSearch } from "../run-source.ts";

export const biases = [
  "WatershedPostProcessorParameters(id=0, bias=0.1, context=(32, 32, 32))",
  "WatershedPostProcessorParameters(id=1, bias=0.25, context=(32, 32, 32))",
];

const config = toRunConfig({
  name: "affs",
  num_iterations: 1000,
  validation_interval: 100,
  batch_size: 1,
  architecture_config: {
    __type__: "DummyArchitectureConfig",
    name: "dummy",
    _num_in_channels: 1,
    _num_out_channels: 3,
  },
  task_config: {
    __type__: "AffinitiesTaskConfig",
    name: "affs",
    neighborhood: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  },
  datasplit_config: {
    __type__: "TrainValidateDataSplitConfig",
    name: "split",
    train_configs: [],
    validate_configs: ["a", "b"].map((name) => ({ __type__: "RawGTDatasetConfig", name })),
  },
}).config;

/** voi_split, voi_merge, voi of one output. */
export const instanceScores = (voi: number): number[] => [voi, voi, voi];

/** `vois[dataset][parameters]`. */
export function entry(iteration: number, vois: readonly (readonly number[])[]): ValidationIterationScores {
  return { iteration, scores: vois.map((row) => row.map(instanceScores)) };
}

export function losses(until: number): TrainingStats {
  return toTrainingStats(
    Array.from({ length: until }, (_, iteration) => ({ iteration, loss: 1 / (iteration + 1), time: 0.1 })),
  );
}

export function wholeVolumes(iteration: number): IterationVolumes {
  const outputs = biases.map((parameters) => ({ parameters, whole: true }));
  return {
    iteration,
    datasets: ["a", "b"].map((dataset) => ({ dataset, folder: `ds_${dataset}`, prediction: "whole", outputs })),
  };
}

type File<T> =
  | { readonly state: "found"; readonly value: T; readonly version: number }
  | { readonly state: "torn"; readonly version?: number }
  | { readonly state: "absent" };

/** What is on the pretended disk; a test changes it between looks. */
export type FakeDisk = {
  training: File<TrainingStats>;
  scores: File<readonly ValidationIterationScores[]>;
  volumes: readonly IterationVolumes[];
  isListed: boolean;
  unreadable: FoundVolumes["unreadable"];
  failing: Error | undefined;
};

export type FakeSource = RunSource & { readonly disk: FakeDisk; readonly looks: { volumes: number; bodies: number } };

export function fakeSource(disk: Partial<FakeDisk> = {}): FakeSource {
  const full: FakeDisk = {
    training: { state: "absent" },
    scores: { state: "absent" },
    volumes: [],
    isListed: true,
    unreadable: [],
    failing: undefined,
    ...disk,
  };
  const looks = { volumes: 0, bodies: 0 };
  const read = async <T>(file: File<T>, unless: Stamp | undefined): Promise<Reading<T>> => {
    if (full.failing !== undefined) throw full.failing;
    if (file.state === "absent") return { status: "absent" };
    const version = file.version ?? ++versions;
    const stamp = { etag: `"${version}"`, lastModified: new Date(version * 1000).toUTCString() };
    if (file.state === "torn") return { status: "torn", stamp, error: tornError };
    if (unless?.etag === stamp.etag) return { status: "unchanged" };
    looks.bodies += 1;
    return { status: "found", value: file.value, stamp };
  };
  return {
    disk: full,
    looks,
    name: "affs",
    url: "https://data.example.org/affs",
    address: "affs",
    readConfig: async () => ({ config, notes: [], text: "" }),
    readTraining: (unless) => read(full.training, unless),
    readScores: (unless) => read(full.scores, unless),
    findInputs: async () => [],
    async findVolumes(_implied: Implied, _signal, search?: VolumesSearch): Promise<FoundVolumes> {
      looks.volumes += 1;
      const inputs = ["a", "b"].map((dataset) => ({ dataset, raw: true, gt: true }));
      const wanted = full.volumes.filter(({ iteration }) => search?.wanted().includes(iteration));
      if (wanted.length > 0) search?.onFound({ volumes: wanted, inputs });
      return {
        volumes: full.volumes,
        inputs,
        storedBest: [],
        checkpoints: full.volumes.map(({ iteration }) => iteration),
        hasSnapshots: false,
        isListed: full.isListed,
        unreadable: full.unreadable,
      };
    },
    checkAnswers: async () => undefined,
    readModel: async () => ({ status: "absent" }),
    listSnapshots: async () => undefined,
    openArray: async () => undefined,
    urlOf: (path) => `https://data.example.org/affs/${path}`,
    placeOf: (piece) => `https://data.example.org/${places[piece]}`,
  };
}

const tornError = new FormatError({ tag: "torn", format: "pickle", message: "The pickle stops before its end." });

const places = {
  config: "configs/runs/affs.yaml",
  training: "stats/training_stats/affs",
  scores: "stats/validation_scores/affs",
  volumes: "affs/validation.zarr",
} as const;

let versions = 0;
/** A file as written just now: every call is another version. */
export function found<T>(value: T): File<T> {
  versions += 1;
  return { state: "found", value, version: versions };
}
