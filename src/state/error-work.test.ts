import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toParametersString } from "#dacapo/post-processor-parameters.ts";
import { recoverAxes, toValidationScores } from "#dacapo/score-axes.ts";
import { scoreAt, type ValidationScores } from "#dacapo/validation-scores.ts";
import {
  createErrorAnalysis,
  type ErrorQuestion,
  type ErrorReport,
  type OnProgress,
} from "#evaluation/error-analysis.ts";
import { voxelErrors } from "#evaluation/object-errors.ts";
import { FileConfigStore } from "#storage/config-store.ts";
import { createInlineStatsReader } from "#storage/inline-stats-reader.ts";
import { toMemoryStore } from "#storage/memory-store.ts";
import { openArray, type RunArray } from "#storage/open-array.ts";
import { FileStatsStore } from "#storage/stats-store.ts";
import type { Store } from "#storage/store.ts";
import { type ErrorPlan, lengthsOf, planErrorBlocks, type Voxels } from "./error-blocks.ts";
import { toErrorQuestion } from "./error-question.ts";
import { readErrorBlock } from "./error-read.ts";
import { openErrorWork } from "./error-work.ts";

const shared = join(import.meta.dirname, "../../../shared/runs");
if (!existsSync(shared)) console.warn(`Skipped: errors of the shared runs, because ${shared} is not here.`);

/** Datasets by name and folder, in the order of their scores (the table of the runs' README). */
const simple = [
  ["vnc_crop_b", "vnc_crop_b"],
  ["vnc_crop_a", "vnc_crop_a"],
] as const;
const rawGt = [
  ["vnc/crop_a", "ds_vnc_crop_a"],
  ["vnc/crop_b", "ds_vnc_crop_b"],
] as const;

type Run = readonly [base: string, name: string, datasets: typeof simple | typeof rawGt];

const shipped: readonly Run[] = [
  ["demo", "vnc_affs", simple],
  ["demo", "vnc_mito_distance", simple],
  ["e2e/fixtures/runs", "vnc_mito_distance_head", simple],
  ["e2e/fixtures/runs", "vnc_rawgt_distance", rawGt],
];
const others: readonly Run[] = ["vnc_affs_transposed", "vnc_membrane_distance"].map(
  (name) => [shared, name, simple] as const,
);

function load(base: string, name: string): Store {
  const folders = [`${name}/validation.zarr`, "stats", "configs/runs"].map((folder) => join(base, folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
  );
  const paths = files.map((file) => join(file.parentPath, file.name));
  return toMemoryStore(new Map(paths.map((path) => [path.slice(base.length + 1), { bytes: readFileSync(path) }])));
}

async function openRun([base, name, datasets]: Run) {
  const store = load(base, name);
  const read = await new FileStatsStore(
    store.within("stats"),
    createInlineStatsReader(),
  ).retrieveValidationIterationScores(name);
  const entries = read.status === "found" ? read.value : [];
  const config = (await new FileConfigStore(store.within("configs")).retrieveRunConfig(name))?.config;
  if (config === undefined) throw new Error(`${name} has no configuration.`);
  const first = join(base, name, "validation.zarr", String(entries[0]?.iteration), datasets[0][1], "output");
  const axes = recoverAxes({ config, scores: entries, outputNames: readdirSync(first) });
  const open = async (path: string) => {
    const array = await openArray(store, `${name}/validation.zarr/${path}`);
    if (array === undefined) throw new Error(`There is no ${path}.`);
    return array;
  };
  return { scores: toValidationScores(axes, entries), config, open };
}

const inProcess = (question: ErrorQuestion) => {
  const analysis = createErrorAnalysis(question);
  return {
    add: async (block: Parameters<typeof analysis.add>[0]) => analysis.add(block),
    finish: async (onProgress?: OnProgress) => analysis.finish(onProgress),
    paint: async (...part: Parameters<typeof analysis.paint>) => analysis.paint(...part),
    dispose: () => undefined,
  };
};

function expectClose(actual: number | undefined, expected: number, what: string): void {
  if (Number.isNaN(expected)) expect(actual, what).toBeNaN();
  else
    expect(Math.abs((actual ?? Number.NaN) - expected), what).toBeLessThanOrEqual(
      1e-9 * Math.max(1, Math.abs(expected)),
    );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What all objects or regions come to, under the names of the totals they make up. */
function addUp(report: ErrorReport): ReadonlyMap<string, number> {
  if (report.kind === "instance") {
    const share = (side: string) => sum(report.objects.filter((o) => o.side === side).map((o) => o.voiShare));
    return new Map([
      ["voi_split", share("truth")],
      ["voi_merge", share("output")],
    ]);
  }
  const channels = [...new Set(report.totals.map(({ criterion }) => criterion.split("__").at(-2) ?? ""))];
  const share = (channel: string, error: string) =>
    sum(report.regions.filter((r) => r.channel === channel && r.error === error).map((r) => r.share));
  return new Map(
    channels.flatMap((channel) => [
      [`${channel}__mean_false_positive_distance`, share(channel, "false positive")] as const,
      [`${channel}__mean_false_negative_distance`, share(channel, "false negative")] as const,
    ]),
  );
}

function check(
  report: ErrorReport,
  scores: ValidationScores,
  place: readonly [entry: number, dataset: number, parameters: number],
) {
  const [entry, dataset, parameters] = place;
  const totals = new Map(report.totals.map(({ criterion, value }) => [criterion, value]));
  const summed = addUp(report);
  let compared = 0;
  scores.evaluationScores.criteria.forEach(({ name }, criterion) => {
    const total = totals.get(name);
    const stored = scores.scores[entry];
    if (total === undefined || stored === undefined) return;
    compared += 1;
    const what = `${name} at ${stored.iteration}, dataset ${dataset}, parameters ${parameters}`;
    expectClose(total, scoreAt(stored, dataset, parameters, criterion), what);
    const all = summed.get(name);
    if (all !== undefined && !Number.isNaN(total)) expectClose(all, total, `the sum of ${what}`);
  });
  return compared;
}

describe.each([...shipped, ...(existsSync(shared) ? others : [])])("errors of %s/%s", (...run) => {
  it("come to the scores that DaCapo stored, object by object", async () => {
    const { scores, config, open } = await openRun(run);
    const question = toErrorQuestion(scores.evaluationScores, config.taskConfig);
    if (question === undefined) throw new Error("There is no question.");
    let compared = 0;
    for (const [entry, { iteration }] of scores.scores.entries()) {
      for (const [slot, [dataset, folder]] of run[2].entries()) {
        for (const [index, parameters] of scores.parameters.map(toParametersString).entries()) {
          const output = await open(`${iteration}/${folder}/output/${parameters}`);
          const gt = await open(`inputs/${dataset}/gt`);
          const signal = new AbortController().signal;
          const task = { label: "errors", output, gt, question, signal, onProgress: () => undefined };
          const { report } = await openErrorWork(task, inProcess);
          compared += check(report, scores, [entry, slot, index]);
        }
      }
    }
    const each = question.kind === "instance" ? 3 : 21 * question.channels.length;
    expect(compared).toBe(scores.scores.length * 2 * scores.parameters.length * each);
  }, 120_000);
});

/** The same, in blocks of at most so many voxels along each axis. */
function inBlocks(plan: ErrorPlan, edge: number): ErrorPlan {
  const cut = (blocks: readonly Voxels[], axis: number): readonly Voxels[] =>
    blocks.flatMap(({ begin, end }) => {
      const [from, to] = [plan.region.begin[axis] ?? 0, plan.region.end[axis] ?? 0];
      const starts = Array.from({ length: Math.ceil((to - from) / edge) }, (_, i) => from + i * edge);
      return starts.map((start) => ({ begin: [...begin, start], end: [...end, Math.min(to, start + edge)] }));
    });
  const empty: Voxels = { begin: [], end: [] };
  return { ...plan, blocks: [0, 1, 2].reduce<readonly Voxels[]>(cut, [empty]) };
}

async function analyse(question: ErrorQuestion, output: RunArray, gt: RunArray, plan: ErrorPlan) {
  const analysis = createErrorAnalysis(question);
  for (const core of plan.blocks) analysis.add(await readErrorBlock(output, gt, plan, core, undefined));
  const report = analysis.finish();
  const painted = await Promise.all(
    plan.blocks.map(async (block) => {
      const pair = await readErrorBlock(output, gt, plan, block, undefined);
      return analysis.paint({ at: pair.at, shape: lengthsOf(block) }, pair);
    }),
  );
  return { report, painted };
}

/** In an order that does not depend on which voxel came first; places may lie elsewhere in the same object. */
function canonical(report: ErrorReport): unknown {
  const totals = report.totals.map(({ criterion, value }) => [criterion, value.toPrecision(9)]);
  const of = <Row extends { readonly place: unknown }>(rows: readonly Row[], number: keyof Row) =>
    rows
      .map((row) =>
        JSON.stringify({ ...row, place: 0, [number]: Number(row[number]).toPrecision(9) }, (_, value) =>
          typeof value === "bigint" ? String(value) : value,
        ),
      )
      .toSorted();
  return [totals, report.kind === "instance" ? of(report.objects, "voiShare") : of(report.regions, "share")];
}

describe("a volume in blocks", () => {
  it("has the objects, shares and totals of the whole", async () => {
    const { open } = await openRun(["demo", "vnc_affs", simple]);
    const output = await open(
      "800/vnc_crop_a/output/WatershedPostProcessorParameters(id=2, bias=0.5, context=(32, 32, 32))",
    );
    const gt = await open("inputs/vnc_crop_a/gt");
    const plan = planErrorBlocks(output, gt);
    if (plan === undefined) throw new Error("The two do not overlap.");
    const whole = await analyse({ kind: "instance" }, output, gt, plan);
    const blocks = await analyse({ kind: "instance" }, output, gt, inBlocks(plan, 31));
    expect(canonical(blocks.report)).toEqual(canonical(whole.report));
  });

  it("has the false regions, distances and totals of the whole", async () => {
    const { open } = await openRun(["demo", "vnc_mito_distance", simple]);
    const output = await open("500/vnc_crop_a/output/threshold_0.0");
    const gt = await open("inputs/vnc_crop_a/gt");
    const plan = planErrorBlocks(output, gt);
    if (plan === undefined) throw new Error("The two do not overlap.");
    const question = {
      kind: "mask",
      channels: ["mito"],
      clip: 200,
      tolerance: 40,
      definition: "simpleitk-2.2",
      shape: lengthsOf(plan.region),
      spacing: gt.metadata.voxelSize,
    } as const;
    const whole = await analyse(question, output, gt, plan);
    const blocks = await analyse(question, output, gt, inBlocks(plan, 64));
    expect(whole.report.kind === "mask" && whole.report.regions.length).toBeGreaterThan(3);
    expect(canonical(blocks.report)).toEqual(canonical(whole.report));
    expect(blocks.report.totals).toHaveLength(21);
    const all = blocks.painted.flatMap((values) => [...values]).toSorted((a, b) => a - b);
    expect(all).toEqual([...(whole.painted[0] ?? [])].toSorted((a, b) => a - b));
  });
});

describe("the layer of errors", () => {
  it("holds at every voxel what the comparison says of it", async () => {
    const { open } = await openRun(["demo", "vnc_mito_distance", simple]);
    const output = await open("500/vnc_crop_a/output/threshold_0.0");
    const gt = await open("inputs/vnc_crop_a/gt");
    const question = { kind: "mask", channels: ["mito"], clip: 200, tolerance: 40 } as const;
    const signal = new AbortController().signal;
    const { array } = await openErrorWork(
      { label: "errors", output, gt, question, signal, onProgress: () => undefined },
      inProcess,
    );
    const [values, found, truth] = await Promise.all(
      [array, output, gt].map(
        async (each) =>
          (
            await each.read(
              each.shape.map(() => 0),
              each.shape,
            )
          ).data,
      ),
    );
    expect(array.metadata).toMatchObject({ voxelSize: gt.metadata.voxelSize, offset: gt.metadata.offset });
    expect(values?.length).toBe(truth?.length);
    const isRight = Array.from({ length: values?.length ?? 0 }, (_, voxel) => {
      const [is, shouldBe] = [Number(found?.[voxel]) !== 0, Number(truth?.[voxel]) !== 0];
      return Math.sign(Number(values?.[voxel])) === Number(is) - Number(shouldBe);
    });
    expect(isRight.indexOf(false)).toBe(-1);
  });
});

describe("volumes of unequal voxels", () => {
  it("are compared where both are", () => {
    const toArray = (shape: number[], voxel: number, offset: number) => ({
      ...{ shape, chunks: shape },
      metadata: { voxelSize: [voxel, voxel, voxel], offset: [offset, offset, offset], spatialAxes: [0, 1, 2] },
    });
    const plan = planErrorBlocks(
      toArray([4, 4, 4], 8, 8) as unknown as RunArray,
      toArray([10, 10, 10], 4, 0) as unknown as RunArray,
    );
    expect(plan?.region).toEqual({ begin: [2, 2, 2], end: [10, 10, 10] });
  });
});

/** Labels by place, made when they are read; as large as a comparison in blocks takes. */
function toVolume(labelAt: (z: number, y: number, x: number) => number): RunArray {
  const shape = [130, 256, 256];
  const axes = { axisNames: ["z", "y", "x"], units: ["nm", "nm", "nm"], spatialAxes: [0, 1, 2] };
  return {
    ...{ shape, chunks: [64, 64, 64], dtype: "|u1", path: "a", store: toMemoryStore(new Map()) },
    metadata: { ...axes, voxelSize: [40, 4, 4], offset: [0, 0, 0] },
    async read(begin: readonly number[], end: readonly number[]) {
      const [depth = 0, height = 0, width = 0] = end.map((last, axis) => last - (begin[axis] ?? 0));
      const [z0 = 0, y0 = 0, x0 = 0] = begin;
      const data = new Uint8Array(depth * height * width);
      for (let i = 0; i < data.length; i += 1)
        data[i] = labelAt(
          z0 + Math.floor(i / (height * width)),
          y0 + (Math.floor(i / width) % height),
          x0 + (i % width),
        );
      return { dtype: "|u1", shape: [depth, height, width], data };
    },
  } as unknown as RunArray;
}

describe("a volume that does not fit into one block", () => {
  it("is compared in several, and its layer painted tile by tile", async () => {
    const gt = toVolume((_, y) => (y < 100 ? 1 : 2));
    const output = toVolume((z, y) => (y < 100 ? (z < 129 ? 5 : 6) : 0));
    let [blocks, most] = [0, 0];
    const { report, array } = await openErrorWork(
      {
        ...{ label: "errors", output, gt, question: { kind: "instance" }, signal: new AbortController().signal },
        onProgress: ({ what, total }) => {
          if (what === "blocks") blocks = total;
        },
      },
      (question) => {
        const analyser = inProcess(question);
        return {
          ...analyser,
          add(block) {
            most = Math.max(most, block.gt.data.length);
            return analyser.add(block);
          },
        };
      },
    );
    expect(blocks).toBe(8);
    expect(most).toBeLessThanOrEqual(128 ** 3);
    const objects = report.kind === "instance" ? report.objects : [];
    expect(objects.map(({ side, id, voxels, verdict }) => [side, id, voxels, verdict])).toEqual([
      ["truth", 1n, 130 * 100 * 256, "matched"],
      ["truth", 2n, 130 * 156 * 256, "missed"],
      ["output", 5n, 129 * 100 * 256, "matched"],
      ["output", 0n, 130 * 156 * 256, "background"],
      ["output", 6n, 100 * 256, "split"],
    ]);
    const tile = await array.read([0, 128, 96, 64], [1, 130, 104, 66]);
    const codes = Array.from({ length: 2 * 8 * 2 }, (_, i) => {
      const [z, y] = [128 + Math.floor(i / 16), 96 + (Math.floor(i / 2) % 8)];
      return y >= 100 ? voxelErrors.missed : z === 129 ? voxelErrors.split : voxelErrors.right;
    });
    expect([...tile.data]).toEqual(codes);
  });

  it("has the distances of the whole, however many blocks lie between the objects", async () => {
    const gt = toVolume((_, y) => Number(y < 3));
    const output = toVolume((_, y) => Number(y < 3 || y >= 250));
    const question = { kind: "mask", channels: ["a"], clip: 900, tolerance: 1000 } as const;
    const steps: string[] = [];
    const { report, array } = await openErrorWork(
      {
        ...{ label: "errors", output, gt, question, signal: new AbortController().signal },
        onProgress: ({ what, done, total }) => steps.push(`${what} ${done} of ${total}`),
      },
      inProcess,
    );
    const totals = new Map(report.totals.map(({ criterion, value }) => [criterion, value]));
    expect(totals.get("a__mean_false_positive_distance")).toBeCloseTo((4 * (248 + 249 + 250 + 251 + 252 + 253)) / 9, 9);
    expect(totals.get("a__mean_false_positive_distance_clipped")).toBe((6 * 900) / 9);
    expect(totals.get("a__precision_with_tolerance")).toBeCloseTo(6 / 9, 6); // three of nine layers are further away
    expect(totals.get("a__hausdorff")).toBe(253 * 4);
    expect(report.kind === "mask" && report.regions).toMatchObject([
      { error: "false positive", voxels: 130 * 6 * 256, depth: 253 * 4, place: [0, 255, 0] },
    ]);
    const tile = await array.read([0, 128, 249, 100], [1, 129, 256, 101]);
    expect([...tile.data]).toEqual([0, 248, 249, 250, 251, 252, 253].map((voxels) => 4 * voxels));
    expect(steps).toContain("blocks 7 of 8");
    expect(steps.filter((step) => step.startsWith("distances")).length).toBeGreaterThan(1);
  }, 60_000);
});
