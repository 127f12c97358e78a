// This room is DaCapo itself: its runs, configs, statistics, scores and arithmetic, as readonly values and total functions.
// It knows no URL, no file, no screen and no dependency; whatever it takes in has been read by somebody else.
// Axes are slowest first ([z, y, x]) everywhere, lengths are in the world unit of the data set (nanometres as a rule).

/** A point, a shape or a voxel size: one number per axis, slowest axis first. */
export type Coordinate = readonly number[];

type Operation = (a: number, b: number) => number;

// A scalar stands for the same number on every axis; axes that only one operand has are dropped.
function zipWith(a: Coordinate, b: Coordinate | number, operation: Operation): Coordinate {
  if (typeof b === "number") return a.map((x) => operation(x, b));
  return a.slice(0, b.length).map((x, axis) => operation(x, b[axis] ?? Number.NaN));
}

export const add = (a: Coordinate, b: Coordinate | number): Coordinate => zipWith(a, b, (x, y) => x + y);
export const subtract = (a: Coordinate, b: Coordinate | number): Coordinate => zipWith(a, b, (x, y) => x - y);
export const multiply = (a: Coordinate, b: Coordinate | number): Coordinate => zipWith(a, b, (x, y) => x * y);
export const divide = (a: Coordinate, b: Coordinate | number): Coordinate => zipWith(a, b, (x, y) => x / y);
/** Python's `//`: rounds towards minus infinity. */
export const floorDivide = (a: Coordinate, b: Coordinate | number): Coordinate =>
  zipWith(a, b, (x, y) => Math.floor(x / y));
export const minimum = (a: Coordinate, b: Coordinate | number): Coordinate => zipWith(a, b, Math.min);
export const maximum = (a: Coordinate, b: Coordinate | number): Coordinate => zipWith(a, b, Math.max);

export function equals(a: Coordinate, b: Coordinate): boolean {
  return a.length === b.length && a.every((x, axis) => x === b[axis]);
}

/** The product of all components: the number of voxels of a shape. */
export const product = (a: Coordinate): number => a.reduce((total, x) => total * x, 1);

export const filled = (axes: number, value: number): Coordinate => Array.from({ length: axes }, () => value);

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}

/** Least common multiple per axis, of whole numbers: the grid on which two voxel sizes meet. */
export const leastCommonMultiple = (a: Coordinate, b: Coordinate): Coordinate =>
  zipWith(a, b, (x, y) => (x === 0 || y === 0 ? 0 : Math.abs(x * y) / gcd(x, y)));
