import type { Coordinate } from "#dacapo/coordinate.ts";
import { type Network, outputShapeOf } from "./network.ts";
import { OnnxError } from "./onnx-error.ts";
import { foldedOperators } from "./onnx-folded.ts";
import { OnnxGraph, type Precision } from "./onnx-graph.ts";
import { directOperators, type Operators } from "./onnx-operators.ts";
import { winogradOperators } from "./onnx-winograd.ts";
import { buildNetwork } from "./unet-graph.ts";

/**
 * How convolutions are expressed; all give the same values to rounding. conv3d: as they are. folded-2d: depth lies in the
 * batch, and the depth taps are concatenated as channels of one 2-D convolution. folded-2d-sum: a 2-D convolution for each
 * depth tap, summed (more dispatches, less memory). Networks of two dimensions have no depth: both are as conv3d. winograd:
 * along y, four rows from six products instead of twelve.
 */
export const lowerings = ["conv3d", "folded-2d", "folded-2d-sum", "winograd"] as const;
export type Lowering = (typeof lowerings)[number];

export type OnnxOptions = {
  /** Spatial voxels, [z, y, x] or [y, x]. */
  readonly inputShape: Coordinate;
  readonly lowering?: Lowering;
  /** Of weights and arithmetic; input and output stay float32. */
  readonly precision?: Precision;
};

/**
 * A static graph of opset 17: input "raw" [1, channels, ...inputShape] to output "prediction" [1, channels, ...], both
 * float32, the eval activation included. Throws OnnxError for a shape that does not work (ask `outputShapeOf` first) or a
 * graph of 2 GiB and more, which protobuf cannot hold.
 */
export function toOnnx(network: Network, options: OnnxOptions): Uint8Array<ArrayBuffer> {
  const { inputShape, lowering = "conv3d", precision = "f32" } = options;
  const shape = outputShapeOf(network, inputShape);
  if (!shape.ok) throw new OnnxError("shape", shape.problem);
  const graph = new OnnxGraph(precision);
  const operators = operatorsOf(graph, lowering, network.dimensions);
  const raw = operators.enter(graph.fromInput("raw"), network.inputChannels, inputShape);
  const prediction = buildNetwork({ graph, operators }, network, raw);
  return graph.encode(
    { name: "raw", shape: [1, network.inputChannels, ...inputShape] },
    { name: "prediction", shape: [1, prediction.channels, ...shape.output], edge: operators.leave(prediction) },
    new Map([["channels", JSON.stringify(network.channels.map(({ name }) => name))]]),
  );
}

function operatorsOf(graph: OnnxGraph, lowering: Lowering, dimensions: number): Operators {
  if (lowering === "winograd") return winogradOperators(graph);
  if (lowering === "conv3d" || dimensions === 2) return directOperators(graph);
  return foldedOperators(graph, lowering === "folded-2d" ? "concatenated" : "summed");
}
