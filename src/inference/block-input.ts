import type { Coordinate } from "#dacapo/coordinate.ts";
import { product } from "#dacapo/coordinate.ts";
import type { ArrayBlock, RunArray } from "#storage/open-array.ts";
import { InferenceError } from "./inference-error.ts";
import { type Normalisation, normalise } from "./normalise.ts";
import { applySteps, type ChannelLayout, type ValueStep } from "./value-steps.ts";

/** What a network is shown outside the raw array: DaCapo fills with 0 after it has normalised. */
export type InputEdges = "zero" | "reflect";

/** Where an input comes from. */
export type InputSource = {
  readonly array: Pick<RunArray, "shape" | "metadata" | "read" | "path" | "store">;
  readonly normalisation: Normalisation;
  /** What a package does to the values after that. */
  readonly steps?: readonly ValueStep[];
  readonly edges: InputEdges;
  readonly channels: number;
};

/** One axis of the input: for each of its voxels the voxel of the array, or -1 for none. */
type AxisMap = { readonly indices: Int32Array; readonly first: number; readonly last: number };

function mapAxis(begin: number, length: number, size: number, edges: InputEdges): AxisMap {
  const indices = Int32Array.from({ length }, (_, i) => toIndex(begin + i, size, edges));
  const used = indices.filter((index) => index >= 0);
  return {
    indices,
    first: used.reduce((a, b) => Math.min(a, b), size),
    last: used.reduce((a, b) => Math.max(a, b), -1),
  };
}

// Reflection does not repeat the voxel at the edge, and swings to and fro where the array is shorter than the context.
function toIndex(position: number, size: number, edges: InputEdges): number {
  if (position >= 0 && position < size) return position;
  if (edges === "zero" || size === 0) return -1;
  const period = Math.max(1, 2 * (size - 1));
  const inPeriod = ((position % period) + period) % period;
  return Math.min(inPeriod, period - inPeriod);
}

/**
 * The network's input: [channel, ...spatial axes] in C order, float32. `begin` is in raw voxels of the spatial axes and may lie outside.
 * Throws InferenceError "raw" when the array has other channels or axes than the network, and what reading throws.
 */
export async function readInput(
  source: InputSource,
  begin: Coordinate,
  shape: Coordinate,
  signal?: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const layout = toLayout(source, shape.length);
  const { array, edges, channels } = source;
  const maps = shape.map((length, i) =>
    mapAxis(begin[i] ?? 0, length, array.shape[layout.spatial[i] ?? 0] ?? 1, edges),
  );
  const input = new Float32Array(channels * product(shape));
  if (maps.some(({ last }) => last < 0)) return input;
  const from = array.shape.map(() => 0);
  const to = array.shape.map((size, axis) => (axis === layout.channel ? size : 1));
  for (const [i, axis] of layout.spatial.entries()) {
    from[axis] = maps[i]?.first ?? 0;
    to[axis] = (maps[i]?.last ?? 0) + 1;
  }
  const block = await array.read(from, to, signal);
  const data = normalise(block.data, source.normalisation);
  if (source.steps) applySteps(data, source.steps, channelsOf(block, layout));
  copyInput(input, { ...block, data }, layout, maps, channels);
  return input;
}

function channelsOf({ shape, data }: ArrayBlock, { channel }: Layout): ChannelLayout {
  if (channel === undefined) return { channels: 1, stride: data.length };
  return { channels: shape[channel] ?? 1, stride: product(shape.slice(channel + 1)) };
}

/** Axes of the array: the channel's, and those of the network; any before them (time) are held at their first index. */
type Layout = { readonly channel: number | undefined; readonly spatial: readonly number[] };

function toLayout({ array, channels }: InputSource, axes: number): Layout {
  const { spatialAxes, types } = array.metadata;
  const channel = types.indexOf("channel");
  const found = channel < 0 ? 1 : (array.shape[channel] ?? 1);
  const where = array.store.urlOf(array.path);
  if (spatialAxes.length < axes) {
    throw new InferenceError(
      "raw",
      `The network takes ${axes} axes, but ${where} has ${spatialAxes.length}; choose another raw.`,
    );
  }
  if (found !== channels) {
    throw new InferenceError(
      "raw",
      `The network takes ${channels} input channels, but ${where} has ${found}; choose the raw that the run was trained on.`,
    );
  }
  return { channel: channel < 0 ? undefined : channel, spatial: spatialAxes.slice(-axes) };
}

/** Voxels of the input's last axis that lie side by side in the block too. */
type Row = { readonly at: number; readonly from: number; readonly length: number };

function toRows(offsets: Int32Array): readonly Row[] {
  const rows: Row[] = [];
  for (const [at, from] of offsets.entries()) {
    const last = rows.at(-1);
    if (from < 0) continue;
    if (last && last.at + last.length === at && last.from + last.length === from) {
      rows[rows.length - 1] = { ...last, length: last.length + 1 };
    } else rows.push({ at, from, length: 1 });
  }
  return rows;
}

function copyInput(
  target: Float32Array,
  block: ArrayBlock & { readonly data: Float32Array },
  { channel, spatial }: Layout,
  maps: readonly AxisMap[],
  channels: number,
): void {
  const strides = block.shape.map((_, axis) => product(block.shape.slice(axis + 1)));
  // By axis and voxel of the input: where it is in the block, -1 for none.
  const offsets = maps.map(({ indices, first }, i) => {
    const step = strides[spatial[i] ?? 0] ?? 1;
    return indices.map((index) => (index < 0 ? -1 : (index - first) * step));
  });
  const lengths = maps.map(({ indices }) => indices.length);
  const rows = toRows(offsets.at(-1) ?? new Int32Array());
  const fill = (axis: number, at: number, base: number): void => {
    if (axis === maps.length - 1) {
      for (const { at: to, from, length } of rows) copyRow(block.data, base + from, target, at + to, length);
      return;
    }
    const step = product(lengths.slice(axis + 1));
    for (const [i, offset] of (offsets[axis] ?? new Int32Array()).entries()) {
      if (offset >= 0) fill(axis + 1, at + i * step, base + offset);
    }
  };
  for (let c = 0; c < channels; c++) {
    fill(0, c * product(lengths), channel === undefined ? 0 : c * (strides[channel] ?? 0));
  }
}

function copyRow(source: Float32Array, from: number, target: Float32Array, to: number, length: number): void {
  if (length === 1) target[to] = source[from] ?? 0;
  else target.set(source.subarray(from, from + length), to);
}
