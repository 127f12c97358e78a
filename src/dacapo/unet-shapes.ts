import type { CNNectomeUNetConfig } from "./architecture.ts";
import type { Coordinate } from "./coordinate.ts";
import { add, divide, equals, filled, multiply, subtract } from "./coordinate.ts";

/** Shapes in voxels of one level, level 0 at full resolution. The bottom level has no way up. */
export type UnetLevel = {
  readonly level: number;
  readonly channels: number;
  readonly input: Coordinate;
  /** After the convolutions on the way down: what the skip connection carries. */
  readonly down: Coordinate;
  readonly up?: UnetUpPass;
};
export type UnetUpPass = {
  readonly upsampled: Coordinate;
  /** After the crop that makes the output a multiple of the remaining factors. */
  readonly cropped: Coordinate;
  readonly channels: number;
  readonly output: Coordinate;
};

export type UnetShapes = {
  readonly ok: true;
  readonly levels: readonly UnetLevel[];
  /** Before the extra upsampling. */
  readonly unetOutput: Coordinate;
  /** Before the task's head. */
  readonly output: Coordinate;
  readonly channels: number;
};
/** `level` counts from the top. */
export type ShapeProblem = { readonly ok: false; readonly problem: string; readonly level: number };

type Kernels = readonly Coordinate[];

/** Per level the kernels of its convolutions, with DaCapo's default of two 3s. */
export function kernelsDown(config: CNNectomeUNetConfig): readonly Kernels[] {
  return config.kernelSizeDown ?? defaultKernels(config, config.downsampleFactors.length + 1);
}

export function kernelsUp(config: CNNectomeUNetConfig): readonly Kernels[] {
  return config.kernelSizeUp ?? defaultKernels(config, config.downsampleFactors.length);
}

function defaultKernels(config: CNNectomeUNetConfig, levels: number): readonly Kernels[] {
  const three = filled(config.inputShape.length, 3);
  return Array.from({ length: levels }, () => [three, three]);
}

/** What a pass takes off each axis when it is not padded. */
function shrinkage(kernels: Kernels, axes: number): Coordinate {
  return kernels.reduce<Coordinate>((total, kernel) => add(total, subtract(kernel, 1)), filled(axes, 0));
}

/** After one pass of convolutions; "same" pads each by half its kernel. */
export function convolve(shape: Coordinate, kernels: Kernels, padding: string): Coordinate {
  const shrunk = subtract(shape, shrinkage(kernels, shape.length));
  if (padding !== "same") return shrunk;
  return kernels.reduce<Coordinate>((grown, kernel) => add(grown, multiply(kernel.map(halfOf), 2)), shrunk);
}

const halfOf = (length: number) => Math.floor(length / 2);
const isPositive = (shape: Coordinate) => shape.every((length) => length > 0);
const text = (shape: Coordinate) => shape.join(" x ");

function fail(level: number, problem: string): ShapeProblem {
  return { ok: false, problem, level };
}

function tooSmall(level: number, shape: Coordinate): ShapeProblem {
  return fail(level, `An input this small leaves ${text(shape)} voxels at level ${level}; take a larger one.`);
}

type DownPass = { readonly ok: true; readonly levels: readonly UnetLevel[] } | ShapeProblem;

function walkDown(config: CNNectomeUNetConfig, inputShape: Coordinate): DownPass {
  const levels: UnetLevel[] = [];
  let input = inputShape;
  for (const [level, kernels] of kernelsDown(config).entries()) {
    const down = convolve(input, kernels, config.padding);
    if (!isPositive(down)) return tooSmall(level, down);
    levels.push({ level, channels: config.numFmaps * config.fmapIncFactor ** level, input, down });
    const factor = config.downsampleFactors[level];
    if (!factor) break;
    input = divide(down, factor);
    if (!input.every(Number.isInteger)) {
      return fail(level, `The ${text(down)} voxels at level ${level} cannot be divided by ${text(factor)}.`);
    }
  }
  return { ok: true, levels };
}

// Product of the factors from this level downwards.
function cropFactor(config: CNNectomeUNetConfig, level: number): Coordinate {
  const factors = config.downsampleFactors.slice(level);
  return factors.reduce<Coordinate>((total, factor) => multiply(total, factor), filled(config.inputShape.length, 1));
}

function cropToFactor(shape: Coordinate, factor: Coordinate, shrink: Coordinate): Coordinate {
  const steps = divide(subtract(shape, shrink), factor).map(Math.floor);
  return add(multiply(steps, factor), shrink);
}

type UpPass = ({ readonly ok: true } & UnetUpPass) | ShapeProblem;

function passUp(config: CNNectomeUNetConfig, at: UnetLevel, below: Coordinate): UpPass {
  const { level } = at;
  const kernels = kernelsUp(config)[level] ?? [];
  const shrink = shrinkage(kernels, below.length);
  const upsampled = multiply(below, config.downsampleFactors[level] ?? 1);
  const cropped = cropToFactor(upsampled, cropFactor(config, level), shrink);
  const output = convolve(cropped, kernels, config.padding);
  const fits = equals(cropped, upsampled) || subtract(cropped, shrink).every((rest) => rest > 0);
  if (!fits || !isPositive(output)) return tooSmall(level, upsampled);
  if (subtract(at.down, cropped).some((rest) => rest < 0)) {
    return fail(level, `The skip connection at level ${level} (${text(at.down)}) is smaller than ${text(cropped)}.`);
  }
  const channels = level === 0 ? config.fmapsOut : at.channels;
  return { ok: true, upsampled, cropped, channels, output };
}

// Deeper than any input could be halved.
const MAX_LEVELS = 32;

function findMismatch(config: CNNectomeUNetConfig, inputShape: Coordinate): string | undefined {
  const { downsampleFactors } = config;
  const passes = [...kernelsDown(config), ...kernelsUp(config)];
  const perAxis = [inputShape, ...downsampleFactors, ...(config.upsampleFactors ?? []), ...passes.flat()];
  if (downsampleFactors.length >= MAX_LEVELS) return `The network has more than ${MAX_LEVELS} levels.`;
  if (kernelsDown(config).length !== downsampleFactors.length + 1)
    return "The network needs kernels for each level down.";
  if (kernelsUp(config).length < downsampleFactors.length) return "The network needs kernels for each level up.";
  const fits = perAxis.every((sizes) => sizes.length === inputShape.length && sizes.every(isWhole));
  return fits ? undefined : "Input shape, factors and kernels must be positive whole numbers for the same axes.";
}

const isWhole = (size: number) => Number.isInteger(size) && size > 0;

/** Shapes of a U-Net for one input, before the task's head, or why that input does not work. Voxels throughout. */
export function unetShapes(config: CNNectomeUNetConfig, inputShape: Coordinate): UnetShapes | ShapeProblem {
  const mismatch = findMismatch(config, inputShape);
  if (mismatch) return fail(0, mismatch);
  const pass = walkDown(config, inputShape);
  if (!pass.ok) return pass;
  const levels = [...pass.levels];
  let output = levels.at(-1)?.down ?? inputShape;
  for (const at of pass.levels.slice(0, -1).toReversed()) {
    const up = passUp(config, at, output);
    if (!up.ok) return up;
    const { ok: _, ...shapes } = up;
    levels[at.level] = { ...at, up: shapes };
    output = up.output;
  }
  return upsampleFurther(config, levels, output);
}

// The passes after the U-Net are never padded, and use the kernels of the lowest level.
function upsampleFurther(
  config: CNNectomeUNetConfig,
  levels: readonly UnetLevel[],
  unetOutput: Coordinate,
): UnetShapes | ShapeProblem {
  const kernels = kernelsDown(config).at(-1) ?? [];
  let output = unetOutput;
  for (const factor of config.upsampleFactors ?? []) {
    output = convolve(multiply(output, factor), kernels, "valid");
    if (!isPositive(output)) return tooSmall(0, output);
  }
  const channels = levels.length > 1 ? config.fmapsOut : config.numFmaps;
  return { ok: true, levels, unetOutput, output, channels };
}

/** Voxel size of the output: divided by each upsample factor, as DaCapo does in whole numbers. */
export function scaleVoxelSize(config: CNNectomeUNetConfig, voxelSize: Coordinate): Coordinate {
  return (config.upsampleFactors ?? []).reduce<Coordinate>(
    (size, factor) => divide(size, factor).map(Math.floor),
    voxelSize,
  );
}

/** Product of all factors: with valid padding the output (before extra upsampling) is a multiple of it. */
export function outputStep(config: CNNectomeUNetConfig): Coordinate {
  return cropFactor(config, 0);
}

/**
 * How many input voxels per axis can influence one output voxel of the U-Net (before extra upsampling), for the worst
 * position of that voxel on the coarser grids.
 */
export function receptiveField(config: CNNectomeUNetConfig): Coordinate {
  return filled(config.inputShape.length, 0).map((_, axis) => fieldAlong(config, axis));
}

// From the output back to the bottom through the up passes, then up again to the input through the down passes.
function fieldAlong(config: CNNectomeUNetConfig, axis: number): number {
  const factors = config.downsampleFactors.map((factor) => factor[axis] ?? 1);
  const [down, up] = [kernelsDown(config), kernelsUp(config)];
  let need = 1;
  for (const [level, factor] of factors.entries()) need = Math.ceil((need + lossOf(up[level], axis) - 1) / factor) + 1;
  need += lossOf(down[factors.length], axis);
  for (const [level, factor] of [...factors.entries()].toReversed()) need = need * factor + lossOf(down[level], axis);
  return need;
}

function lossOf(kernels: Kernels | undefined, axis: number): number {
  return (kernels ?? []).reduce((total, kernel) => total + (kernel[axis] ?? 1) - 1, 0);
}
