import type { LabelData } from "./label-data.ts";

/**
 * DaCapo's argmax post-processing (dacapo-format 5) of `[channel, …space]`: for each voxel the channel of the largest value, the first
 * of equal ones, as uint8, which wraps above 255. As in NumPy NaN counts as the largest.
 */
export function toArgmax(prediction: LabelData, channels: number): Uint8Array<ArrayBuffer> {
  const voxels = prediction.length / channels;
  const values: { readonly [position: number]: number | bigint } = prediction;
  const output = new Uint8Array(voxels);
  for (let voxel = 0; voxel < voxels; voxel += 1) output[voxel] = largest(values, voxel, voxels, channels);
  return output;
}

function largest(
  values: { readonly [position: number]: number | bigint },
  voxel: number,
  voxels: number,
  channels: number,
): number {
  let best = 0;
  let most = values[voxel] ?? 0;
  for (let channel = 1; channel < channels; channel += 1) {
    const value = values[channel * voxels + voxel] ?? 0;
    if (value > most || (Number.isNaN(value) && !Number.isNaN(most))) [best, most] = [channel, value];
  }
  return best;
}
