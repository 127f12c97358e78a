import type { Coordinate } from "#dacapo/coordinate.ts";
import type { Network } from "./network.ts";

/**
 * How 3-D convolutions are expressed; all give the same values to rounding.
 * conv3d: as they are. folded-2d: depth lies in the batch, the depth taps are concatenated as channels of one 2-D
 * convolution. folded-2d-sum: a 2-D convolution for each depth tap, summed (more dispatches, less memory).
 */
export const lowerings = ["conv3d", "folded-2d", "folded-2d-sum"] as const;
export type Lowering = (typeof lowerings)[number];

export type OnnxOptions = {
  /** Spatial voxels, [z, y, x] or [y, x]. */
  readonly inputShape: Coordinate;
  readonly lowering?: Lowering;
  /** Of weights and arithmetic; input and output stay float32. */
  readonly precision?: "f32" | "f16";
};

/**
 * A static graph of opset 17: input "raw" [1, channels, ...inputShape] to output "prediction" [1, channels, ...], both
 * float32, the eval activation included. Throws OnnxError for a shape that does not work (ask `outputShapeOf` first) or a
 * graph of 2 GiB and more, which protobuf cannot hold.
 */
export declare function toOnnx(network: Network, options: OnnxOptions): Uint8Array<ArrayBuffer>;
