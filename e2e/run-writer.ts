import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Pickled, toPickle } from "./pickle-writer.ts";

/** An array as DaCapo leaves it: zarr v2, here without compression. `data` in C order. */
export type ArraySpec = {
  readonly dtype: "|u1" | "|b1" | "<u2" | "<u8" | "<f4" | "<f8" | ">f4" | "<i8";
  readonly shape: readonly number[];
  readonly chunks?: readonly number[];
  /** The value at an index of the flat array; all 0 and no chunk on disk where left out. */
  readonly at?: (index: number) => number;
  /** `.zattrs` as it stands; none where left out. */
  readonly attributes?: Readonly<Record<string, unknown>>;
};

export type ScoreRow = { readonly iteration: number; readonly scores: readonly (readonly (readonly number[])[])[] };
export type LossRow = { readonly iteration: number; readonly loss: number; readonly time: number };

/** A runs base directory of a test's own, in the system's temporary folder. */
export type Base = {
  readonly path: string;
  write(path: string, bytes: string | Uint8Array): Promise<void>;
  writeArray(path: string, spec: ArraySpec): Promise<void>;
  /** `modified`: seconds since the epoch. */
  touch(path: string, modified: number): Promise<void>;
  remove(path: string): Promise<void>;
  dispose(): Promise<void>;
};

export async function createBase(): Promise<Base> {
  const path = await mkdtemp(join(tmpdir(), "runs-"));
  async function write(name: string, bytes: string | Uint8Array): Promise<void> {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), bytes);
  }
  return {
    path,
    write,
    async writeArray(name, spec) {
      for (const [file, bytes] of toZarr(spec)) await write(`${name}/${file}`, bytes);
    },
    touch: (name, modified) => utimes(join(path, name), modified, modified),
    remove: (name) => rm(join(path, name), { recursive: true, force: true }),
    dispose: () => rm(path, { recursive: true, force: true }),
  };
}

/** What `funlib.persistence` writes beside an array: world units, one entry a spatial axis. */
export function toAttributes(
  axes: readonly string[],
  voxelSize: readonly number[],
  offset: readonly number[] = voxelSize.map(() => 0),
): Readonly<Record<string, unknown>> {
  return {
    axis_names: axes,
    offset,
    types: axes.map((name) => (name.endsWith("^") ? "channel" : "space")),
    units: voxelSize.map(() => ""),
    voxel_size: voxelSize,
  };
}

const itemBytes = (dtype: ArraySpec["dtype"]) => Number(dtype.slice(2));

function* toZarr({
  dtype,
  shape,
  chunks = shape,
  at,
  attributes,
}: ArraySpec): Generator<[string, string | Uint8Array]> {
  const meta = {
    chunks,
    compressor: null,
    dimension_separator: "/",
    dtype,
    fill_value: 0,
    filters: null,
    order: "C",
    shape,
    zarr_format: 2,
  };
  yield [".zarray", JSON.stringify(meta)];
  if (attributes !== undefined) yield [".zattrs", JSON.stringify(attributes)];
  if (at === undefined) return;
  const grid = shape.map((length, axis) => Math.ceil(length / (chunks[axis] ?? length)));
  for (const block of indicesOf(grid)) yield [block.join("/"), toChunk({ dtype, shape, chunks, at }, block)];
}

function* indicesOf(shape: readonly number[]): Generator<readonly number[]> {
  const total = shape.reduce((a, b) => a * b, 1);
  for (let flat = 0; flat < total; flat++) {
    let rest = flat;
    const index = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const length = shape[axis] ?? 1;
      index[axis] = rest % length;
      rest = Math.floor(rest / length);
    }
    yield index;
  }
}

/** Whole, also where it reaches over the array's end. */
function toChunk({ dtype, shape, chunks = shape, at }: ArraySpec, block: readonly number[]): Uint8Array {
  const size = itemBytes(dtype);
  const bytes = new Uint8Array(chunks.reduce((a, b) => a * b, 1) * size);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const within of indicesOf(chunks)) {
    const index = within.map((i, axis) => i + (block[axis] ?? 0) * (chunks[axis] ?? 1));
    const inside = index.every((i, axis) => i < (shape[axis] ?? 0));
    const flat = index.reduce((sum, i, axis) => sum * (shape[axis] ?? 1) + i, 0);
    if (inside) setItem(view, offset, dtype, at?.(flat) ?? 0);
    offset += size;
  }
  return bytes;
}

function setItem(view: DataView, offset: number, dtype: ArraySpec["dtype"], value: number): void {
  const little = !dtype.startsWith(">");
  if (dtype.endsWith("f4")) view.setFloat32(offset, value, little);
  else if (dtype.endsWith("f8")) view.setFloat64(offset, value, little);
  else if (dtype.endsWith("u8")) view.setBigUint64(offset, BigInt(value), little);
  else if (dtype.endsWith("i8")) view.setBigInt64(offset, BigInt(value), little);
  else if (dtype.endsWith("u2")) view.setUint16(offset, value, little);
  else view.setUint8(offset, value);
}

export function toLossPickle(run: string, rows: readonly LossRow[]): Uint8Array {
  return toPickle(
    rows.map(
      ({ iteration, loss, time }) =>
        new Map<string, Pickled>([
          ["iteration", { int: iteration }],
          ["loss", { float: loss }],
          ["time", { float: time }],
          ["run_name", run],
        ]),
    ),
  );
}

export function toScorePickle(run: string, rows: readonly ScoreRow[]): Uint8Array {
  const toScores = (scores: ScoreRow["scores"]): Pickled =>
    scores.map((dataset) => dataset.map((parameters) => parameters.map((float) => ({ float }))));
  return toPickle(
    rows.map(
      ({ iteration, scores }) =>
        new Map<string, Pickled>([
          ["iteration", { int: iteration }],
          ["scores", toScores(scores)],
          ["run_name", run],
        ]),
    ),
  );
}

/** As the Mongo store's export has them; NaN bare, as Python writes it, unless `strict`. */
export function toStatsJson(run: string, rows: readonly (LossRow | ScoreRow)[], strict = false): string {
  const marker = "\u0000NaN";
  const text = JSON.stringify(
    rows.map((row) => ({ run_name: run, ...row })),
    (_, value) => (typeof value === "number" && Number.isNaN(value) ? (strict ? null : marker) : value),
  );
  return text.replaceAll(JSON.stringify(marker), "NaN");
}

/** Losses of iterations 0 to `until` - 1. */
export function toLosses(until: number): readonly LossRow[] {
  return Array.from({ length: until }, (_, iteration) => ({ iteration, loss: 1 / (1 + iteration), time: 0.1 }));
}

type RunYaml = {
  readonly name: string;
  /** YAML lines of the task, from `__type__` on. */
  readonly task: readonly string[];
  /** Names of the validation datasets, in score order. */
  readonly datasets: readonly string[];
  readonly validationInterval?: number;
  readonly numIterations?: number;
};

export const affinities: readonly string[] = [
  "__type__: AffinitiesTaskConfig",
  "name: affs",
  "neighborhood:",
  ...["1, 0, 0", "0, 1, 0", "0, 0, 1"].map((offset) => `- !!python/tuple [${offset}]`),
  "lsds: false",
];

export function distance(channels: readonly string[], type = "DistanceTaskConfig"): readonly string[] {
  return [
    `__type__: ${type}`,
    "name: distances",
    `channels: ${JSON.stringify(channels)}`,
    "clip_distance: 200.0",
    "tol_distance: 40.0",
    "scale_factor: 60.0",
    "mask_distances: true",
    "clipmax: 0.95",
    "clipmin: 0.05",
  ];
}

/** A run's configuration with a datasplit that lists its datasets. */
export function toRunYaml({ name, task, datasets, validationInterval = 100, numIterations = 1000 }: RunYaml): string {
  const array = (what: string) => [
    `    ${what}_config:`,
    "      __type__: ZarrArrayConfig",
    `      name: ${what}`,
    "      file_name: data.zarr",
    `      dataset: ${what}`,
  ];
  return [
    `name: ${JSON.stringify(name)}`,
    "repetition: 0",
    `num_iterations: ${numIterations}`,
    `validation_interval: ${validationInterval}`,
    "start_config: null",
    "task_config:",
    ...task.map((line) => `  ${line}`),
    "architecture_config:",
    "  __type__: DummyArchitectureConfig",
    "  name: dummy",
    "  _num_in_channels: 1",
    "  _num_out_channels: 1",
    "trainer_config:",
    "  __type__: GunpowderTrainerConfig",
    "  name: trainer",
    "  augments: []",
    "datasplit_config:",
    "  __type__: TrainValidateDataSplitConfig",
    "  name: split",
    "  train_configs: []",
    datasets.length === 0 ? "  validate_configs: []" : "  validate_configs:",
    ...datasets.flatMap((dataset) => [
      "  - __type__: RawGTDatasetConfig",
      `    name: ${JSON.stringify(dataset)}`,
      "    weight: 1",
      ...array("raw"),
      ...array("gt"),
    ]),
    "",
  ].join("\n");
}

export const watershed = [0.1, 0.25, 0.5, 0.75, 0.9].map(
  (bias, id) => `WatershedPostProcessorParameters(id=${id}, bias=${bias}, context=(32, 32, 32))`,
);

/** `ds_vnc_crop_a` for `vnc/crop_a`. */
export const toFolder = (dataset: string) => `ds_${dataset.replaceAll("/", "_")}`;

const shape = [4, 12, 10] as const;
const voxels = shape.reduce((a, b) => a * b, 1);

/** Raw, gt, prediction and one output of a dataset, small; other voxel sizes of raw than of the rest. */
export async function writeInputs(base: Base, run: string, dataset: string): Promise<void> {
  const folder = `${run}/validation.zarr/inputs/${dataset}`;
  await base.writeArray(`${folder}/raw`, {
    dtype: "<f4",
    shape: [8, 24, 20],
    chunks: [16, 32, 32],
    at: (i) => (i % 97) / 96,
    attributes: toAttributes(["z", "y", "x"], [20, 4, 4], [100, 40, 80]),
  });
  await base.writeArray(`${folder}/gt`, {
    dtype: "<u8",
    shape,
    at: (i) => Math.floor(i / 60),
    attributes: toAttributes(["z", "y", "x"], [40, 8, 8], [100, 40, 80]),
  });
}

export async function writeVolumes(
  base: Base,
  run: string,
  iteration: number,
  folder: string,
  parameters: readonly string[],
): Promise<void> {
  const place = `${run}/validation.zarr/${iteration}/${folder}`;
  await base.writeArray(`${place}/prediction`, {
    dtype: "<f4",
    shape: [3, ...shape],
    chunks: [1, 4, 8, 8],
    at: (i) => (i + iteration) / (3 * voxels),
    attributes: toAttributes(["c^", "z", "y", "x"], [40, 8, 8], [100, 40, 80]),
  });
  for (const [index, name] of parameters.entries())
    await base.writeArray(`${place}/output/${name}`, {
      dtype: "<u8",
      shape,
      at: (i) => (i < 30 ? 0 : index + 1 + Math.floor(i / 50)),
      attributes: toAttributes(["z", "y", "x"], [40, 8, 8], [100, 40, 80]),
    });
}
