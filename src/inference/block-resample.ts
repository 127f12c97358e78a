import type { Coordinate } from "#dacapo/coordinate.ts";
import { divide, equals, product } from "#dacapo/coordinate.ts";
import type { ArrayBlock, RunArray } from "#storage/open-array.ts";

/** "linear" between voxel centres for raw; "nearest" for anything that must not be mixed. */
export type Interpolation = "linear" | "nearest";

/** Whether a network trained at `trained` sees what it knows at `found`: equal to a thousandth. */
export function sameVoxelSize(found: Coordinate, trained: Coordinate): boolean {
  return (
    found.length === trained.length && found.every((size, axis) => Math.abs(size / (trained[axis] ?? 0) - 1) < 1e-3)
  );
}

/** For people, where an array has another voxel size than the network was trained at; `undefined` where it has not. */
export function describeMismatch(found: Coordinate, trained: Coordinate): string | undefined {
  if (sameVoxelSize(found, trained)) return undefined;
  const text = (size: Coordinate) => size.join(" x ");
  return `The raw has voxels of ${text(found)}, but the network was trained at ${text(trained)}: resample it, or expect poor results.`;
}

/**
 * The same array with voxels of another size, computed where it is read. Its corner stays; a voxel that the array covers in part alone
 * is left out. Values are float32; channels are taken each by itself. Refining is exact interpolation; coarsening takes the value at each
 * voxel's centre.
 */
export function resampleArray(array: RunArray, voxelSize: Coordinate, interpolation: Interpolation): RunArray {
  const { spatialAxes, voxelSize: own } = array.metadata;
  if (equals(own, voxelSize)) return array;
  const ratio = divide(voxelSize, own);
  // By axis of the array: own voxels to one new voxel; 1 for channels.
  const ratios = array.shape.map((_, axis) => ratio[spatialAxes.indexOf(axis)] ?? 1);
  const shape = array.shape.map((length, axis) => Math.max(1, Math.floor(length / (ratios[axis] ?? 1) + 1e-6)));
  return {
    ...array,
    dtype: "<f4",
    shape,
    chunks: array.chunks.map((length, axis) => Math.max(1, Math.round(length / (ratios[axis] ?? 1)))),
    metadata: { ...array.metadata, voxelSize },
    async read(begin, end, signal) {
      const from = shape.map((length, axis) => clamp(begin[axis] ?? 0, 0, length));
      const size = shape.map((length, axis) => clamp(end[axis] ?? 0, from[axis] ?? 0, length) - (from[axis] ?? 0));
      const taps = size.map((length, axis) =>
        toTaps(from[axis] ?? 0, length, ratios[axis] ?? 1, array.shape[axis] ?? 1, interpolation),
      );
      if (product(size) === 0) return { dtype: "<f4", shape: size, data: new Float32Array() };
      const first = taps.map((list) => Math.min(...list.map(({ low }) => low)));
      const last = taps.map((list) => Math.max(...list.map(({ high }) => high)) + 1);
      const block = await array.read(first, last, signal);
      return { dtype: "<f4", shape: size, data: interpolate(block, first, taps) };
    },
  };
}

/** Two neighbours along one axis and the share of the higher one. */
type Tap = { readonly low: number; readonly high: number; readonly share: number };

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function toTaps(from: number, count: number, ratio: number, length: number, interpolation: Interpolation): Tap[] {
  return Array.from({ length: count }, (_, i) => {
    const centre = (from + i + 0.5) * ratio - 0.5;
    if (interpolation === "nearest") {
      const nearest = clamp(Math.round(centre), 0, length - 1);
      return { low: nearest, high: nearest, share: 0 };
    }
    const inside = clamp(centre, 0, length - 1);
    const low = Math.floor(inside);
    return { low, high: Math.min(low + 1, length - 1), share: inside - low };
  });
}

/** One axis after the other, last axis first. */
function interpolate(block: ArrayBlock, first: Coordinate, taps: readonly Tap[][]): Float32Array<ArrayBuffer> {
  let data = Float32Array.from(block.data as Float64Array, Number);
  const shape = [...block.shape];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    data = interpolateAxis(data, shape, axis, taps[axis] ?? [], first[axis] ?? 0);
    shape[axis] = taps[axis]?.length ?? 0;
  }
  return data;
}

function interpolateAxis(
  data: Float32Array,
  shape: readonly number[],
  axis: number,
  taps: readonly Tap[],
  first: number,
): Float32Array<ArrayBuffer> {
  const inner = product(shape.slice(axis + 1));
  const outer = product(shape.slice(0, axis));
  const length = shape[axis] ?? 1;
  const result = new Float32Array(outer * taps.length * inner);
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (const { low, high, share } of taps) {
      const [a, b] = [(o * length + low - first) * inner, (o * length + high - first) * inner];
      for (let i = 0; i < inner; i++) {
        const value = data[a + i] ?? 0;
        result[at++] = share === 0 ? value : value + share * ((data[b + i] ?? 0) - value);
      }
    }
  }
  return result;
}
