import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import FileSystemStore from "@zarrita/storage/fs";
import { describe, expect, it } from "vitest";
import { get, open } from "zarrita";
import { parseParametersString } from "#dacapo/post-processor-parameters.ts";
import type { PlacedArray } from "./align.ts";
import type { LabelData } from "./label-data.ts";
import { createPostProcessing, type Recipe } from "./post-processing.ts";
import { scorePair } from "./score-pair.ts";

// What DaCapo stored: of each prediction, the outputs that its own post-processors made of it.

const root = resolve(import.meta.dirname, "../..");
const shared = resolve(root, "../shared");

type StoredRun = { readonly base: string; readonly run: string };

const own: readonly StoredRun[] = [
  { base: join(root, "demo"), run: "vnc_affs" },
  { base: join(root, "demo"), run: "vnc_mito_distance" },
  { base: join(root, "e2e/fixtures/runs"), run: "vnc_mito_distance_head" },
  { base: join(root, "e2e/fixtures/runs"), run: "vnc_rawgt_distance" },
];
const others: readonly StoredRun[] = [
  { base: join(shared, "runs"), run: "vnc_affs_transposed" },
  { base: join(shared, "runs"), run: "vnc_classes_onehot" },
  { base: join(shared, "runs"), run: "vnc_membrane_distance" },
  { base: join(shared, "runs_legacy035"), run: "legacy035_vnc_distance" },
];
const isHere = ({ base, run }: StoredRun) => existsSync(join(base, run));
for (const { base, run } of others.filter((each) => !isHere(each)))
  console.warn(`Skipped: stored outputs of ${run}, because ${base} is not here.`);

async function readPlaced(path: string): Promise<PlacedArray> {
  const array = await open.v2(new FileSystemStore(path), { kind: "array" });
  const { data, shape } = await get(array);
  const { offset, voxel_size } = array.attrs as { offset: number[]; voxel_size: number[] };
  return { data: data as LabelData, shape, offset, voxelSize: voxel_size };
}

/** Of the run's configuration; tuples of whole numbers one a line. */
function readOffsets({ base, run }: StoredRun): readonly (readonly number[])[] {
  const text = readFileSync(join(base, "configs/runs", `${run}.yaml`), "utf8");
  const block = /^ {2}neighborhood:\n((?: {2}- .*\n(?: {4}- .*\n)*)+)/m.exec(text)?.[1] ?? "";
  const numbers = [...block.matchAll(/ {4}- (-?\d+)/g)].map((match) => Number(match[1]));
  return Array.from({ length: numbers.length / 3 }, (_, offset) => numbers.slice(3 * offset, 3 * offset + 3));
}

function toRecipe(run: StoredRun, name: string): Recipe {
  const parameters = parseParametersString(name);
  if (parameters.kind === "watershed") return { kind: "watershed", bias: parameters.bias, offsets: readOffsets(run) };
  if (parameters.kind === "threshold") return { kind: "threshold", threshold: parameters.threshold };
  return { kind: "argmax" };
}

type Prediction = { readonly iteration: number; readonly folder: string; readonly at: string };

function predictionsOf({ base, run }: StoredRun): readonly Prediction[] {
  const container = join(base, run, "validation.zarr");
  const iterations = readdirSync(container).filter((name) => /^\d+$/.test(name));
  return iterations.flatMap((iteration) =>
    readdirSync(join(container, iteration)).map((folder) => ({
      iteration: Number(iteration),
      folder,
      at: join(container, iteration, folder),
    })),
  );
}

const stored = [...own, ...others.filter(isHere)].flatMap((run) =>
  predictionsOf(run).map((prediction) => ({ ...run, ...prediction })),
);

describe("outputs made of stored predictions", () => {
  it.each(stored)("$run, $iteration, $folder: as DaCapo stored them, ids and all", async ({ base, run, at }) => {
    const processing = createPostProcessing(await readPlaced(join(at, "prediction")));
    const names = readdirSync(join(at, "output"));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const expected = await readPlaced(join(at, "output", name));
      const output = processing.toOutput(toRecipe({ base, run }, name));
      expect([output.shape, output.offset, output.voxelSize]).toEqual([
        expected.shape,
        expected.offset,
        expected.voxelSize,
      ]);
      const unlike = output.data.findIndex((value, voxel) => BigInt(value) !== BigInt(expected.data[voxel] ?? -1));
      expect(unlike, name).toBe(-1);
    }
  });
});

type Entry = { readonly iteration: number; readonly scores: readonly (readonly (readonly number[])[])[] };

describe("watersheds of stored affinities", () => {
  const slots = ["vnc_crop_b", "vnc_crop_a"]; // the order of the scores, from the runs' README
  const path = join(root, "e2e/fixtures/stats_json/validation_scores/vnc_affs.json");
  const entries = JSON.parse(readFileSync(path, "utf8")) as readonly Entry[];

  it.each(entries)("score as DaCapo scored them at $iteration", async ({ iteration, scores }) => {
    const run = { base: join(root, "demo"), run: "vnc_affs" };
    const container = join(run.base, run.run, "validation.zarr");
    for (const [slot, folder] of slots.entries()) {
      const at = join(container, String(iteration), folder);
      const processing = createPostProcessing(await readPlaced(join(at, "prediction")));
      const gt = await readPlaced(join(container, "inputs", folder, "gt"));
      for (const [index, name] of readdirSync(join(at, "output")).sort().entries()) {
        const output = processing.toOutput(toRecipe(run, name));
        const values = scorePair("instance", { output, gt }, ["voi_split", "voi_merge", "voi"]);
        values.forEach((value, criterion) => {
          expect(value, `${folder} ${name}`).toBeCloseTo(scores[slot]?.[index]?.[criterion] ?? Number.NaN, 9);
        });
      }
    }
  });
});
