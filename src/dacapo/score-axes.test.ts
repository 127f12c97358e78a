import { describe, expect, test } from "vitest";
import { datasetFolders, datasetNameOf, datasetOfFolder } from "./dataset-names.ts";
import { missingScoresNote, toRunIterations } from "./iterations.ts";
import { parseParametersString, toParametersString } from "./post-processor-parameters.ts";
import { recogniseRelease, writesSnapshotOffsetsInVoxels } from "./release.ts";
import { toRunConfig } from "./run-config.ts";
import { type AxesEvidence, recoverAxes, toValidationScores } from "./score-axes.ts";
import { emptyOutputNote, thresholdOutcome } from "./score-notes.ts";
import { toTaskConfig } from "./task.ts";
import { taskOutputs, toWorldDistance } from "./task-outputs.ts";

/** An entry of the given lengths, filled with one number. */
const entryOf = (iteration: number, datasets: number, parameters: number, criteria: number) => ({
  iteration,
  scores: Array.from({ length: datasets }, () =>
    Array.from({ length: parameters }, () => Array<number>(criteria).fill(0.5)),
  ),
});

const affinities = { __type__: "AffinitiesTaskConfig", name: "a", neighborhood: [[1, 0, 0]] };
const distance = { __type__: "DistanceTaskConfig", name: "d", channels: ["mito"], clip_distance: 1, tol_distance: 1 };
const validate = (...names: string[]) => ({
  __type__: "TrainValidateDataSplitConfig",
  name: "s",
  train_configs: [],
  validate_configs: names.map((name) => ({ __type__: "RawGTDatasetConfig", name })),
});
const configOf = (task_config: unknown, datasplit_config: unknown = null) =>
  toRunConfig({ task_config, datasplit_config }).config;
const namesOf = (evidence: AxesEvidence) => recoverAxes(evidence).parameters.map(toParametersString);

describe("the axes of stored scores", () => {
  test("come from the config alone when the lengths agree", () => {
    const axes = recoverAxes({ config: configOf(affinities, validate("a", "b")), scores: [entryOf(100, 2, 5, 3)] });
    expect(axes).toMatchObject({ datasets: ["a", "b"], datasetOrder: "recorded", notes: [], raggedIterations: [] });
    expect(axes.evaluationScores.kind).toBe("instance");
    expect(axes.parameters.map((each) => each.kind === "watershed" && each.bias)).toEqual([0.1, 0.25, 0.5, 0.75, 0.9]);
  });

  test("of one dataset are in no doubt", () => {
    expect(recoverAxes({ scores: [entryOf(1, 1, 5, 3)], datasetNames: ["crop"] })).toMatchObject({
      datasets: ["crop"],
      datasetOrder: "single",
    });
  });

  test("take datasets that were found on disk by name, and say that their order is not known", () => {
    const axes = recoverAxes({ scores: [entryOf(1, 2, 5, 3)], datasetNames: ["b", "a"] });
    expect(axes).toMatchObject({ datasets: ["a", "b"], datasetOrder: "unknown" });
    expect(axes.notes.join()).toContain("recorded nowhere");
  });

  test("number datasets that nothing names, rather than naming the wrong ones", () => {
    const axes = recoverAxes({
      config: configOf(affinities, validate("a", "b")),
      scores: [entryOf(1, 3, 5, 3)],
      datasetNames: ["a", "b"],
    });
    expect(axes.datasets).toEqual(["dataset 0", "dataset 1", "dataset 2"]);
    expect(axes.notes.join()).toContain("the config lists 2, and 2 have volumes");
  });

  test("trust the output folders most, thresholds in ascending order", () => {
    const outputNames = ["threshold_0.0", "threshold_-0.5", "threshold_0.25", "threshold_-0.25", "threshold_0.5"];
    const evidence = { config: configOf(distance), scores: [entryOf(1, 1, 5, 21)], outputNames };
    expect(namesOf(evidence)).toEqual([
      "threshold_-0.5",
      "threshold_-0.25",
      "threshold_0.0",
      "threshold_0.25",
      "threshold_0.5",
    ]);
    expect(recoverAxes(evidence).parameters.map((each) => each.kind === "threshold" && each.id)).toEqual([
      0, 1, 2, 3, 4,
    ]);
    expect(recoverAxes(evidence).notes.join()).toContain("ascending order");
  });

  test("put watershed folders in the order of their ids and leave other folders out", () => {
    const outputNames = [
      "WatershedPostProcessorParameters(id=1, bias=0.9, context=(32, 32, 32))",
      "tmp",
      "WatershedPostProcessorParameters(id=0, bias=0.95, context=(32, 32, 32))",
    ];
    expect(namesOf({ scores: [entryOf(1, 1, 2, 3)], outputNames })).toEqual([outputNames[2], outputNames[0]]);
  });

  test("fall back to the release whose enumeration has that many", () => {
    expect(namesOf({ config: configOf(distance), scores: [entryOf(1, 1, 3, 21)] })[0]).toBe(
      "ThresholdPostProcessorParameters(id=0, threshold=100)",
    );
    expect(namesOf({ config: configOf(affinities), scores: [entryOf(1, 1, 3, 3)] })[1]).toBe(
      "WatershedPostProcessorParameters(id=1, bias=0.5)",
    );
  });

  test.each([
    [21, 1, "binary", "threshold_127"],
    [42, 3, "multichannel-binary", "ThresholdPostProcessorParameters(id=0, threshold=100)"],
    [3, 5, "instance", "WatershedPostProcessorParameters(id=0, bias=0.1, context=(32, 32, 32))"],
    [4, 5, "instance-avg-iou", "WatershedPostProcessorParameters(id=0, bias=0.1, context=(32, 32, 32))"],
    [2, 10, "dummy", "DummyPostProcessorParameters(id=0, min_size=1)"],
    [2, 1, "dummy", "ArgmaxPostProcessorParameters(id=1)"],
    [7, 2, "unknown", "parameters 0"],
  ])(
    "without any config, %d criteria and %d parameters are told by their number",
    (criteria, parameters, kind, first) => {
      const axes = recoverAxes({ scores: [entryOf(1, 1, parameters, criteria)] });
      expect(axes.evaluationScores.kind).toBe(kind);
      expect(axes.evaluationScores.criteria).toHaveLength(criteria);
      expect(axes.parameters).toHaveLength(parameters);
      expect(toParametersString(axes.parameters[0] ?? parseParametersString(""))).toBe(first);
      expect(axes.notes.length).toBeGreaterThan(0);
    },
  );

  test("say so when the task has other criteria than the scores", () => {
    const axes = recoverAxes({ config: configOf(distance), scores: [entryOf(1, 1, 1, 42)] });
    expect(axes.evaluationScores.criteria[21]?.name).toBe("1__dice");
    expect(axes.notes[0]).toContain("The task has 21 criteria but 42 scores are stored");
  });

  test("an iteration of release 0.3.5 whose evaluations all failed is kept, empty, and flagged", () => {
    const scores = [{ iteration: 80, scores: [[], []] }, entryOf(160, 2, 1, 21)];
    const axes = recoverAxes({ config: configOf(distance, validate("a", "b")), scores });
    expect(axes.raggedIterations).toEqual([80]);
    expect(axes.notes.join()).toContain("iteration 80");
    const padded = toValidationScores(axes, scores);
    expect(padded.scores[0]?.scores).toEqual([[Array(21).fill(Number.NaN)], [Array(21).fill(Number.NaN)]]);
    expect(padded.scores[1]).toBe(scores[1]);
  });

  test("are named even when every evaluation failed, or nothing has been scored yet", () => {
    const config = configOf(distance, validate("a", "b"));
    const failed = recoverAxes({ config, scores: [{ iteration: 80, scores: [[], []] }] });
    expect(failed).toMatchObject({ datasets: ["a", "b"], raggedIterations: [80] });
    expect(failed.parameters.map(toParametersString)).toEqual(["threshold_127"]);
    expect(toValidationScores(failed, [{ iteration: 80, scores: [[], []] }]).scores[0]?.scores[1]?.[0]).toHaveLength(
      21,
    );
    expect(recoverAxes({ config, scores: [] })).toMatchObject({ datasets: ["a", "b"], notes: [] });
    expect(recoverAxes({ scores: [] })).toMatchObject({ datasets: [], parameters: [], notes: [] });
  });
});

describe("outputs of a task", () => {
  const outputsOf = (raw: unknown, count?: number) => taskOutputs(toTaskConfig(raw).config, count);

  test("are affinities by offset, and descriptors after them in older releases", () => {
    const task = {
      ...affinities,
      neighborhood: [
        [1, 0, 0],
        [0, -1, 0],
        [0, 0, 9],
      ],
    };
    expect(outputsOf(task)?.channels.map((channel) => channel.name)).toEqual(["aff_1.0.0", "aff_0.-1.0", "aff_0.0.9"]);
    expect(outputsOf(task)?.evalActivation).toBe("sigmoid");
    expect(
      outputsOf(task, 13)
        ?.channels.map((channel) => channel.kind)
        .filter((kind) => kind === "lsd"),
    ).toHaveLength(10);
    expect(outputsOf(task, 4)?.channels.at(-1)).toEqual({ name: "channel 3", kind: "unknown" });
  });

  test("of hot distances are a logit and then a distance for each channel", () => {
    const outputs = outputsOf({ ...distance, __type__: "HotDistanceTaskConfig", channels: ["a", "b"] });
    expect(outputs?.channels.map(({ name, kind }) => [name, kind])).toEqual([
      ["a", "logit"],
      ["b", "logit"],
      ["a distance", "distance"],
      ["b distance", "distance"],
    ]);
    expect(outputs?.evaluationScores.criteria).toHaveLength(42);
  });

  test("of a pretrained task are those of its sub task", () => {
    expect(
      outputsOf({ __type__: "PretrainedTaskConfig", name: "p", weights: "w", sub_task_config: distance })?.channels,
    ).toEqual([{ name: "mito", kind: "distance" }]);
    expect(
      outputsOf({ __type__: "DummyTaskConfig", name: "d", embedding_dims: 2, detection_threshold: 0 })?.channels.map(
        (channel) => channel.name,
      ),
    ).toEqual(["e0", "e1"]);
    expect(outputsOf({ __type__: "FutureTaskConfig" })).toBeUndefined();
  });

  test("stored distances turn back into world units", () => {
    expect(toWorldDistance(Math.tanh(90 / 45), 45)).toBeCloseTo(90);
    expect(toWorldDistance(-1.2, 45)).toBe(Number.NEGATIVE_INFINITY);
  });

  test("a threshold of 127 empties float predictions, not those scaled to bytes", () => {
    const outputs = outputsOf(distance);
    if (!outputs) throw new Error("no outputs");
    expect(thresholdOutcome(127, outputs, "<f4")).toBe("empty");
    expect(thresholdOutcome(127, outputs, "|u1")).toBe("mixed");
    expect(thresholdOutcome(255, outputs, "|u1")).toBe("empty");
    expect(thresholdOutcome(0, outputs, "<f4")).toBe("mixed");
    expect(thresholdOutcome(-5, outputs, "<f4")).toBe("full");
    expect(emptyOutputNote(parseParametersString("threshold_127"), outputs, "<f4")?.subject).toBe("threshold_127");
    expect(
      emptyOutputNote(parseParametersString("ArgmaxPostProcessorParameters(id=1)"), outputs, "<f4"),
    ).toBeUndefined();
  });
});

describe("names of dataset folders", () => {
  test("are probed in the order of likelihood", () => {
    expect(datasetFolders("vnc/crop_a")).toEqual(["ds_vnc_crop_a", "vnc/crop_a", "Dataset(vnc/crop_a)"]);
  });

  test("find back to the dataset, the ds_ form first", () => {
    const names = ["ds_x", "x", "vnc/crop_a"];
    expect(datasetOfFolder("ds_x", names)).toBe("x");
    expect(datasetOfFolder("ds_ds_x", names)).toBe("ds_x");
    expect(datasetOfFolder("ds_vnc_crop_a", names)).toBe("vnc/crop_a");
    expect(datasetOfFolder("Dataset(x)", names)).toBe("x");
    expect(datasetOfFolder("y", names)).toBeUndefined();
  });

  test("without a list give what they show", () => {
    expect(["ds_crop", "crop", "Dataset(crop)"].map(datasetNameOf)).toEqual(["crop", "crop", "crop"]);
  });
});

describe("the release", () => {
  const release = (evidence: Parameters<typeof recogniseRelease>[0]) => recogniseRelease(evidence).release;

  test("is told by folders, attributes, tensors and snapshots", () => {
    expect(release({ datasetFolders: ["Dataset(a)"] })).toBe("0.2.0");
    expect(release({ outputNames: ["ThresholdPostProcessorParameters(id=0, threshold=100)"] })).toBe("0.2.1-0.3.0");
    expect(release({ attributeKeys: ["offset", "resolution", "axes", "dimension_units"] })).toBe("0.2.1-0.3.0");
    expect(release({ attributeKeys: ["axis_names", "offset", "voxel_size", "units"] })).toBe("0.3.2-0.3.5");
    expect(release({ datasetFolders: ["ds_a"], tensorNames: ["chain.0.unet.l_conv.0.conv_pass.0.weight"] })).toBe(
      "0.3.2-0.3.5",
    );
    expect(release({ tensorNames: ["chain.0.l_conv.0.conv_pass.0.weight"] })).toBe("current");
    expect(release({ instanceCriteria: 4 })).toBe("0.2.1-0.3.0");
    expect(release({ snapshots: "stacked" })).toBe("current");
  });

  test("stays open when the evidence leaves several, and empty when it contradicts itself", () => {
    expect(recogniseRelease({ datasetFolders: ["ds_a"] })).toMatchObject({
      release: undefined,
      candidates: ["0.3.2-0.3.5", "current"],
    });
    expect(recogniseRelease({ datasetFolders: ["Dataset(a)"], snapshots: "stacked" }).candidates).toEqual([]);
    expect(recogniseRelease({}).candidates).toHaveLength(4);
  });

  test("up to 0.3.5 snapshot offsets are in voxels", () => {
    expect(writesSnapshotOffsetsInVoxels(recogniseRelease({ config: { settingsOn: "trainer" } }))).toBe(true);
    expect(writesSnapshotOffsetsInVoxels(recogniseRelease({ config: { settingsOn: "run" } }))).toBe(false);
    expect(writesSnapshotOffsetsInVoxels(recogniseRelease({}))).toBe(false);
  });
});

describe("iterations of a run", () => {
  test("are those of scores, volumes and checkpoints together, since a resumed run drops the newest scores", () => {
    const found = toRunIterations({ scores: [200, 400], volumes: [400, 600, 200], weights: [200] });
    expect(found.map(({ iteration, hasScores, hasWeights }) => [iteration, hasScores, hasWeights])).toEqual([
      [200, true, true],
      [400, true, false],
      [600, false, false],
    ]);
    const newest = found.at(-1);
    expect(newest && missingScoresNote(newest, 400)).toContain("still running");
    expect(missingScoresNote({ iteration: 300, hasScores: false, hasVolumes: true, hasWeights: true }, 400)).toContain(
      "resumed",
    );
    expect(found[0] && missingScoresNote(found[0], 400)).toBeUndefined();
  });
});
