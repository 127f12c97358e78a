import { type Coordinate, filled, floorDivide, multiply, subtract } from "#dacapo/coordinate.ts";
import { type UnetShapes, unetShapes } from "#dacapo/unet-shapes.ts";
import type { Attention, Convolution, Network, NetworkBody, UnetLayers, Upsampling } from "./network.ts";
import { OnnxError } from "./onnx-error.ts";
import type { OnnxGraph } from "./onnx-graph.ts";
import { type Activation, cropCentre, elementwise, type Features, type Operators } from "./onnx-operators.ts";

type Builder = { readonly graph: OnnxGraph; readonly operators: Operators };

/** Adds the whole network to the graph, from `x` to its prediction, eval activation included. */
export function buildNetwork(builder: Builder, network: Network, x: Features): Features {
  const { body, head, evalActivation } = network;
  const features = body.kind === "unet" ? buildUnet(builder, body, x) : buildPass(builder, x, [body.convolution], {});
  const scores = head ? buildPass(builder, features, [head], {}) : features;
  return evalActivation === "sigmoid" ? elementwise(builder.graph, "Sigmoid", scores) : scores;
}

function buildUnet(builder: Builder, body: Extract<NetworkBody, { readonly kind: "unet" }>, x: Features): Features {
  const shapes = unetShapes(body.config, x.shape);
  if (!shapes.ok) throw new OnnxError("shape", shapes.problem);
  const unet = buildLevel({ ...builder, body, shapes }, 0, x);
  return body.further.reduce((below, { upsampling, convolutions }) => {
    const upsampled = buildUpsampling(builder, upsampling, below);
    return buildPass(builder, upsampled, convolutions, { activation: "Relu" });
  }, unet);
}

type UnetBuilder = Builder & {
  readonly body: Extract<NetworkBody, { readonly kind: "unet" }>;
  readonly shapes: UnetShapes;
};

function buildLevel(builder: UnetBuilder, level: number, x: Features): Features {
  const { body, operators } = builder;
  const layers = body.levels[level];
  if (layers === undefined) return x;
  const pass = { activation: "Relu", padding: body.config.padding } as const;
  const skip = buildPass(builder, x, layers.down, pass);
  const factor = layers.up?.upsampling.factor;
  if (layers.up === undefined || factor === undefined) return skip;
  const below = buildLevel(builder, level + 1, operators.maxPool(skip, factor));
  return buildPass(builder, joinLevels(builder, level, layers.up, skip, below), layers.up.convolutions, pass);
}

/** The skip first, then what comes from below, both cut to the size that the level's factors ask for. */
function joinLevels(
  builder: UnetBuilder,
  level: number,
  { upsampling, attention }: NonNullable<UnetLayers["up"]>,
  skip: Features,
  below: Features,
): Features {
  const { operators, shapes } = builder;
  const size = shapes.levels[level]?.up?.cropped;
  if (size === undefined) throw new OnnxError("shape", `The network has no level ${level}.`);
  const attended = attention ? buildAttention(builder, attention, upsampling.factor, skip, below) : skip;
  const upsampled = buildUpsampling(builder, upsampling, below);
  return operators.concatenate(cropCentre(operators, attended, size), cropCentre(operators, upsampled, size));
}

type PassOptions = { readonly activation?: Activation; readonly padding?: string };

function buildPass(
  { operators }: Builder,
  x: Features,
  convolutions: readonly Convolution[],
  { activation, padding = "valid" }: PassOptions,
): Features {
  return convolutions.reduce((features, convolution) => {
    const pad = padding === "same" ? floorDivide(convolution.kernel, 2) : filled(convolution.kernel.length, 0);
    return operators.convolve(features, convolution, pad, activation);
  }, x);
}

// A 1x1 convolution and a ReLU give the same before voxels are repeated as after, at a fraction of the cost.
function buildUpsampling(builder: Builder, { kind, factor, convolution }: Upsampling, below: Features): Features {
  const features = buildPass(builder, below, [convolution], { activation: "Relu" });
  return kind === "nearest" ? builder.operators.repeat(features, factor) : builder.operators.spread(features, factor);
}

/** The skip, weighted per voxel by what the level below makes of it. */
function buildAttention(
  builder: Builder,
  { gate, skip, psi }: Attention,
  factor: Coordinate,
  x: Features,
  below: Features,
): Features {
  const { graph, operators } = builder;
  const pooled = operators.maxPool(buildPass(builder, x, skip, {}), factor);
  const gated = padAround(operators, buildPass(builder, below, gate, {}), pooled.shape);
  const joined = elementwise(graph, "Relu", elementwise(graph, "Add", gated, pooled));
  const weights = operators.interpolate(buildPass(builder, joined, psi, { activation: "Sigmoid" }), factor);
  if (multiply(pooled.shape, factor).some((length, axis) => length !== x.shape[axis]))
    throw new OnnxError(
      "shape",
      `Attention cannot weight ${x.shape.join(" x ")} voxels in steps of ${factor.join(" x ")}.`,
    );
  return elementwise(graph, "Mul", x, weights);
}

/** Zeros around; where the difference is odd, the larger half goes in front. */
function padAround(operators: Operators, x: Features, shape: Coordinate): Features {
  const missing = subtract(shape, x.shape);
  if (missing.some((count) => count < 0))
    throw new OnnxError("shape", "Attention needs features from below that are no larger than the pooled skip.");
  if (missing.every((count) => count === 0)) return x;
  const after = floorDivide(missing, 2);
  return operators.pad(x, subtract(missing, after), after);
}
