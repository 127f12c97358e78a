import { product } from "#dacapo/coordinate.ts";
import { EvaluationError } from "./errors.ts";
import { createMutexClusters } from "./mutex-clusters.ts";
import { sortByValue } from "./sort-by-value.ts";

/** `[channel, …space]` in C order; `shape` is that of the space, `offsets` has one of as many axes for each channel, in voxels. */
export type Affinities = {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly offsets: readonly (readonly number[])[];
};

export type MutexWatershed = {
  /**
   * A label for each voxel: the index of one voxel of its segment, 0 for background. As with DaCapo a segment that is voxel 0
   * alone has label 0 and cannot be told from background. `onProgress` is told now and then which part of the work is done.
   */
  toLabels(bias: number, onProgress?: (part: number) => void): Uint32Array<ArrayBuffer>;
};

/** Sorting takes 16 bytes each. */
const maxAffinities = 2 ** 26;
const progressEvery = 2 ** 20;

/**
 * DaCapo's mutex watershed (dacapo-format 5). What comes before what hangs on the bias only where attraction meets repulsion: one
 * sort does for all biases. Channels beyond the offsets, such as local shape descriptors, are left alone.
 * @throws EvaluationError for too many affinities, too few channels, offsets of other dimensions, and NaN
 */
export function createMutexWatershed(affinities: Affinities): MutexWatershed {
  checkAffinities({ ...affinities, channels: affinities.data.length / product(affinities.shape) });
  const edges = sortByValue(affinities.data, toEdges(affinities));
  return { toLabels: (bias, onProgress) => toLabels(affinities, edges, bias, onProgress ?? (() => undefined)) };
}

type Sizes = Omit<Affinities, "data"> & { readonly channels: number };

/** @throws EvaluationError for too many affinities, too few channels and offsets of other dimensions */
export function checkAffinities({ channels, shape, offsets }: Sizes): void {
  const found = `the prediction has ${channels} channels of ${shape.join(" × ")} voxels`;
  const unlike = offsets.find((offset) => offset.length !== shape.length || !offset.every(Number.isInteger));
  if (unlike !== undefined)
    throw wrong(
      `The offset (${unlike.join(", ")}) of the task is not in whole voxels of ${shape.length} axes, but ${found}.`,
    );
  if (offsets.length > channels)
    throw wrong(`A watershed with ${offsets.length} offsets needs a channel for each, but ${found}.`);
  if (offsets.length * product(shape) <= maxAffinities) return;
  const message = `A watershed of more than ${maxAffinities} affinities is too large for a browser, and ${found}: try a smaller dataset.`;
  throw new EvaluationError("too-large", "affinities", message);
}

const wrong = (message: string): EvaluationError => new EvaluationError("affinities", "affinities", message);

/** Positions in the prediction of all affinities whose two voxels lie inside the volume. */
function toEdges({ data, shape, offsets }: Affinities): Uint32Array<ArrayBuffer> {
  const inside = offsets.map((offset) =>
    product(shape.map((length, axis) => Math.max(0, length - Math.abs(offset[axis] ?? 0)))),
  );
  const edges = new Uint32Array(inside.reduce((sum, count) => sum + count, 0));
  let count = 0;
  offsets.forEach((offset, channel) => {
    eachRun(shape, offset, channel, (begin, end) => {
      for (let edge = begin; edge < end; edge += 1) {
        if (Number.isNaN(data[edge])) throw notANumber(channel);
        edges[count] = edge;
        count += 1;
      }
    });
  });
  return edges;
}

/** The parts of rows along the last axis of which both voxels lie inside; `before` counts the rows so far. */
function eachRun(
  shape: readonly number[],
  offset: readonly number[],
  before: number,
  use: (begin: number, end: number) => void,
  axis = 0,
): void {
  const length = shape[axis] ?? 1;
  const step = offset[axis] ?? 0;
  const begin = before * length + Math.max(0, -step);
  const end = before * length + Math.min(length, length - step);
  if (axis >= shape.length - 1) use(begin, Math.max(begin, end));
  else for (let row = begin; row < end; row += 1) eachRun(shape, offset, row, use, axis + 1);
}

function notANumber(channel: number): EvaluationError {
  return wrong(
    `Channel ${channel} of the prediction has values that are not numbers (NaN), so no watershed can be made of it.`,
  );
}

function toLabels(
  { data, shape, offsets }: Affinities,
  edges: Uint32Array,
  bias: number,
  onProgress: (part: number) => void,
): Uint32Array<ArrayBuffer> {
  const voxels = product(shape);
  const strides = Int32Array.from(offsets, (offset) => toStride(offset, shape));
  const attraction = countUpTo(bias, data, edges);
  const foreground = toForeground(edges.subarray(attraction), voxels, strides);
  const clusters = createMutexClusters(voxels);

  function consider(edge: number, attracts: boolean): void {
    const channel = Math.floor(edge / voxels);
    const a = edge - channel * voxels;
    const b = a + (strides[channel] ?? 0);
    if (!attracts && (foreground[a] === 0 || foreground[b] === 0)) return;
    const first = clusters.find(a);
    const second = clusters.find(b);
    if (first === second) return;
    if (attracts) clusters.merge(first, second);
    else clusters.exclude(first, second);
  }

  // attraction is strongest at the end, repulsion at the beginning; after the last attraction nothing changes
  let [low, high] = [0, edges.length - 1];
  for (let done = 1; high >= attraction; done += 1) {
    const attracts = low >= attraction || (data[edges[high] ?? 0] ?? 0) - bias >= bias - (data[edges[low] ?? 0] ?? 0);
    consider(edges[attracts ? high : low] ?? 0, attracts);
    if (attracts) high -= 1;
    else low += 1;
    if (done % progressEvery === 0) onProgress(done / edges.length);
  }
  const labels = new Uint32Array(voxels);
  for (let voxel = 0; voxel < voxels; voxel += 1) labels[voxel] = foreground[voxel] === 1 ? clusters.find(voxel) : 0;
  return labels;
}

/** How far apart the two voxels of an affinity are in C order. */
const toStride = (offset: readonly number[], shape: readonly number[]): number =>
  shape.reduce((stride, length, axis) => stride * length + (offset[axis] ?? 0), 0);

/** How many edges are not above the bias: a search by halves. */
function countUpTo(bias: number, data: Float32Array, edges: Uint32Array): number {
  let [begin, end] = [0, edges.length];
  while (begin < end) {
    const middle = (begin + end) >>> 1;
    if ((data[edges[middle] ?? 0] ?? 0) > bias) end = middle;
    else begin = middle + 1;
  }
  return begin;
}

/** 1 where a voxel is attracted to another. */
function toForeground(attracting: Uint32Array, voxels: number, strides: Int32Array): Uint8Array {
  const foreground = new Uint8Array(voxels);
  for (let i = 0; i < attracting.length; i += 1) {
    const edge = attracting[i] ?? 0;
    const channel = Math.floor(edge / voxels);
    const voxel = edge - channel * voxels;
    foreground[voxel] = 1;
    foreground[voxel + (strides[channel] ?? 0)] = 1;
  }
  return foreground;
}
