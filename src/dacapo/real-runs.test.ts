import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { allBest, bestScore, defaultCriterion } from "./best.ts";
import { datasetOfFolder } from "./dataset-names.ts";
import { criterionOf } from "./evaluation-scores.ts";
import { evalContext, modelShapes } from "./model.ts";
import { toParametersString } from "./post-processor-parameters.ts";
import { recogniseRelease } from "./release.ts";
import { type RunConfig, toRunConfig } from "./run-config.ts";
import { recoverAxes, toValidationScores } from "./score-axes.ts";
import { emptyOutputNote, toScoreNotes } from "./score-notes.ts";
import { taskOutputs } from "./task-outputs.ts";
import { addIterationStats, emptyTrainingStats, toTrainingStats, trainedUntil } from "./training-stats.ts";
import {
  criteria,
  type ValidationIterationScores,
  type ValidationScores,
  validatedUntil,
} from "./validation-scores.ts";

const RUNS = "../shared/runs";
const LEGACY = "../shared/runs_legacy035";
const PARITY = "../shared/parity";
const PARITY_RUNS = [
  "vnc_affs",
  "vnc_affs_transposed",
  "vnc_classes_onehot",
  "vnc_membrane_distance",
  "vnc_mito_distance",
  "vnc_mito_distance_head",
  "vnc_rawgt_distance",
];

const present = existsSync(RUNS) && existsSync(PARITY);
if (!present) console.info(`Skipped: the real runs are not at ${RUNS} and ${PARITY}.`);
const legacyPresent = existsSync(LEGACY);
if (!legacyPresent) console.info(`Skipped: the run of release 0.3.5 is not at ${LEGACY}.`);

const tuple = { tag: "tag:yaml.org,2002:python/tuple", collection: "seq" as const, resolve: (value: unknown) => value };

function readConfig(base: string, kind: string, name: string): unknown {
  return parse(readFileSync(join(base, "configs", kind, `${name}.yaml`), "utf8"), { customTags: [tuple] });
}

function readRun(run: string, base = RUNS): RunConfig {
  const { config, problems } = toRunConfig(readConfig(base, "runs", run));
  expect(problems).toEqual([]);
  return config;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8"), (_, value) => (value === "NaN" ? Number.NaN : value)) as T;
}

function readEntries(run: string): ValidationIterationScores[] {
  const documents = readJson<ValidationIterationScores[]>(join(RUNS, "stats_json/validation_scores", `${run}.json`));
  const toNumber = (value: number | null) => value ?? Number.NaN;
  return documents.map(({ iteration, scores }) => ({
    iteration,
    scores: scores.map((d) => d.map((p) => p.map(toNumber))),
  }));
}

function folders(path: string): string[] {
  return existsSync(path) ? readdirSync(path) : [];
}

type Parity = {
  channels: string[];
  criteria: string[];
  parameters: string[];
  eval_activation: string | null;
  input_shape: number[];
  output_shape: number[];
  voxel_size: number[];
  context: number[];
  score_dataset_order: string[];
  score_attribute_names: string[];
  higher_is_better: Record<string, boolean>;
  store_best: Record<string, boolean>;
  results: Record<string, Record<string, { whole: Record<string, Record<string, number>> }>>;
};

const readParity = (run: string) => readJson<Parity>(join(PARITY, run, "parity.json"));

function readScores(run: string): ValidationScores & { notes: readonly string[]; datasetOrder: string } {
  const config = readRun(run);
  const scores = readEntries(run);
  const volumes = join(RUNS, run, "validation.zarr");
  const at = join(volumes, String(scores[0]?.iteration));
  const recorded = readParity(run).score_dataset_order;
  const datasetFolders = folders(at);
  const outputNames = folders(join(at, datasetFolders[0] ?? "", "output"));
  const datasetNames = datasetFolders.flatMap((folder) => datasetOfFolder(folder, recorded) ?? []);
  const axes = recoverAxes({ config, scores, outputNames, datasetNames });
  return { ...toValidationScores(axes, scores), notes: axes.notes, datasetOrder: axes.datasetOrder };
}

describe.skipIf(!present)("the real runs", () => {
  const names = present ? readdirSync(join(RUNS, "configs/runs")).map((file) => file.replace(/\.yaml$/, "")) : [];

  test.each(names)("the config of %s is read without a problem", (run) => {
    const config = readRun(run);
    expect(config.name).toBe(run);
    expect(config.settingsOn).toBe("run");
    expect(recogniseRelease({ config }).release).toBe("current");
    for (const part of [config.taskConfig, config.architectureConfig, config.trainerConfig, config.datasplitConfig]) {
      expect(part?.type).toMatch(/Config$/);
    }
  });

  test.each(PARITY_RUNS)("%s: shapes, channels and context are those of DaCapo's Model", (run) => {
    const { taskConfig, architectureConfig } = readRun(run);
    const parity = readParity(run);
    if (!taskConfig || !architectureConfig) throw new Error("no task or architecture");
    const shapes = modelShapes(architectureConfig, taskConfig);
    if (!shapes.ok) throw new Error(shapes.problem);
    expect(shapes.evalInputShape).toEqual(parity.input_shape);
    expect(shapes.evalOutputShape).toEqual(parity.output_shape);
    expect(shapes.outputChannels).toBe(parity.channels.length);
    expect(shapes.evalActivation ?? null).toBe(parity.eval_activation?.toLowerCase() ?? null);
    const voxels = evalContext(shapes, [1, 1, 1]);
    expect(voxels).toEqual(parity.context);
    expect(taskOutputs(taskConfig)?.channels.map((channel) => channel.name)).toEqual(parity.channels);
  });

  test.each(PARITY_RUNS)("%s: criteria, directions and parameters are those of DaCapo's evaluator", (run) => {
    const scores = readScores(run);
    const parity = readParity(run);
    expect(criteria(scores)).toEqual(parity.criteria);
    expect(scores.parameters.map(toParametersString)).toEqual(parity.parameters);
    for (const criterion of scores.evaluationScores.criteria) {
      expect([criterion.name, criterion.higherIsBetter]).toEqual([
        criterion.name,
        parity.higher_is_better[criterion.name],
      ]);
      expect([criterion.name, criterion.storeBest]).toEqual([criterion.name, parity.store_best[criterion.name]]);
    }
    for (const name of parity.score_attribute_names) expect(criterionOf(scores.evaluationScores, name)).toBeDefined();
  });

  const scored = PARITY_RUNS.filter((run) => run !== "vnc_classes_onehot");
  test.each(scored)("%s: each number sits where the evaluator of DaCapo puts it", (run) => {
    const scores = readScores(run);
    const parity = readParity(run);
    const inOrder = { ...scores, datasets: parity.score_dataset_order };
    let compared = 0;
    for (const [iteration, byDataset] of Object.entries(parity.results)) {
      const entry = scores.scores.find((each) => each.iteration === Number(iteration));
      for (const [d, dataset] of inOrder.datasets.entries()) {
        for (const [p, parameters] of scores.parameters.entries()) {
          for (const [c, criterion] of criteria(scores).entries()) {
            const expected = byDataset[dataset]?.whole[toParametersString(parameters)]?.[criterion];
            if (expected === undefined) continue;
            compared++;
            const actual = entry?.scores[d]?.[p]?.[c] ?? Number.NaN;
            expect(Number.isNaN(actual)).toBe(Number.isNaN(expected));
            if (!Number.isNaN(expected)) expect(Math.abs(actual - expected)).toBeLessThan(1e-6 * Math.max(1, expected));
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(0);
  });

  test("the datasets of a glob have an unknown order, those that the config lists a recorded one", () => {
    expect(readScores("vnc_affs").datasetOrder).toBe("unknown");
    expect(readScores("vnc_affs").notes.join()).toContain("recorded nowhere");
    const rawgt = readScores("vnc_rawgt_distance");
    expect(rawgt.datasetOrder).toBe("recorded");
    expect(rawgt.datasets).toEqual(["vnc/crop_a", "vnc/crop_b"]);
  });

  test("the best f1 of the mito run is at iteration 500 with threshold 0.0, though 1250 is the latest", () => {
    const scores = readScores("vnc_mito_distance");
    expect(validatedUntil(scores)).toBe(1251);
    expect(defaultCriterion(scores.evaluationScores)).toBe("mito__f1_score");
    for (const dataset of scores.datasets) {
      const best = bestScore(scores, dataset, "mito__f1_score");
      expect(best).toMatchObject({ iteration: 500, parameters: "threshold_0.0" });
    }
  });

  test("the best pointers and best arrays that DaCapo stored name the same iterations, parameters and scores", () => {
    const run = "vnc_affs";
    const parity = readParity(run);
    const scores = { ...readScores(run), datasets: parity.score_dataset_order };
    const stored = scores.datasets.flatMap((dataset) =>
      criteria(scores).map((criterion) => readBest(run, dataset, criterion)),
    );
    expect(allBest(scores)).toEqual(stored);
  });

  test("threshold 127 is known to leave every output of the unchanged run empty", () => {
    const config = readRun("vnc_mito_distance_head");
    const scores = readScores("vnc_mito_distance_head");
    const codes = toScoreNotes(config, scores, "<f4").map((note) => note.code);
    expect(codes).toEqual(["distorted-criterion", "empty-outputs", "batch-norm"]);
    expect(bestScore(scores, "vnc_crop_a", "mito__f1_score")).toBeUndefined();
  });

  test("the thresholds of the other runs are not called empty", () => {
    for (const run of ["vnc_mito_distance", "vnc_membrane_distance", "vnc_rawgt_distance"]) {
      const task = readRun(run).taskConfig;
      const outputs = task && taskOutputs(task);
      if (!outputs) throw new Error("no task");
      for (const each of readScores(run).parameters) expect(emptyOutputNote(each, outputs, "<f4")).toBeUndefined();
    }
  });

  test("one-hot scores are said to be random", () => {
    const run = "vnc_classes_onehot";
    const [note] = toScoreNotes(readRun(run), readScores(run));
    expect(note?.code).toBe("random-scores");
  });

  test("training stats go on until the iteration that the README gives", () => {
    const rows = readJson<{ iteration: number; loss: number; time: number }[]>(
      join(RUNS, "stats_json/training_stats/vnc_mito_distance.json"),
    );
    expect(trainedUntil(toTrainingStats(rows))).toBe(1250);
    const added = rows.slice(0, 50).reduce(addIterationStats, emptyTrainingStats);
    expect(added).toEqual(toTrainingStats(rows.slice(0, 50)));
  });
});

type BestAttributes = {
  readonly iteration: number;
  readonly parameters_id: number;
  readonly [criterion: string]: unknown;
};

// What DaCapo's own best code left: a pointer beside the checkpoints and attributes on the best array.
function readBest(run: string, dataset: string, criterion: string) {
  const pointer = readJson<{ iteration: number }>(join(RUNS, run, "checkpoints", dataset, `${criterion}.json`));
  const attributes = readJson<BestAttributes>(join(RUNS, run, "validation.zarr", dataset, criterion, ".zattrs"));
  expect(attributes.iteration).toBe(pointer.iteration);
  const parameters = readParity(run).parameters[attributes.parameters_id];
  return { dataset, criterion, iteration: pointer.iteration, parameters, score: attributes[criterion] };
}

describe.skipIf(!legacyPresent)("the run of release 0.3.5", () => {
  test("keeps its settings on the trainer, where they are found", () => {
    const config = readRun("legacy035_vnc_distance", LEGACY);
    expect(config.settingsOn).toBe("trainer");
    expect(config.trainerConfig?.type).toBe("GunpowderTrainerConfig");
    expect(config.numIterations).toBe(200);
    expect(config.numWorkers).toBe(1);
    expect(config.snapshotInterval).toBe(100);
    const raw = readConfig(LEGACY, "runs", "legacy035_vnc_distance") as { trainer_config: Record<string, number> };
    expect(config.batchSize).toBe(raw.trainer_config.batch_size);
    expect(config.learningRate).toBe(raw.trainer_config.learning_rate);
  });

  test("writes its input shape without the underscore, and its shapes work out all the same", () => {
    const { architectureConfig, taskConfig } = readRun("legacy035_vnc_distance", LEGACY);
    if (!architectureConfig || !taskConfig) throw new Error("no architecture or task");
    const shapes = modelShapes(architectureConfig, taskConfig);
    expect(shapes).toMatchObject({ ok: true, inputShape: [10, 92, 92], outputShape: [4, 76, 76], outputChannels: 1 });
  });

  test("is recognised by folder names, settings, snapshots and tensors", () => {
    const config = readRun("legacy035_vnc_distance", LEGACY);
    const datasetFolders = folders(join(LEGACY, "legacy035_vnc_distance/validation.zarr/80"));
    const outputNames = folders(
      join(LEGACY, "legacy035_vnc_distance/validation.zarr/80", datasetFolders[0] ?? "", "output"),
    );
    const found = recogniseRelease({
      config,
      datasetFolders,
      outputNames,
      tensorNames: ["chain.0.unet.l_conv.0"],
      snapshots: "per-iteration",
    });
    expect(found.release).toBe("0.3.2-0.3.5");
  });
});
