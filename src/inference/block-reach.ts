import type { CNNectomeUNetConfig } from "#dacapo/architecture.ts";
import type { Coordinate } from "#dacapo/coordinate.ts";
import { add, filled, multiply, subtract } from "#dacapo/coordinate.ts";
import { kernelsDown, kernelsUp, outputStep, type UnetShapes, unetShapes } from "#dacapo/unet-shapes.ts";

/** Output voxels at the lower and upper end of each axis. */
export type Margins = { readonly before: Coordinate; readonly after: Coordinate };

/** First and last voxel along one axis, both included. */
type Interval = readonly [first: number, last: number];

const union = (a: Interval, b: Interval): Interval => [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
const shift = ([first, last]: Interval, by: number): Interval => [first + by, last + by];
const coarsen = ([first, last]: Interval, factor: number): Interval => [
  Math.floor(first / factor),
  Math.floor(last / factor),
];
const refine = ([first, last]: Interval, factor: number): Interval => [first * factor, last * factor + factor - 1];

/** What convolutions with these kernels look at to give `output`. */
function beforeConvolutions(output: Interval, kernels: readonly number[], padded: boolean): Interval {
  return kernels.reduceRight<Interval>(([first, last], kernel) => {
    const pad = padded ? Math.floor(kernel / 2) : 0;
    return [first - pad, last - pad + kernel - 1];
  }, output);
}

/** A network along one axis; the shapes are those of one input that it takes. */
type Line = {
  readonly padded: boolean;
  readonly down: readonly (readonly number[])[];
  readonly up: readonly (readonly number[])[];
  readonly factors: readonly number[];
  readonly upsample: readonly number[];
  readonly head: number;
  /** By level: where the cropped tensor begins in the upsampled one, and in the skip connection. */
  readonly cropAt: readonly { readonly upsampled: number; readonly skip: number }[];
};

function toLine(config: CNNectomeUNetConfig, shapes: UnetShapes, head: number, axis: number): Line {
  const along = (coordinate: Coordinate | undefined) => coordinate?.[axis] ?? 1;
  return {
    padded: config.padding === "same",
    down: kernelsDown(config).map((kernels) => kernels.map(along)),
    up: kernelsUp(config).map((kernels) => kernels.map(along)),
    factors: config.downsampleFactors.map(along),
    upsample: (config.upsampleFactors ?? []).map(along),
    head,
    cropAt: shapes.levels.flatMap(({ up, down }) => {
      if (up === undefined) return [];
      const half = (length: number) => Math.floor((length - along(up.cropped)) / 2);
      return [{ upsampled: half(along(up.upsampled)), skip: half(along(down)) }];
    }),
  };
}

/** What level `level` needs of its own input to give `output`. */
function beforeLevel(line: Line, level: number, output: Interval): Interval {
  const factor = line.factors[level];
  const down = line.down[level] ?? [];
  if (factor === undefined) return beforeConvolutions(output, down, line.padded);
  const cropped = beforeConvolutions(output, line.up[level] ?? [], line.padded);
  const at = line.cropAt[level] ?? { upsampled: 0, skip: 0 };
  const below = beforeLevel(line, level + 1, coarsen(shift(cropped, at.upsampled), factor));
  return beforeConvolutions(union(refine(below, factor), shift(cropped, at.skip)), down, line.padded);
}

/** Input voxels that the output voxel `index` looks at, were there no edge; may lie before 0. */
function fieldOf(line: Line, index: number): Interval {
  let output = beforeConvolutions([index, index], [line.head], false);
  for (const factor of line.upsample.toReversed()) {
    output = coarsen(beforeConvolutions(output, line.down.at(-1) ?? [], false), factor);
  }
  return beforeLevel(line, 0, output);
}

/**
 * Output voxels at each end of a block that see past the end of its input. In a padded network they differ from what a longer
 * block would give; found by walking every position on the coarsest grid back through the network.
 */
export function edgeMargins(config: CNNectomeUNetConfig, head: number): Margins {
  const input = add(config.inputShape, config.evalShapeIncrease ?? 0);
  const shapes = unetShapes(config, input);
  const axes = input.length;
  if (!shapes.ok) return { before: filled(axes, 0), after: filled(axes, 0) };
  const upsampling = (config.upsampleFactors ?? []).reduce<Coordinate>((a, b) => multiply(a, b), filled(axes, 1));
  const loss = subtract(multiply(input, upsampling), subtract(shapes.output, head - 1));
  const step = outputStep(config);
  const pairs = input.map((_, axis) =>
    marginsAlong(toLine(config, shapes, head, axis), step[axis] ?? 1, upsampling[axis] ?? 1, loss[axis] ?? 0),
  );
  return { before: pairs.map(([before]) => before), after: pairs.map(([, after]) => after) };
}

function marginsAlong(line: Line, step: number, upsampling: number, loss: number): readonly [number, number] {
  let [back, ahead] = [0, 0];
  for (let index = 0; index < step * upsampling; index++) {
    const [first, last] = fieldOf(line, index);
    const at = Math.floor(index / upsampling);
    back = Math.max(back, at - first);
    ahead = Math.max(ahead, last - at);
  }
  return [back * upsampling, Math.max(0, (ahead + 1) * upsampling - loss)];
}
