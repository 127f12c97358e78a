import { type BitVolume, type Box, type BoxPart, rowOf } from "./bit-volume.ts";
import { transformAxis } from "./distance-transform.ts";

export type DistanceQuestion = {
  /** Distances are to voxels in the mask, or to those outside of it. */
  readonly to: "mask" | "rest";
  /** World units, slowest axis first. */
  readonly spacing: Box;
  /** Of no interest beyond it, world units: the less is looked at; those within are exact. */
  readonly reach?: number;
};

/**
 * Exact Euclidean distances of the voxels of a part to the nearest voxel of the whole volume, as `toDistances` has them.
 * Takes 8 bytes a voxel of the part's columns through the volume, or as far as `reach` goes; Infinity where there is none.
 */
export function toBitDistances(bits: BitVolume, part: BoxPart, { to, spacing, reach }: DistanceQuestion): Float64Array {
  const seen = seenBy(bits.shape, part, spacing, reach);
  const [depth, height, width] = seen.shape;
  const squares = new Float64Array(depth * height * width);
  for (let row = 0; row < depth * height; row += 1) {
    const words = rowOf(bits, seen.begin[0] + Math.floor(row / height), seen.begin[1] + (row % height));
    const line = squares.subarray(row * width, (row + 1) * width);
    fillRow(bits, words, to === "mask" ? 0 : -1, { line, begin: seen.begin[2], unit: spacing[2] * spacing[2] });
  }
  transformAxis(squares, height, width, spacing[1]);
  transformAxis(squares, depth, height * width, spacing[0]);
  return rooted(squares, seen, part);
}

/** What distances of a part are found in; along the last axis the rows' bits tell them, however long these are. */
export function seenBy(whole: Box, { begin, shape }: BoxPart, spacing: Box, reach = Number.POSITIVE_INFINITY): BoxPart {
  const from = (axis: 0 | 1) => Math.max(0, begin[axis] - Math.ceil(reach / spacing[axis]));
  const to = (axis: 0 | 1) => Math.min(whole[axis], begin[axis] + shape[axis] + Math.ceil(reach / spacing[axis]));
  return { begin: [from(0), from(1), begin[2]], shape: [to(0) - from(0), to(1) - from(1), shape[2]] };
}

function rooted(squares: Float64Array, seen: BoxPart, { begin, shape }: BoxPart): Float64Array {
  const [depth, height, width] = shape;
  const distances = new Float64Array(depth * height * width);
  for (let row = 0; row < depth * height; row += 1) {
    const z = begin[0] - seen.begin[0] + Math.floor(row / height);
    const from = (z * seen.shape[1] + begin[1] - seen.begin[1] + (row % height)) * width;
    for (let x = 0; x < width; x += 1) distances[row * width + x] = Math.sqrt(squares[from + x] ?? 0);
  }
  return distances;
}

type Row = { readonly line: Float64Array; readonly begin: number; readonly unit: number };

/** Squared distances along a row, of voxels from `begin` on; `flip` turns the mask inside out. */
function fillRow(bits: BitVolume, row: number, flip: 0 | -1, { line, begin, unit }: Row): void {
  const isHit = (x: number) => ((((bits.words[row + (x >>> 5)] ?? 0) ^ flip) >>> (x & 31)) & 1) === 1;
  let before = lastHit(bits, row, flip, begin);
  let after = firstHit(bits, row, flip, begin + line.length - 1);
  for (let i = 0; i < line.length; i += 1) {
    if (isHit(begin + i)) before = begin + i;
    line[i] = begin + i - before;
  }
  for (let i = line.length - 1; i >= 0; i -= 1) {
    if (isHit(begin + i)) after = begin + i;
    const voxels = Math.min(line[i] ?? 0, after - begin - i);
    line[i] = unit * voxels * voxels;
  }
}

/** At `x` or before; -Infinity where there is none. */
function lastHit({ words }: BitVolume, row: number, flip: 0 | -1, x: number): number {
  let word = x >>> 5;
  let value = ((words[row + word] ?? 0) ^ flip) & (-1 >>> (31 - (x & 31)));
  while (value === 0 && word > 0) {
    word -= 1;
    value = (words[row + word] ?? 0) ^ flip;
  }
  return value === 0 ? Number.NEGATIVE_INFINITY : 32 * word + 31 - Math.clz32(value);
}

/** At `x` or after; Infinity where there is none. */
function firstHit({ words, rowWords, shape }: BitVolume, row: number, flip: 0 | -1, x: number): number {
  let word = x >>> 5;
  let value = ((words[row + word] ?? 0) ^ flip) & (-1 << (x & 31));
  while (value === 0 && word < rowWords - 1) {
    word += 1;
    value = (words[row + word] ?? 0) ^ flip;
  }
  const found = value === 0 ? Number.POSITIVE_INFINITY : 32 * word + 31 - Math.clz32(value & -value);
  return found < shape[2] ? found : Number.POSITIVE_INFINITY; // turned inside out, what fills the last word is hit
}
