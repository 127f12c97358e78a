import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ArchitectureConfig, toArchitectureConfig } from "#dacapo/architecture.ts";
import { type TaskConfig, toTaskConfig } from "#dacapo/task.ts";
import { readTorchCheckpoint, type StateDict, type Tensor } from "#storage/formats/torch-checkpoint.ts";
import { isAtHand, loadNetwork, maxDifference, readNpy, runGraph } from "./fixtures/run-graph.ts";
import { type Network, outputShapeOf } from "./network.ts";
import { OnnxError } from "./onnx-error.ts";
import { isNetwork, toNetwork } from "./rebuild.ts";
import { lowerings, toOnnx } from "./to-onnx.ts";

// Made with PyTorch by scripts/write-network-goldens.py.
const GOLDENS = "src/inference/fixtures/networks";

type Golden = { readonly architecture: unknown; readonly task: unknown; readonly parameterCount: number };

const goldenNames = readdirSync(GOLDENS)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));

const readGolden = (name: string) => JSON.parse(readFileSync(join(GOLDENS, `${name}.json`), "utf8")) as Golden;

function toConfig<T>({ config, problems }: { readonly config: T; readonly problems: readonly unknown[] }): T {
  expect(problems).toEqual([]);
  return config;
}

type Parts = { readonly stateDict: StateDict; readonly architecture: ArchitectureConfig; readonly task: TaskConfig };

function readParts(name: string): Parts {
  const { architecture, task } = readGolden(name);
  const { stateDict } = readTorchCheckpoint(readFileSync(join(GOLDENS, `${name}.checkpoint`)));
  return {
    stateDict,
    architecture: toConfig(toArchitectureConfig(architecture)),
    task: toConfig(toTaskConfig(task)),
  };
}

function rebuild({ stateDict, architecture, task }: Parts): Network {
  const network = toNetwork(stateDict, architecture, task);
  if (!isNetwork(network)) throw new TypeError(network.problem);
  return network;
}

function problemOf({ stateDict, architecture, task }: Parts): string {
  const rebuilt = toNetwork(stateDict, architecture, task);
  return isNetwork(rebuilt) ? "" : rebuilt.problem;
}

describe("options that the reference runs do not use", () => {
  test.each(goldenNames)("%s gives what PyTorch gives, in every lowering", { timeout: 60_000 }, async (name) => {
    const network = rebuild(readParts(name));
    const [raw, expected] = ["input", "output"].map((end) => readNpy(join(GOLDENS, `${name}-${end}.npy`)));
    if (!raw || !expected) throw new TypeError("the golden is incomplete");
    const inputShape = raw.shape.slice(2);
    expect(network.parameterCount).toBe(readGolden(name).parameterCount);
    expect(outputShapeOf(network, inputShape)).toEqual({ ok: true, output: expected.shape.slice(2) });
    for (const lowering of lowerings) {
      const prediction = await runGraph(toOnnx(network, { inputShape, lowering }), raw);
      expect(prediction.shape).toEqual(expected.shape);
      expect(maxDifference(prediction.data, expected.data), lowering).toBeLessThan(1e-5);
    }
  });

  test.each(goldenNames)("%s in half precision stays near", { timeout: 60_000 }, async (name) => {
    const network = rebuild(readParts(name));
    const [raw, expected] = ["input", "output"].map((end) => readNpy(join(GOLDENS, `${name}-${end}.npy`)));
    if (!raw || !expected) throw new TypeError("the golden is incomplete");
    const bytes = toOnnx(network, { inputShape: raw.shape.slice(2), precision: "f16" });
    const difference = maxDifference((await runGraph(bytes, raw)).data, expected.data);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(3e-2);
  });
});

describe("a network", () => {
  test("tells its channels, its activation and its sizes", () => {
    const network = rebuild(readParts("attention_norm_transposed_same"));
    expect(network.channels.map(({ name }) => name)).toEqual(["aff_1.0.0", "aff_0.1.0", "aff_0.0.1"]);
    expect(network).toMatchObject({ evalActivation: "sigmoid", dimensions: 3, inputChannels: 1 });
    expect(network.outputStep).toEqual([2, 4, 4]);
    expect(rebuild(readParts("upsampled_same")).scale).toEqual([2, 2, 2]);
  });

  test("whose head has a kernel has smaller shapes than its features", () => {
    const { shapes, head } = rebuild(readParts("hot_distance_head"));
    expect(head?.kernel).toEqual([3, 3, 3]);
    expect(shapes).toMatchObject({ inputShape: [9, 12, 12], outputShape: [5, 6, 6], evalOutputShape: [5, 6, 6] });
    expect(outputShapeOf(rebuild(readParts("hot_distance_head")), [4, 12, 12])).toMatchObject({ ok: false });
  });

  test("without a task keeps its head but names no channels, and has no activation", () => {
    const { stateDict, architecture } = readParts("attention_norm_transposed_same");
    const network = toNetwork(stateDict, architecture);
    expect(isNetwork(network) && network.channels.map(({ name }) => name)).toEqual([
      "channel 0",
      "channel 1",
      "channel 2",
    ]);
    expect(isNetwork(network) && network.evalActivation).toBeUndefined();
  });

  test("of a release up to 0.3.5 is found under either of its names", async () => {
    const parts = readParts("upsampled_legacy");
    const only = (prefix: string) =>
      new Map([...parts.stateDict].filter(([name]) => name.startsWith(prefix) || name.startsWith("chain.1.")));
    const whole = rebuild(parts);
    for (const prefix of ["chain.0.", "architecture."])
      expect(rebuild({ ...parts, stateDict: only(prefix) })).toEqual(whole);
  });
});

const LEGACY = "../shared/runs_legacy035";

test.runIf(isAtHand(LEGACY))("the run that release 0.3.5 wrote is rebuilt", () => {
  const network = loadNetwork(LEGACY, "legacy035_vnc_distance", 200);
  expect(network.channels.map(({ name }) => name)).toEqual(["membrane"]);
  expect(network.shapes).toMatchObject({ inputShape: [10, 92, 92], outputShape: [4, 76, 76] });
});

describe("a checkpoint that does not fit its config is told in a sentence", () => {
  const parts = readParts("flat_valid");
  const change = (edit: (tensors: Map<string, Tensor>) => void): string => {
    const tensors = new Map(parts.stateDict);
    edit(tensors);
    return problemOf({ ...parts, stateDict: tensors });
  };
  const some: Tensor = { shape: [1], data: new Float32Array(1) };

  test("a tensor is missing, has another shape, or has no place", () => {
    expect(change((tensors) => tensors.delete("chain.0.r_up.0.1.up.1.bias"))).toContain(
      'lacks the tensor "chain.0.r_up.0.1.up.1.bias"',
    );
    expect(change((tensors) => tensors.set("chain.0.l_conv.0.conv_pass.2.bias", some))).toMatch(
      /"chain.0.l_conv.0.conv_pass.2.bias" has the shape 1; .* asks for 2/,
    );
    expect(change((tensors) => tensors.set("chain.0.l_conv.9.conv_pass.0.weight", some))).toContain(
      'no place ("chain.0.l_conv.9.conv_pass.0.weight")',
    );
    expect(change((tensors) => tensors.clear())).toContain('has no tensor "chain.0.l_conv.0.conv_pass.0.weight"');
  });

  test("a second copy of the head that differs is not passed over", () => {
    const head = parts.stateDict.get("prediction_head.weight");
    const other = { shape: head?.shape ?? [], data: Float32Array.from(head?.data ?? [], (value) => value + 1) };
    expect(change((tensors) => tensors.set("prediction_head.weight", other))).toContain("prediction_head.weight");
  });

  test("the task has other channels than the head", () => {
    const task = toTaskConfig({ ...(readGolden("flat_valid").task as object), channels: ["a", "b", "c"] }).config;
    expect(problemOf({ ...parts, task })).toMatch(/3 channels but .* 2/);
  });

  test.each([
    [
      "WrappedArchitectureConfig",
      { __type__: "WrappedArchitectureConfig", name: "mine", _module: "m.py" },
      "module of its own",
    ],
    ["ModelZooConfig", { __type__: "ModelZooConfig", name: "zoo", model_id: "affable-shark" }, "affable-shark"],
    ["an unknown type", { __type__: "SwinConfig", name: "swin" }, '"SwinConfig" are not known'],
  ])("%s cannot be rebuilt, and the way out is told", (_, config, found) => {
    const problem = problemOf({ ...parts, architecture: toArchitectureConfig(config).config });
    expect(problem).toContain(found);
    expect(problem).toContain(".onnx");
  });

  test("counts that make no sense are refused before anything is built", () => {
    for (const counts of [{ num_fmaps: 2.5 }, { fmap_inc_factor: 1e9 }, { fmaps_in: -1 }, { num_fmaps: Number.NaN }]) {
      const { config } = toArchitectureConfig({ ...(readGolden("flat_valid").architecture as object), ...counts });
      expect(problemOf({ ...parts, architecture: config })).toContain("channel counts");
    }
  });
});

test("a block size that does not work is refused with the reason", () => {
  const network = rebuild(readParts("flat_valid"));
  const make = (inputShape: readonly number[]) => () => toOnnx(network, { inputShape });
  expect(make([44, 65])).toThrow(OnnxError);
  expect(make([44, 65])).toThrow("cannot be divided");
  expect(make([8, 44, 66])).toThrow("2 axes");
});
