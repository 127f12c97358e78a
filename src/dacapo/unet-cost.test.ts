import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { toArchitectureConfig } from "./architecture.ts";
import { toTaskConfig } from "./task.ts";
import { parameterCount, unetCost } from "./unet-cost.ts";
import { receptiveField } from "./unet-shapes.ts";

// Made with PyTorch by scripts/write-network-goldens.py.
const goldens = "src/inference/fixtures/networks";
const names = readdirSync(goldens).filter((name) => name.endsWith(".json"));

type Golden = { readonly architecture: unknown; readonly task: unknown; readonly parameterCount: number };

function unet(part: Readonly<Record<string, unknown>>) {
  const { config } = toArchitectureConfig({
    __type__: "CNNectomeUNetConfig",
    name: "unet",
    ...{ _input_shape: [16, 16, 16], fmaps_in: 1, fmaps_out: 4, num_fmaps: 4, fmap_inc_factor: 2 },
    downsample_factors: [[2, 2, 2]],
    ...part,
  });
  if (config.type !== "CNNectomeUNetConfig") throw new Error("not a U-Net");
  return config;
}

describe("what a network costs", () => {
  test.each(names)("%s has as many parameters as PyTorch counts", (name) => {
    const golden = JSON.parse(readFileSync(`${goldens}/${name}`, "utf8")) as Golden;
    const { config: architecture } = toArchitectureConfig(golden.architecture);
    expect(parameterCount(architecture, toTaskConfig(golden.task).config)).toBe(golden.parameterCount);
  });

  test("a value depends on more of the input with every level", () => {
    const cost = unetCost(unet({}), [40, 40, 40]);
    if (!cost.ok) throw new Error(cost.problem);
    // two convolutions of 3: 5; pooled by 2: 6; two more, each of two voxels: 14
    expect(cost.levels.map((level) => level.receptiveField)).toEqual([
      [5, 5, 5],
      [14, 14, 14],
    ]);
    expect(receptiveField(unet({}))[0]).toBeGreaterThan(14);
  });

  test("its memory is what its layers put out", () => {
    const cost = unetCost(unet({ padding: "same" }), [16, 16, 16]);
    if (!cost.ok) throw new Error(cost.problem);
    const [top, bottom] = [16 ** 3, 8 ** 3];
    expect(cost.levels.map((level) => level.activationBytes)).toEqual([
      4 * top * (4 + 4 + 8 + 4 + 4), // twice down, upsampled with the channels from below, twice up
      4 * bottom * (8 + 8),
    ]);
  });

  test("is not told where the network's own code decides", () => {
    const { config } = toArchitectureConfig({ __type__: "ModelZooConfig", name: "zoo", model_id: "affable-shark" });
    const { config: task } = toTaskConfig({
      __type__: "DummyTaskConfig",
      name: "d",
      embedding_dims: 1,
      detection_threshold: 0,
    });
    expect(parameterCount(config, task)).toBeUndefined();
    expect(parameterCount(unet({}), undefined)).toBeUndefined();
  });
});
