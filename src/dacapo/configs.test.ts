import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toArchitectureConfig } from "./architecture.ts";
import { sourcesOf, toArrayConfig, zarrSources } from "./array-config.ts";
import { toAugmentConfig } from "./augment-config.ts";
import { toDatasetConfig } from "./dataset-config.ts";
import { likelyValidateNames, recordedValidateNames, simpleDatasetName, toDataSplitConfig } from "./datasplit.ts";
import { toRunConfig } from "./run-config.ts";
import { toStartConfig } from "./start-config.ts";
import { headKernelSize, toTaskConfig } from "./task.ts";
import { toTrainerConfig } from "./trainer.ts";

const zarr = (name: string) => ({ __type__: "ZarrArrayConfig", name, file_name: `${name}.zarr`, dataset: "raw" });

describe("every class of a config is read under its own type", () => {
  const read = {
    task: toTaskConfig,
    architecture: toArchitectureConfig,
    array: toArrayConfig,
    dataset: toDatasetConfig,
    datasplit: toDataSplitConfig,
    trainer: toTrainerConfig,
    augment: toAugmentConfig,
    start: toStartConfig,
  };
  const distances = { channels: ["a"], clip_distance: 1.0, tol_distance: 2.0 };
  const source = { source_array_config: zarr("z") };
  const cases: [keyof typeof read, string, Record<string, unknown>][] = [
    ["task", "DistanceTaskConfig", distances],
    ["task", "HotDistanceTaskConfig", distances],
    ["task", "InnerDistanceTaskConfig", distances],
    ["task", "AffinitiesTaskConfig", { neighborhood: [[1, 0, 0]] }],
    ["task", "OneHotTaskConfig", { classes: ["a"] }],
    [
      "task",
      "PretrainedTaskConfig",
      { sub_task_config: { __type__: "OneHotTaskConfig", name: "o", classes: ["a"] }, weights: "w" },
    ],
    ["task", "DummyTaskConfig", { embedding_dims: 12, detection_threshold: 0.1 }],
    [
      "architecture",
      "CNNectomeUNetConfig",
      { _input_shape: [8, 8], fmaps_out: 1, fmaps_in: 1, num_fmaps: 1, fmap_inc_factor: 1, downsample_factors: [] },
    ],
    ["architecture", "WrappedArchitectureConfig", { _module: "m.pt", fmaps_in: 1, fmaps_out: 1, _input_shape: [8, 8] }],
    ["architecture", "ModelZooConfig", { model_id: "x" }],
    ["architecture", "DummyArchitectureConfig", { _num_in_channels: 1, _num_out_channels: 2 }],
    ["array", "ZarrArrayConfig", { file_name: "f", dataset: "d" }],
    ["array", "TiffArrayConfig", { file_name: "f", offset: [0], voxel_size: [1], axis_names: ["x"], units: ["nm"] }],
    ["array", "IntensitiesArrayConfig", { ...source, min: 0, max: 255 }],
    ["array", "BinarizeArrayConfig", { ...source, groupings: [["mito", [3, 4]]] }],
    [
      "array",
      "CropArrayConfig",
      {
        ...source,
        roi: [
          [0, 0],
          [8, 8],
        ],
      },
    ],
    ["array", "ConcatArrayConfig", { channels: ["a"], source_array_configs: { a: zarr("a") }, default_config: null }],
    ["array", "ResampledArrayConfig", { ...source, _upsample: null, _downsample: [2, 2], interp_order: true }],
    ["array", "LogicalOrArrayConfig", source],
    ["array", "SumArrayConfig", { source_array_configs: [zarr("a"), zarr("b")] }],
    ["array", "MergeInstancesArrayConfig", { source_array_configs: [zarr("a")] }],
    ["array", "OnesArrayConfig", source],
    ["array", "ConstantArrayConfig", source],
    ["array", "MissingAnnotationsMaskConfig", { ...source, groupings: [] }],
    ["array", "DVIDArrayConfig", { source: ["a", "b", "c"] }],
    ["array", "DummyArrayConfig", {}],
    ["dataset", "RawGTDatasetConfig", { raw_config: zarr("r"), gt_config: zarr("g") }],
    ["dataset", "DummyDatasetConfig", { raw_config: { __type__: "DummyArrayConfig", name: "d" } }],
    ["dataset", "SimpleDataset", { path: "p" }],
    ["datasplit", "TrainValidateDataSplitConfig", { train_configs: [], validate_configs: [] }],
    ["datasplit", "SimpleDataSplitConfig", { path: "p" }],
    ["datasplit", "DummyDataSplitConfig", {}],
    ["trainer", "GunpowderTrainerConfig", {}],
    ["trainer", "DummyTrainerConfig", { dummy_attr: true }],
    ["augment", "SimpleAugmentConfig", {}],
    [
      "augment",
      "ElasticAugmentConfig",
      { control_point_spacing: [1], control_point_displacement_sigma: [1.0], rotation_interval: [0, 1] },
    ],
    ["augment", "GammaAugmentConfig", { gamma_range: [0.5, 2] }],
    ["augment", "IntensityAugmentConfig", { scale: [0.9, 1.1], shift: [-0.1, 0.1] }],
    ["augment", "IntensityScaleShiftAugmentConfig", { scale: 2, shift: -1 }],
    ["augment", "NoiseAugmentConfig", { kwargs: { mode: "gaussian", var: 0.01 } }],
    ["start", "StartConfig", { run: "r", criterion: "1000" }],
    ["start", "CosemStartConfig", { run: "r", criterion: "c" }],
  ];

  test.each(cases)("%s %s", (kind, type, fields) => {
    const { config, problems } = read[kind]({ __type__: type, name: "n", ...fields });
    expect(problems).toEqual([]);
    expect(config.type).toBe(type);
  });

  test.each(Object.entries(read))("a %s that nothing is known of is kept as it was read", (_, reader) => {
    const raw = { __type__: "FutureConfig", name: "n", depth: 3 };
    const { config, problems } = reader(raw);
    expect(config).toEqual({ type: "unknown", typeName: "FutureConfig", raw });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain("FutureConfig");
  });
});

describe("fields of a config", () => {
  test("take the class's default when they are missing", () => {
    const { config } = toTaskConfig({
      __type__: "DistanceTaskConfig",
      name: "n",
      channels: ["a"],
      clip_distance: 1,
      tol_distance: 1,
    });
    expect(config).toMatchObject({ scaleFactor: 1, maskDistances: true, clipmin: 0.05, clipmax: 0.95 });
    expect(toTrainerConfig({ __type__: "GunpowderTrainerConfig", name: "n" }).config).toMatchObject({
      minMasked: 0.15,
      clipRaw: false,
      augments: [],
    });
    expect(toTrainerConfig({ __type__: "GunpowderTrainerConfig", name: "n", min_masked: null }).config).toMatchObject({
      minMasked: undefined,
    });
  });

  test("that are wrong are named with their place, and the rest is read", () => {
    const { config, problems } = toRunConfig({
      name: "r",
      architecture_config: { __type__: "ModelZooConfig", name: "z", model_id: "m" },
      datasplit_config: {
        __type__: "TrainValidateDataSplitConfig",
        name: "d",
        train_configs: [],
        validate_configs: [{ __type__: "RawGTDatasetConfig", name: "v", weight: "heavy" }],
      },
    });
    expect(problems).toEqual([
      { path: "datasplit_config.validate_configs.0.weight", message: 'Expected a number, found string "heavy".' },
    ]);
    expect(recordedValidateNames(config.datasplitConfig)).toEqual(["v"]);
  });

  test("a folder of data tells what its only dataset may be called", () => {
    const simple = { __type__: "SimpleDataSplitConfig", name: "s" };
    const namesOf = (fields: object) => likelyValidateNames(toDataSplitConfig({ ...simple, ...fields }).config);
    expect(namesOf({ path: "/data/vnc.zarr/" })).toEqual(["test", "vnc"]);
    expect(namesOf({ path: "test", validate_group_name: "test" })).toEqual(["test"]);
    expect(namesOf({ path: "", validate_group_name: "a/b" })).toEqual([]);
    expect(likelyValidateNames(undefined)).toEqual([]);
  });

  test("a name that YAML took for a number is text", () => {
    expect(toStartConfig({ __type__: "StartConfig", run: 2024, criterion: 1000n }).config).toEqual({
      type: "StartConfig",
      run: "2024",
      criterion: "1000",
    });
  });

  test("nested arrays tell which zarr arrays they read", () => {
    const sum = {
      __type__: "SumArrayConfig",
      name: "s",
      source_array_configs: [
        { __type__: "OnesArrayConfig", name: "o", source_array_config: zarr("a") },
        zarr("b"),
        zarr("a"),
      ],
    };
    const { config } = toArrayConfig(sum);
    expect(sourcesOf(config)).toHaveLength(3);
    expect(zarrSources(config).map((source) => source.fileName)).toEqual(["a.zarr", "b.zarr"]);
  });

  test("groupings, rois and factors are what the reference says they are", () => {
    expect(
      toArrayConfig({
        __type__: "BinarizeArrayConfig",
        name: "b",
        source_array_config: zarr("a"),
        groupings: [
          ["mito", [3, 4]],
          ["any", []],
        ],
      }).config,
    ).toMatchObject({
      groupings: [
        { channel: "mito", ids: [3, 4] },
        { channel: "any", ids: [] },
      ],
      background: 0,
    });
    expect(
      toArrayConfig({
        __type__: "CropArrayConfig",
        name: "c",
        source_array_config: zarr("a"),
        roi: [
          [1, 2],
          [3, 4],
        ],
      }).config,
    ).toMatchObject({ roi: { offset: [1, 2], shape: [3, 4] } });
  });

  test("the head's kernel is 3 when a one-hot or hot-distance task gives none", () => {
    expect(headKernelSize(toTaskConfig({ __type__: "OneHotTaskConfig", name: "n", classes: [] }).config)).toBe(3);
    expect(
      headKernelSize(toTaskConfig({ __type__: "OneHotTaskConfig", name: "n", classes: [], kernel_size: 1 }).config),
    ).toBe(1);
    expect(headKernelSize(toTaskConfig({ __type__: "AffinitiesTaskConfig", name: "n", neighborhood: [] }).config)).toBe(
      1,
    );
  });
});

describe("a run's config", () => {
  test("that is empty, as two starting processes leave it, is a problem and not a failure", () => {
    const { config, problems } = toRunConfig(null);
    expect(config).toMatchObject({
      name: undefined,
      validationInterval: 1000,
      batchSize: 1,
      learningRate: 0.001,
      settingsOn: "neither",
    });
    expect(problems).toHaveLength(1);
  });

  test("prefers its own settings to those of the trainer", () => {
    const trainer_config = { __type__: "GunpowderTrainerConfig", name: "t", batch_size: 4, learning_rate: 0.1 };
    expect(toRunConfig({ trainer_config, batch_size: 2 }).config).toMatchObject({
      batchSize: 2,
      learningRate: 0.1,
      settingsOn: "run",
    });
    expect(toRunConfig({ trainer_config }).config).toMatchObject({ batchSize: 4, settingsOn: "trainer" });
  });

  test("any plain value is read without throwing", () => {
    const key = fc.constantFrom(
      "__type__",
      "name",
      "task_config",
      "architecture_config",
      "datasplit_config",
      "trainer_config",
      "channels",
      "source_array_config",
      "__proto__",
      "groupings",
    );
    const leaf = fc.oneof(
      fc.constantFrom("DistanceTaskConfig", "CNNectomeUNetConfig", "ConcatArrayConfig", "toString", "constructor"),
      fc.jsonValue(),
      fc.bigInt(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(key, tie("value"), { noNullPrototype: false }),
      ),
    }));
    fc.assert(
      fc.property(value, (raw) => {
        const { problems } = toRunConfig(raw);
        expect(problems.every((problem) => problem.message.length > 0)).toBe(true);
      }),
    );
    expect(({} as Record<string, unknown>).type).toBeUndefined();
  });

  test("whose aliases stand for exponentially many values is cut off, not followed", () => {
    let array: unknown = zarr("a");
    for (let level = 0; level < 40; level++)
      array = { __type__: "SumArrayConfig", name: "s", source_array_configs: [array, array] };
    const { problems } = toArrayConfig(array);
    expect(problems[0]?.message).toContain("left out");
    let deep: unknown = zarr("a");
    for (let level = 0; level < 5000; level++)
      deep = { __type__: "OnesArrayConfig", name: "o", source_array_config: deep };
    expect(toArrayConfig(deep).problems[0]?.message).toContain("nested deeper");
  });
});

describe("datasets", () => {
  test("of a simple datasplit are named after their folder without its last suffix", () => {
    expect(["data.zarr", "test", "a.b", ".hidden", "a.b.c"].map(simpleDatasetName)).toEqual([
      "data",
      "test",
      "a",
      ".hidden",
      "a.b",
    ]);
  });

  test("are recorded by a train-validate datasplit only", () => {
    expect(
      recordedValidateNames(toDataSplitConfig({ __type__: "SimpleDataSplitConfig", name: "s", path: "p" }).config),
    ).toBeUndefined();
    expect(recordedValidateNames(toDataSplitConfig({ __type__: "DummyDataSplitConfig", name: "s" }).config)).toEqual(
      [],
    );
  });
});
