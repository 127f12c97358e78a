import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CNNectomeUNetConfig, toArchitectureConfig } from "./architecture.ts";
import { evalContext, modelShapes, outputVoxelSize } from "./model.ts";
import { toTaskConfig } from "./task.ts";
import { outputStep, receptiveField, unetShapes } from "./unet-shapes.ts";

type Options = { factors: number[][]; padding?: string; extra?: number[][]; kernels?: number[][]; dims?: number };

function unet(
  input: number[],
  { factors, padding = "valid", extra, kernels, ...rest }: Options & Record<string, unknown>,
): CNNectomeUNetConfig {
  const levels = <T>(value: T | undefined, count: number) => value && Array.from({ length: count }, () => value);
  const { config } = toArchitectureConfig({
    __type__: "CNNectomeUNetConfig",
    name: "unet",
    _input_shape: input,
    fmaps_in: 1,
    fmaps_out: 12,
    num_fmaps: 8,
    fmap_inc_factor: 2,
    downsample_factors: factors,
    kernel_size_down: levels(kernels, factors.length + 1) ?? null,
    kernel_size_up: levels(kernels, factors.length) ?? null,
    upsample_factors: extra ?? null,
    padding,
    ...rest,
  });
  if (config.type !== "CNNectomeUNetConfig") throw new Error("not a U-Net");
  return config;
}

const cube = (side: number) => [side, side, side];
const outputOf = (config: CNNectomeUNetConfig) => {
  const shapes = unetShapes(config, config.inputShape);
  return shapes.ok ? shapes.output : shapes.problem;
};

const MIXED = [cube(2), cube(3), cube(3)];
const THREE_TWOS = [cube(2), cube(2), cube(2)];
const FLAT = {
  factors: [
    [1, 4, 4],
    [1, 4, 4],
  ],
  kernels: [
    [1, 3, 3],
    [1, 3, 3],
  ],
};

describe("U-Net shapes, measured on DaCapo's module", () => {
  test.each([
    [cube(216), { factors: MIXED }, cube(36)],
    [cube(288), { factors: MIXED }, cube(108)],
    [cube(216), { factors: MIXED, extra: [cube(2)] }, cube(68)],
    [cube(288), { factors: MIXED, extra: [cube(2)] }, cube(212)],
    [cube(188), { factors: THREE_TWOS }, cube(96)],
    [cube(260), { factors: THREE_TWOS }, cube(168)],
    [cube(132), { factors: THREE_TWOS }, cube(40)],
    [cube(100), { factors: THREE_TWOS }, cube(8)],
    [[2, 132, 132], FLAT, [2, 16, 16]],
    [[10, 164, 164], FLAT, [10, 48, 48]],
    [[2, 196, 196], FLAT, [2, 80, 80]],
    [[10, 228, 228], FLAT, [10, 112, 112]],
    [cube(8), { factors: [] }, cube(4)],
    [cube(32), { factors: [] }, cube(28)],
    [cube(64), { factors: THREE_TWOS, padding: "same" }, cube(60)],
    [cube(16), { factors: THREE_TWOS, padding: "same" }, cube(12)],
    [cube(32), { factors: [cube(2), cube(2)], padding: "same" }, cube(32)],
  ])("%j with %j gives %j", (input, options, output) => {
    expect(outputOf(unet(input, options))).toEqual(output);
  });

  test("an input that is too small is said to be", () => {
    const shapes = unetShapes(unet(cube(92), { factors: THREE_TWOS }), cube(92));
    expect(shapes).toMatchObject({ ok: false });
    expect(!shapes.ok && shapes.problem).toContain("take a larger one");
  });

  test("an input that cannot be divided is said so, with the level", () => {
    expect(unetShapes(unet(cube(101), { factors: THREE_TWOS }), cube(101))).toMatchObject({
      ok: false,
      level: 0,
      problem: "The 97 x 97 x 97 voxels at level 0 cannot be divided by 2 x 2 x 2.",
    });
  });

  test("channels multiply on the way down and end as fmaps_out, or as num_fmaps without levels", () => {
    const shapes = unetShapes(unet(cube(132), { factors: THREE_TWOS }), cube(132));
    expect(shapes.ok && shapes.levels.map((level) => level.channels)).toEqual([8, 16, 32, 64]);
    expect(shapes.ok && shapes.channels).toBe(12);
    const flat = unetShapes(unet(cube(32), { factors: [] }), cube(32));
    expect(flat.ok && flat.channels).toBe(8);
  });

  test("levels carry what goes in, over and up", () => {
    const shapes = unetShapes(unet(cube(132), { factors: THREE_TWOS }), cube(132));
    expect(shapes.ok && shapes.levels[0]).toEqual({
      level: 0,
      channels: 8,
      input: cube(132),
      down: cube(128),
      up: { upsampled: cube(48), cropped: cube(44), channels: 12, output: cube(40) },
    });
    expect(shapes.ok && shapes.levels[3]).toEqual({ level: 3, channels: 64, input: cube(13), down: cube(9) });
    expect(shapes.ok && shapes.levels[3]?.up).toBeUndefined();
  });

  test("with valid padding every output is a multiple of the product of the factors", () => {
    const config = unet(cube(132), { factors: THREE_TWOS });
    expect(outputStep(config)).toEqual(cube(8));
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 400 }), (side) => {
        const shapes = unetShapes(config, cube(side));
        if (shapes.ok) expect(shapes.output.every((length) => length % 8 === 0 && length > 0)).toBe(true);
      }),
    );
  });

  test("configs that contradict themselves are refused and never hang", () => {
    const broken = [
      unet(cube(64), { factors: [[2, 2]] }),
      unet(cube(64), { factors: [cube(0)] }),
      unet([], { factors: [cube(2)] }),
      unet(cube(64), { factors: THREE_TWOS, kernel_size_down: [[cube(3)]] }),
      unet(cube(64), { factors: Array.from({ length: 5000 }, () => cube(1)), padding: "same" }),
      unet([Number.NaN, 64, 64], { factors: THREE_TWOS }),
    ];
    for (const config of broken) expect(unetShapes(config, config.inputShape).ok).toBe(false);
  });

  test("any config gives an output or a sentence", () => {
    const sizes = fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.nat(80), { maxLength: 4 }),
        fc.array(sizes, { maxLength: 4 }),
        fc.array(fc.array(sizes)),
        (input, factors, kernels) => {
          const config = unet(input, { factors, kernel_size_down: kernels });
          const shapes = unetShapes(config, input);
          expect(shapes.ok ? shapes.output.every((length) => length > 0) : shapes.problem.length > 0).toBe(true);
        },
      ),
    );
  });

  test("the receptive field is what the passes and factors add up to", () => {
    expect(receptiveField(unet(cube(8), { factors: [] }))).toEqual(cube(5));
    expect(receptiveField(unet(cube(216), { factors: MIXED }))).toEqual(cube(162));
    expect(receptiveField(unet([2, 132, 132], FLAT))[0]).toBe(1);
  });
});

describe("a model's shapes", () => {
  test("validation adds the eval increase, and context is half of what input has more, in world units", () => {
    const config = unet([2, 132, 132], { ...FLAT, _eval_shape_increase: [8, 32, 32] });
    const shapes = modelShapes(config);
    expect(shapes).toMatchObject({
      outputShape: [2, 16, 16],
      evalInputShape: [10, 164, 164],
      evalOutputShape: [10, 48, 48],
    });
    expect(shapes.ok && evalContext(shapes, [40, 4, 4])).toEqual([0, 232, 232]);
  });

  test("a one-hot head of 3 takes two voxels off each axis", () => {
    const { config: task } = toTaskConfig({
      __type__: "OneHotTaskConfig",
      name: "t",
      classes: ["a", "b"],
      kernel_size: null,
    });
    expect(modelShapes(unet(cube(132), { factors: THREE_TWOS }), task)).toMatchObject({
      outputShape: cube(38),
      outputChannels: 2,
    });
  });

  test("extra upsampling divides the voxel size in whole numbers", () => {
    const config = unet(cube(216), { factors: MIXED, extra: [[1, 2, 2]] });
    expect(outputVoxelSize(config, [45, 9, 9])).toEqual([45, 4, 4]);
    const { config: wrapped } = toArchitectureConfig({
      __type__: "WrappedArchitectureConfig",
      name: "w",
      _module: "m",
      fmaps_in: 1,
      fmaps_out: 1,
      _input_shape: cube(8),
      _scale: cube(2),
    });
    expect(outputVoxelSize(wrapped, [8, 8, 8])).toEqual([4, 4, 4]);
    expect(modelShapes(wrapped)).toMatchObject({ ok: false });
  });

  test("the dummy network has a fixed input and one convolution", () => {
    const { config } = toArchitectureConfig({
      __type__: "DummyArchitectureConfig",
      name: "d",
      _num_in_channels: 1,
      _num_out_channels: 2,
    });
    expect(modelShapes(config)).toMatchObject({ inputShape: [40, 20, 20], outputShape: [38, 18, 18] });
  });
});
