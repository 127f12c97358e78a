import type { Coordinate } from "#dacapo/coordinate.ts";
import { product } from "#dacapo/coordinate.ts";

/** A box of values in C order, channels first: `shape` is [channel, ...spatial axes]. */
export type Voxels<Data = Float32Array<ArrayBuffer>> = { readonly data: Data; readonly shape: readonly number[] };

/** Copies `size` spatial voxels of every channel between two boxes of as many channels and axes. */
export function copyVoxels(source: Voxels, from: Coordinate, target: Voxels, to: Coordinate, size: Coordinate): void {
  const [channels = 0, ...sourceShape] = source.shape;
  const targetShape = target.shape.slice(1);
  const last = size.length - 1;
  const row = size[last] ?? 1;
  const copyRows = (axis: number, sourceAt: number, targetAt: number): void => {
    if (axis === last) {
      const begin = sourceAt + (from[last] ?? 0);
      target.data.set(source.data.subarray(begin, begin + row), targetAt + (to[last] ?? 0));
      return;
    }
    const [sourceStep, targetStep] = [product(sourceShape.slice(axis + 1)), product(targetShape.slice(axis + 1))];
    for (let i = 0; i < (size[axis] ?? 1); i++) {
      copyRows(
        axis + 1,
        sourceAt + ((from[axis] ?? 0) + i) * sourceStep,
        targetAt + ((to[axis] ?? 0) + i) * targetStep,
      );
    }
  };
  if (size.some((length) => length <= 0)) return;
  for (let c = 0; c < channels; c++) copyRows(0, c * product(sourceShape), c * product(targetShape));
}
