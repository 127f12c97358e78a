import type { LabelData } from "./label-data.ts";

/** Slowest axis first; flat data is one slice. */
export type Box = readonly [depth: number, height: number, width: number];

/** A piece of a volume, in voxels of the whole. */
export type BoxPart = { readonly begin: Box; readonly shape: Box };

/** Which voxels of a volume are in a mask: one bit each, rows begin at whole words. */
export type BitVolume = { readonly shape: Box; readonly rowWords: number; readonly words: Uint32Array };

export function toBox(axes: readonly number[], filler: number): Box {
  const [z = filler, y = filler, x = filler] = [filler, filler, filler, ...axes].slice(-3);
  return [z, y, x];
}

export function createBits(shape: Box): BitVolume {
  const rowWords = Math.ceil(shape[2] / 32);
  return { shape, rowWords, words: new Uint32Array(shape[0] * shape[1] * rowWords) };
}

/** Of all channels: where two bits of each voxel are kept, that is a gigabyte. */
export const maxMaskVoxels = 2 ** 32;

/** The first word of a row. */
export const rowOf = ({ shape, rowWords }: BitVolume, z: number, y: number): number => (z * shape[1] + y) * rowWords;

/** Whatever is not 0 is in the mask; `data` in C order. */
export function setBits(bits: BitVolume, data: LabelData, { begin, shape }: BoxPart): void {
  const [depth, height, width] = shape;
  for (let row = 0; row < depth * height; row += 1) {
    const z = begin[0] + Math.floor(row / height);
    const first = rowOf(bits, z, begin[1] + (row % height));
    for (let x = 0; x < width; x += 1) {
      if (Number(data[row * width + x]) === 0) continue;
      const at = begin[2] + x;
      bits.words[first + (at >>> 5)] = (bits.words[first + (at >>> 5)] ?? 0) | (1 << (at & 31));
    }
  }
}

export function hasBit({ words }: BitVolume, row: number, x: number): boolean {
  return (((words[row + (x >>> 5)] ?? 0) >>> (x & 31)) & 1) === 1;
}
