import type { CNNectomeUNetConfig } from "#dacapo/architecture.ts";
import type { Coordinate } from "#dacapo/coordinate.ts";
import { product } from "#dacapo/coordinate.ts";
import { kernelsDown, kernelsUp, type UnetLevel, type UnetUpPass, unetShapes } from "#dacapo/unet-shapes.ts";

/** Bytes at f32 of one run, without the weights. */
export type BlockCost = {
  /** The largest single tensor: what a storage buffer must hold. */
  readonly widestBytes: number;
  /** The most that is alive at once. */
  readonly peakBytes: number;
};

const FLOAT_BYTES = 4;

/** Tensors in elements: those that one operator holds at once, beside the skip connections that wait. */
type Moment = readonly number[];

/**
 * An upper bound: every convolution holds its input, what its lowering makes of that (slices of the kernel's depth, or rows and their
 * values at Winograd's points) and its output; every pass up the tensor before and after the crop and the concatenation; the skip
 * connections wait meanwhile.
 */
export function unetCost(config: CNNectomeUNetConfig, inputShape: Coordinate, outputChannels: number): BlockCost {
  const shapes = unetShapes(config, inputShape);
  if (!shapes.ok) return { widestBytes: Number.POSITIVE_INFINITY, peakBytes: Number.POSITIVE_INFINITY };
  const { levels } = shapes;
  const skips = levels.slice(0, -1).map(({ channels, down }) => channels * product(down));
  const before = (level: number) => skips.slice(0, level).reduce((sum, skip) => sum + skip, 0);
  const moments: (readonly [waiting: number, moment: Moment])[] = [];
  for (const at of levels) {
    moments.push([before(at.level), downMoment(config, levels, at)]);
    if (at.up) moments.push([before(at.level + 1), upMoment(config, levels, at, at.up)]);
  }
  moments.push([0, headMoment(config, shapes.unetOutput, shapes.output, shapes.channels, outputChannels)]);
  const peak = Math.max(...moments.map(([waiting, moment]) => waiting + moment.reduce((a, b) => a + b, 0)));
  return {
    widestBytes: FLOAT_BYTES * Math.max(...moments.map(([, moment]) => Math.max(...moment))),
    peakBytes: FLOAT_BYTES * peak,
  };
}

/** By Winograd: rows padded, cut into tiles of four that overlap by two, and as many values at points. */
const WINOGRAD_COPIES = 4;

/** What a lowering holds besides a convolution's input: slices of the kernel's depth, joined, and what more Winograd's rows take. */
function copiesOf(kernels: readonly Coordinate[] | undefined, input: number): Moment {
  const depth = Math.max(1, ...(kernels ?? []).map((kernel) => kernel.at(-3) ?? 1));
  const isCut = kernels?.some((kernel) => kernel.at(-2) === 3);
  return [input * depth, input * (isCut ? Math.max(0, WINOGRAD_COPIES - depth) : 0)];
}

function downMoment(config: CNNectomeUNetConfig, levels: readonly UnetLevel[], at: UnetLevel): Moment {
  const volume = product(at.input);
  const above = levels[at.level - 1]?.channels ?? config.fmapsIn;
  const wide = volume * Math.max(above, at.channels);
  return [wide, ...copiesOf(kernelsDown(config)[at.level], wide), volume * at.channels];
}

function upMoment(config: CNNectomeUNetConfig, levels: readonly UnetLevel[], at: UnetLevel, up: UnetUpPass): Moment {
  const below = levels[at.level + 1]?.channels ?? 0;
  const upsampled = product(up.upsampled) * (at.level === 0 ? below : at.channels);
  const joined = product(up.cropped) * (at.channels + (at.level === 0 ? below : at.channels));
  return [upsampled, joined, ...copiesOf(kernelsUp(config)[at.level], joined), product(up.cropped) * up.channels];
}

function headMoment(
  config: CNNectomeUNetConfig,
  unetOutput: Coordinate,
  output: Coordinate,
  channels: number,
  outputChannels: number,
): Moment {
  const factors = config.upsampleFactors ?? [];
  const upsampled = factors.reduce((total, factor) => total * product(factor), product(unetOutput)) * channels;
  const kernels = factors.length > 0 ? kernelsDown(config).at(-1) : undefined;
  return [upsampled, ...copiesOf(kernels, upsampled), product(output) * Math.max(channels, outputChannels)];
}
