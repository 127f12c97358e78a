import type { LabelData } from "./label-data.ts";

/** DaCapo's threshold post-processing (dacapo-format 5): 1 where the value is strictly greater, else 0; each channel alike. */
export function toThresholded(prediction: LabelData, threshold: number): Uint8Array {
  const output = new Uint8Array(prediction.length);
  const values: { readonly [voxel: number]: number | bigint } = prediction;
  for (let voxel = 0; voxel < output.length; voxel += 1) output[voxel] = (values[voxel] ?? 0) > threshold ? 1 : 0;
  return output;
}
