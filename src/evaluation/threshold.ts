import type { LabelData } from "./label-data.ts";

/** DaCapo's threshold post-processing (dacapo-format 5): 1 where the value is strictly greater, else 0; each channel alike. */
export function toThresholded(prediction: LabelData, threshold: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(prediction.length);
  const values: { readonly [voxel: number]: number | bigint } = prediction;
  for (let voxel = 0; voxel < output.length; voxel += 1) output[voxel] = (values[voxel] ?? 0) > threshold ? 1 : 0;
  return output;
}

/**
 * The prediction as releases 0.2.1 to 0.3.0 stored it, in 8 bits (dacapo-format 5): of a network without sigmoid -1 becomes 0 and 1
 * becomes 255, else 0 and 1; clipped, and cut rather than rounded, in the steps of float32 in which they computed it.
 */
export function toEightBit(prediction: LabelData, sigmoid: boolean): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(prediction.length);
  for (let voxel = 0; voxel < output.length; voxel += 1) {
    const value = Number(prediction[voxel]);
    const part = sigmoid ? value : Math.fround(value + 1) / 2;
    output[voxel] = Math.min(255, Math.max(0, Math.fround(part * 255)));
  }
  return output;
}
