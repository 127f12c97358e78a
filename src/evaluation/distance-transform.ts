/**
 * Exact Euclidean distances with a sampling per axis (Felzenszwalb and Huttenlocher, Distance Transforms of Sampled
 * Functions, 2012): of every voxel to the nearest one whose `mask` is 0, which has 0 itself. `shape` and `spacing` are
 * slowest axis first. Infinity everywhere where no voxel is 0.
 */
export function toDistances(
  mask: ArrayLike<number>,
  shape: readonly number[],
  spacing: readonly number[],
): Float64Array<ArrayBuffer> {
  const squares = Float64Array.from(mask, (value) => (value === 0 ? 0 : Number.POSITIVE_INFINITY));
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const length = shape[axis] ?? 1;
    transformAxis(squares, length, stride, spacing[axis] ?? 1);
    stride *= length;
  }
  return squares.map(Math.sqrt);
}

/** Every line of voxels that lie `stride` apart. */
export function transformAxis(squares: Float64Array, length: number, stride: number, spacing: number): void {
  if (length < 2) return;
  const line = createLine(length, spacing);
  for (let block = 0; block < squares.length; block += stride * length) {
    for (let first = block; first < block + stride; first += 1) line(squares, first, stride);
  }
}

/** The lower envelope of one parabola a voxel, on which the distances of a line lie. */
function createLine(length: number, spacing: number) {
  const heights = new Float64Array(length);
  const feet = new Int32Array(length);
  const from = new Float64Array(length + 1);
  const unit = spacing * spacing;
  const meeting = (p: number, q: number) =>
    ((heights[q] ?? 0) - (heights[p] ?? 0) + unit * (q * q - p * p)) / (2 * unit * (q - p));

  function envelope(): number {
    let last = -1;
    for (let q = 0; q < length; q += 1) {
      if (heights[q] === Number.POSITIVE_INFINITY) continue;
      while (last >= 0 && meeting(feet[last] ?? 0, q) <= (from[last] ?? 0)) last -= 1;
      from[last + 1] = last < 0 ? Number.NEGATIVE_INFINITY : meeting(feet[last] ?? 0, q);
      last += 1;
      feet[last] = q;
    }
    return last;
  }

  return (squares: Float64Array, first: number, stride: number): void => {
    for (let i = 0; i < length; i += 1) heights[i] = squares[first + i * stride] ?? 0;
    const last = envelope();
    if (last < 0) return;
    for (let i = 0, k = 0; i < length; i += 1) {
      while (k < last && (from[k + 1] ?? 0) < i) k += 1;
      const foot = feet[k] ?? 0;
      squares[first + i * stride] = unit * (i - foot) * (i - foot) + (heights[foot] ?? 0);
    }
  };
}
