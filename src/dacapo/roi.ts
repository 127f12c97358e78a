import type { Coordinate } from "./coordinate.ts";
import { add, divide, equals, filled, maximum, minimum, multiply, product, subtract } from "./coordinate.ts";

/** A box in world units: `offset` is its lower corner (the corner, not the centre, of the first voxel). */
export type Roi = { readonly offset: Coordinate; readonly shape: Coordinate };

/** `grow` covers the roi, `shrink` stays inside it, `closest` rounds both corners. */
export type SnapMode = "grow" | "shrink" | "closest";

export const roiEnd = (roi: Roi): Coordinate => add(roi.offset, roi.shape);
export const roiCenter = (roi: Roi): Coordinate => add(roi.offset, divide(roi.shape, 2));
export const isEmptyRoi = (roi: Roi): boolean => roi.shape.some((length) => !(length > 0));
export const roiVolume = (roi: Roi): number => (isEmptyRoi(roi) ? 0 : product(roi.shape));
export const roiEquals = (a: Roi, b: Roi): boolean => equals(a.offset, b.offset) && equals(a.shape, b.shape);
export const shiftRoi = (roi: Roi, by: Coordinate): Roi => ({ offset: add(roi.offset, by), shape: roi.shape });

export function roiBetween(begin: Coordinate, end: Coordinate): Roi {
  return { offset: begin, shape: maximum(subtract(end, begin), 0) };
}

/** The common box; where there is none, a box of shape 0 on the axes that do not meet. */
export function intersectRoi(a: Roi, b: Roi): Roi {
  return roiBetween(maximum(a.offset, b.offset), minimum(roiEnd(a), roiEnd(b)));
}

/** The smallest box around both. An empty roi adds nothing. */
export function unionRoi(a: Roi, b: Roi): Roi {
  if (isEmptyRoi(a)) return b;
  if (isEmptyRoi(b)) return a;
  return roiBetween(minimum(a.offset, b.offset), maximum(roiEnd(a), roiEnd(b)));
}

/** Moves the lower corner by `before` and the upper by `after`, outwards; negative amounts shrink. */
export function growRoi(roi: Roi, before: Coordinate | number, after: Coordinate | number = before): Roi {
  return roiBetween(subtract(roi.offset, before), add(roiEnd(roi), after));
}

export function containsRoi(outer: Roi, inner: Roi): boolean {
  const end = roiEnd(outer);
  const innerEnd = roiEnd(inner);
  return outer.offset.every((x, axis) => x <= (inner.offset[axis] ?? x) && (innerEnd[axis] ?? x) <= (end[axis] ?? x));
}

export function containsPoint(roi: Roi, point: Coordinate): boolean {
  const end = roiEnd(roi);
  return roi.offset.every((x, axis) => x <= (point[axis] ?? x) && (point[axis] ?? x) < (end[axis] ?? x));
}

const ROUND = {
  grow: [Math.floor, Math.ceil],
  shrink: [Math.ceil, Math.floor],
  closest: [Math.round, Math.round],
} as const;

/** Puts both corners on multiples of `grid`. */
export function snapRoiToGrid(roi: Roi, grid: Coordinate, mode: SnapMode = "grow"): Roi {
  const [roundBegin, roundEnd] = ROUND[mode];
  const begin = divide(roi.offset, grid).map(roundBegin);
  const end = divide(roiEnd(roi), grid).map(roundEnd);
  return roiBetween(multiply(begin, grid), multiply(end, grid));
}

/** The box of an array of `shape` voxels whose first voxel's corner is at `offset`. */
export function roiOfArray(shape: Coordinate, voxelSize: Coordinate, offset?: Coordinate): Roi {
  return { offset: offset ?? filled(shape.length, 0), shape: multiply(shape, voxelSize) };
}

/** World units to voxels of an array whose first voxel's corner is at `offset`; not rounded. */
export const worldToVoxel = (point: Coordinate, voxelSize: Coordinate, offset: Coordinate): Coordinate =>
  divide(subtract(point, offset), voxelSize);

export const voxelToWorld = (voxel: Coordinate, voxelSize: Coordinate, offset: Coordinate): Coordinate =>
  add(multiply(voxel, voxelSize), offset);
