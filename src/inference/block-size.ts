import type { Coordinate } from "#dacapo/coordinate.ts";
import { divide, product, subtract } from "#dacapo/coordinate.ts";
import { accepts, type BlockGeometry, outputFor, outputStepOf, smallestInput } from "./block-geometry.ts";

/** What a device and a person's patience allow one block. */
export type BlockLimits = {
  /** Of one run, without the weights. */
  readonly memoryBytes: number;
  /** Of a single tensor: a device's largest storage binding. */
  readonly tensorBytes: number;
  /** Blocks grow no further than this, so that one ends soon enough to be overtaken by another that matters more. */
  readonly inputVoxels: number;
};

/**
 * "dacapo": the blocks of DaCapo's own validation, side by side: gives what the cluster stores, seams of a padded network included.
 * "seamless": what one block over the whole volume would give.
 */
export type Tiling = "dacapo" | "seamless";

export type BlockSize = {
  /** Of the network. */
  readonly inputShape: Coordinate;
  readonly outputShape: Coordinate;
  /** What is taken of the output: all of it, but for the margins of a padded network. */
  readonly usableShape: Coordinate;
};

export type SizeProblem = { readonly ok: false; readonly problem: string };

/**
 * The size of the blocks that cover `regionShape` output voxels: the cheapest per output voxel among those that fit the limits.
 * The fixed block of DaCapo's tiling either fits or does not.
 */
export function planBlockSize(
  geometry: BlockGeometry,
  regionShape: Coordinate,
  limits: BlockLimits,
  tiling: Tiling,
): ({ readonly ok: true } & BlockSize) | SizeProblem {
  if (tiling === "dacapo") return planFixed(geometry, limits);
  if (geometry.edges === "global") {
    return fail("This network looks at whole blocks (attention), so only DaCapo's own blocks give what DaCapo gives.");
  }
  const whole = wholeSize(geometry, regionShape);
  let size = leastSize(geometry, regionShape);
  if (!isUsable(size) || !accepts(geometry, size.inputShape)) return planFixed(geometry, limits);
  if (!isHeld(geometry, size, limits)) return fail(tooLarge(geometry, size, limits));
  for (let next = bestGrowth(geometry, size, whole, limits); next; next = bestGrowth(geometry, size, whole, limits)) {
    size = next;
  }
  return { ok: true, ...balance(geometry, size, whole, regionShape) };
}

function fail(problem: string): SizeProblem {
  return { ok: false, problem };
}

function planFixed(geometry: BlockGeometry, limits: BlockLimits): ({ readonly ok: true } & BlockSize) | SizeProblem {
  const { evalInputShape, evalOutputShape } = geometry;
  const size = { inputShape: evalInputShape, outputShape: evalOutputShape, usableShape: evalOutputShape };
  return isHeld(geometry, size, limits) ? { ok: true, ...size } : fail(tooLarge(geometry, size, limits));
}

/** One block over the whole region, overhanging it by less than a step. */
export function wholeSize(geometry: BlockGeometry, regionShape: Coordinate): BlockSize {
  const smallest = smallestInput(geometry);
  const least = outputFor(geometry, smallest);
  const steps = divide(subtract(regionShape, least), outputStepOf(geometry)).map((n) => Math.max(0, Math.ceil(n)));
  const inputShape = smallest.map((length, axis) => length + (steps[axis] ?? 0) * (geometry.step[axis] ?? 1));
  const outputShape = outputFor(geometry, inputShape);
  return { inputShape, outputShape, usableShape: outputShape };
}

/** The smallest block that is of use in a region. */
export function leastSize(geometry: BlockGeometry, regionShape: Coordinate): BlockSize {
  const whole = wholeSize(geometry, regionShape);
  return toSize(geometry, leastInput(geometry, whole.inputShape), whole);
}

// The shortest block that still gives a step of output between its margins; along an axis that is shorter, the whole.
function leastInput(geometry: BlockGeometry, whole: Coordinate): Coordinate {
  const { before, after } = geometry.margins;
  const step = outputStepOf(geometry);
  return smallestInput(geometry).map((length, axis) => {
    const by = step[axis] ?? 1;
    const margins = roundUp(before[axis] ?? 0, by) + (after[axis] ?? 0);
    const output = outputFor(geometry, smallestInput(geometry))[axis] ?? 0;
    const missing = Math.max(0, Math.ceil((margins + by - output) / by));
    return Math.min(length + missing * (geometry.step[axis] ?? 1), whole[axis] ?? length);
  });
}

export function roundUp(length: number, step: number): number {
  return Math.ceil(length / step) * step;
}

function toSize(geometry: BlockGeometry, inputShape: Coordinate, whole: BlockSize): BlockSize {
  const outputShape = outputFor(geometry, inputShape);
  const { before, after } = geometry.margins;
  const step = outputStepOf(geometry);
  const usableShape = outputShape.map((length, axis) => {
    if (inputShape[axis] === whole.inputShape[axis]) return length;
    const by = step[axis] ?? 1;
    const usable = length - roundUp(before[axis] ?? 0, by) - (after[axis] ?? 0);
    return Math.floor(usable / by) * by;
  });
  return { inputShape, outputShape, usableShape };
}

const isUsable = (size: BlockSize) => size.usableShape.every((length) => length > 0);

function isHeld(geometry: BlockGeometry, { inputShape }: BlockSize, limits: BlockLimits): boolean {
  const { widestBytes, peakBytes } = geometry.costOf(inputShape);
  return widestBytes <= limits.tensorBytes && peakBytes <= limits.memoryBytes;
}

/** One step more along the axis where that saves most. */
function bestGrowth(
  geometry: BlockGeometry,
  size: BlockSize,
  whole: BlockSize,
  limits: BlockLimits,
): BlockSize | undefined {
  const grown = size.inputShape.flatMap((length, axis) => {
    const longer = length + (geometry.step[axis] ?? 1);
    if (longer > (whole.inputShape[axis] ?? 0)) return [];
    const inputShape = size.inputShape.map((own, i) => (i === axis ? longer : own));
    const next = toSize(geometry, inputShape, whole);
    const grows = product(inputShape) <= limits.inputVoxels && accepts(geometry, inputShape);
    return grows && isHeld(geometry, next, limits) ? [next] : [];
  });
  const price = (of: BlockSize) => product(of.inputShape) / product(of.usableShape);
  return grown.sort((a, b) => price(a) - price(b))[0];
}

/** Shorter along each axis as long as that takes no more blocks: the last one would only overhang. */
function balance(geometry: BlockGeometry, size: BlockSize, whole: BlockSize, regionShape: Coordinate): BlockSize {
  const blocks = (of: BlockSize, axis: number) => Math.ceil((regionShape[axis] ?? 0) / (of.usableShape[axis] ?? 1));
  let balanced = size;
  for (const axis of regionShape.keys()) {
    const shorten = (from: BlockSize) => withStepsFewer(geometry, from, whole, axis);
    for (let next = shorten(balanced); next && blocks(next, axis) === blocks(size, axis); next = shorten(next)) {
      balanced = next;
    }
  }
  return balanced;
}

function withStepsFewer(
  geometry: BlockGeometry,
  size: BlockSize,
  whole: BlockSize,
  axis: number,
): BlockSize | undefined {
  const inputShape = size.inputShape.map((length, i) => (i === axis ? length - (geometry.step[i] ?? 1) : length));
  if (inputShape.some((length) => length < 1) || !accepts(geometry, inputShape)) return undefined;
  const next = toSize(geometry, inputShape, whole);
  return isUsable(next) ? next : undefined;
}

function tooLarge(geometry: BlockGeometry, { inputShape }: BlockSize, limits: BlockLimits): string {
  const { widestBytes, peakBytes } = geometry.costOf(inputShape);
  const text = inputShape.join(" x ");
  if (widestBytes > limits.tensorBytes) {
    return `A block of ${text} voxels needs a tensor of ${mib(widestBytes)} MiB, and this device holds ${mib(limits.tensorBytes)}.`;
  }
  return `A block of ${text} voxels needs ${mib(peakBytes)} MiB of memory, and ${mib(limits.memoryBytes)} are allowed.`;
}

const mib = (bytes: number) => Math.ceil(bytes / 2 ** 20);
