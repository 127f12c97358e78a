import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import FileSystemStore from "@zarrita/storage/fs";
import { describe, expect, it } from "vitest";
import { get, open } from "zarrita";
import {
  dummyScores,
  type EvaluationScores,
  instanceScores,
  multichannelBinaryScores,
} from "#dacapo/evaluation-scores.ts";
import type { PlacedArray } from "./align.ts";
import { countOverlap, toCountScores } from "./binary-scores.ts";
import { type OrderQuestion, resolveDatasetOrder } from "./dataset-order.ts";
import type { LabelData } from "./label-data.ts";
import type { ScoreOptions } from "./mask-scores.ts";
import { type LabelPair, scorePair } from "./score-pair.ts";
import { toBinaryVoi, toInstanceScores } from "./voi.ts";

const shared = resolve(import.meta.dirname, "../../../shared");
const runsDirectory = join(shared, "runs");
const parityDirectory = join(shared, "parity");
const present = existsSync(runsDirectory) && existsSync(parityDirectory);
if (!present) console.warn(`Skipped: scores of real runs, because ${shared} is not here.`);

/** A run, its datasets as [name, folder] in the order of its scores (the table of the runs' README), its criteria. */
type RealRun = {
  readonly name: string;
  readonly datasets: readonly (readonly [name: string, folder: string])[];
  readonly evaluation: EvaluationScores;
  readonly status: "resolved" | "ambiguous" | "unmatched";
};

const simple = [
  ["vnc_crop_b", "vnc_crop_b"],
  ["vnc_crop_a", "vnc_crop_a"],
] as const;
const rawGt = [
  ["vnc/crop_a", "ds_vnc_crop_a"],
  ["vnc/crop_b", "ds_vnc_crop_b"],
] as const;

const realRuns: readonly RealRun[] = [
  { name: "vnc_affs", datasets: simple, evaluation: instanceScores, status: "resolved" },
  { name: "vnc_affs_transposed", datasets: simple, evaluation: instanceScores, status: "resolved" },
  {
    name: "vnc_membrane_distance",
    datasets: simple,
    evaluation: multichannelBinaryScores(["membrane"]),
    status: "resolved",
  },
  { name: "vnc_mito_distance", datasets: simple, evaluation: multichannelBinaryScores(["mito"]), status: "resolved" },
  {
    name: "vnc_rawgt_distance",
    datasets: rawGt,
    evaluation: multichannelBinaryScores(["membrane", "mito"]),
    status: "resolved",
  },
  // every output is empty (threshold 127 on floats): all datasets have the same scores, 0 and NaN
  {
    name: "vnc_mito_distance_head",
    datasets: simple,
    evaluation: multichannelBinaryScores(["mito"]),
    status: "ambiguous",
  },
  // DaCapo's dummy evaluator stores random numbers
  { name: "vnc_classes_onehot", datasets: simple, evaluation: dummyScores, status: "unmatched" },
];

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

type Entry = { readonly iteration: number; readonly scores: readonly (readonly (readonly (number | null)[])[])[] };

function readScores(run: string): OrderQuestion["storedScores"] {
  const entries = readJson(join(runsDirectory, "stats_json/validation_scores", `${run}.json`)) as readonly Entry[];
  return entries.map(({ iteration, scores }) => ({
    iteration,
    scores: scores.map((rows) => rows.map((row) => row.map((value) => value ?? Number.NaN))),
  }));
}

async function readPlaced(path: string): Promise<PlacedArray> {
  const array = await open.v2(new FileSystemStore(path), { kind: "array" });
  const { data, shape } = await get(array);
  const { offset, voxel_size } = array.attrs as { offset: number[]; voxel_size: number[] };
  const values = array.dtype === "bool" ? Uint8Array.from(data as Iterable<number>) : (data as LabelData);
  return { data: values, shape, offset, voxelSize: voxel_size };
}

type Parity = {
  readonly parameters: readonly string[];
  readonly criteria: readonly string[];
  readonly iterations: readonly number[];
  readonly datasets: Readonly<Record<string, unknown>>;
  readonly results: Readonly<Record<string, Readonly<Record<string, Scored>>>>;
};
type Scored = Readonly<Record<"block" | "whole", Readonly<Record<string, Readonly<Record<string, number | "NaN">>>>>>;

const readParity = (run: string): Parity => readJson(join(parityDirectory, run, "parity.json")) as Parity;

function readScoreOptions(run: string): ScoreOptions {
  const text = readFileSync(join(runsDirectory, "configs/runs", `${run}.yaml`), "utf8");
  const distance = (name: string) => Number(new RegExp(`${name}: ([\\d.]+)`).exec(text)?.[1]);
  return { definition: "simpleitk-2.2", clip: distance("clip_distance"), tolerance: distance("tol_distance") };
}

function readPair(run: RealRun, folder: string, iteration: number, parameters: string): Promise<LabelPair> {
  const name = run.datasets.find(([, candidate]) => candidate === folder)?.[0] ?? "";
  const container = join(runsDirectory, run.name, "validation.zarr");
  const output = readPlaced(join(container, String(iteration), folder, "output", parameters));
  const gt = readPlaced(join(container, "inputs", name, "gt"));
  return Promise.all([output, gt]).then(([o, g]) => ({ output: o, gt: g }));
}

/** NumPy's .npy, version 1, C order. */
function readNpy(path: string): { readonly data: LabelData; readonly shape: readonly number[] } {
  const bytes = readFileSync(path);
  const header = bytes.toString("latin1", 10, 10 + bytes.readUInt16LE(8));
  const shape = [...(/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "").matchAll(/\d+/g)].map(Number);
  const body = bytes.buffer.slice(bytes.byteOffset + 10 + bytes.readUInt16LE(8), bytes.byteOffset + bytes.length);
  const types = { "|b1": Uint8Array, "|u1": Uint8Array, "<u4": Uint32Array, "<u8": BigUint64Array };
  const type = /'descr': '([^']*)'/.exec(header)?.[1] as keyof typeof types;
  return { data: new types[type](body as ArrayBuffer), shape };
}

/** What this room computes of the criteria of one channel (`voi` among them). */
function recomputed(
  kind: EvaluationScores["kind"],
  output: LabelData,
  gt: LabelData,
): Readonly<Record<string, number>> {
  if (kind === "instance") return { ...toInstanceScores(output, gt) };
  const overlap = countOverlap(output, gt);
  const voi = overlap.truth === 0 || overlap.test === 0 ? Number.NaN : toBinaryVoi(output, gt);
  return { ...toCountScores(overlap), voi };
}

const expectSame = (actual: number, expected: number | "NaN" | undefined, what: string) => {
  const wanted = expected === "NaN" ? Number.NaN : (expected ?? Number.NaN);
  if (Number.isNaN(wanted)) expect(actual, what).toBeNaN();
  else expect(Math.abs(actual - wanted), what).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)));
};

describe.skipIf(!present)("scores of the real runs", () => {
  const scored = realRuns.filter(({ evaluation }) => evaluation.kind !== "dummy");

  it.each(scored)("$name: what DaCapo's evaluator gives for the parity blocks", ({ name, evaluation }) => {
    const { results, criteria, parameters } = readParity(name);
    for (const [iteration, datasets] of Object.entries(results)) {
      for (const [dataset, { block }] of Object.entries(datasets)) {
        const folder = join(parityDirectory, name);
        const file = dataset.replaceAll("/", "_");
        const gt = readNpy(join(folder, `gt_${file}.npy`));
        for (const [index, parameter] of parameters.entries()) {
          const output = readNpy(join(folder, `postprocessed_${iteration}_${file}_${index}.npy`));
          const channels = new Set(criteria.map((criterion) => criterion.split("__").at(-2))).size;
          const size = gt.data.length / channels;
          for (let channel = 0; channel < channels; channel += 1) {
            const [begin, end] = [channel * size, (channel + 1) * size];
            const values = recomputed(evaluation.kind, output.data.subarray(begin, end), gt.data.subarray(begin, end));
            const perChannel = criteria.length / channels;
            for (const criterion of criteria.slice(channel * perChannel, (channel + 1) * perChannel)) {
              const value = values[criterion.split("__").at(-1) ?? ""];
              const what = `${iteration} ${dataset} ${parameter} ${criterion}`;
              if (value !== undefined) expectSame(value, block[parameter]?.[criterion], what);
            }
          }
        }
      }
    }
  });

  it.each(scored)("$name: every stored score, from every stored output", async (run) => {
    const { parameters } = readParity(run.name);
    const criteria = run.evaluation.criteria.map(({ name }) => name);
    const newest = readScores(run.name).at(-1)?.iteration;
    let compared = 0;
    for (const { iteration, scores } of readScores(run.name)) {
      const whole = iteration === newest ? readScoreOptions(run.name) : undefined; // distances take a while
      for (const [slot, [, folder]] of run.datasets.entries()) {
        for (const [index, parameter] of parameters.entries()) {
          const pair = await readPair(run, folder, iteration, parameter);
          const values = scorePair(run.evaluation.kind as "instance" | "multichannel-binary", pair, criteria, whole);
          if (whole !== undefined) expect(values, "every criterion is computed").not.toContain(undefined);
          values.forEach((value, criterion) => {
            const what = `${iteration} ${folder} ${parameter} ${criteria[criterion]}`;
            if (value === undefined) return;
            compared += 1;
            expectSame(value, scores[slot]?.[index]?.[criterion], what);
          });
        }
      }
    }
    expect(compared).toBeGreaterThan(0);
  });

  it.each(realRuns)("$name: the order of its datasets is $status", async (run) => {
    const question: OrderQuestion = {
      kind: run.evaluation.kind,
      folders: run.datasets.map(([, folder]) => folder).sort(),
      criteria: run.evaluation.criteria.map(({ name }) => name),
      storedScores: readScores(run.name),
    };
    const { parameters } = readParity(run.name);
    const order = await resolveDatasetOrder(question, {
      readPair: (folder, { iteration, parameterIndex }) =>
        readPair(run, folder, iteration, parameters[parameterIndex] ?? ""),
      score: async (kind, pair, criteria) => scorePair(kind, pair, criteria),
    });
    expect(order.status).toBe(run.status);
    if (order.status === "resolved") expect(order.order).toEqual(run.datasets.map(([, folder]) => folder));
  });
});
