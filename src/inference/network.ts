// inference/ runs a run's own network in the page: checkpoint and configs become a plain network, the network becomes ONNX,
// and an engine runs that blockwise. This file and its neighbours of the graph (network, rebuild, unet-graph, onnx-*) are
// pure: bytes and values in, bytes and values out. They know no fetch, no worker, no runtime and no screen.
import type { CNNectomeUNetConfig } from "#dacapo/architecture.ts";
import { type Coordinate, filled, subtract } from "#dacapo/coordinate.ts";
import type { ModelShapes } from "#dacapo/model.ts";
import type { OutputChannel } from "#dacapo/task-outputs.ts";
import { outputStep, receptiveField, type ShapeProblem, unetShapes } from "#dacapo/unet-shapes.ts";

/** Stride 1. `weight` is [out, in, ...kernel] in C order, `bias` [out]; both may be views of the checkpoint: do not write. */
export type Convolution = {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: Coordinate;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
};

/**
 * "nearest": repeat voxels, then the 1x1 `convolution`. "transposed": kernel and stride are `factor`, expressed as a 1x1
 * `convolution` to outputs * product(factor) channels, (output, position in factor) in C order, whose channels are then
 * spread over the voxels. Both end in a ReLU.
 */
export type Upsampling = {
  readonly kind: "nearest" | "transposed";
  readonly factor: Coordinate;
  readonly outputs: number;
  readonly convolution: Convolution;
};

/** 1x1 convolutions: no activation in `gate` (of the features below) and `skip`, a sigmoid after each of `psi`. */
export type Attention = {
  readonly gate: readonly Convolution[];
  readonly skip: readonly Convolution[];
  readonly psi: readonly Convolution[];
};

/** Level 0 is full resolution; the lowest level has no `up`. A ReLU follows every convolution. */
export type UnetLayers = {
  readonly down: readonly Convolution[];
  readonly up?: {
    readonly upsampling: Upsampling;
    readonly attention?: Attention;
    readonly convolutions: readonly Convolution[];
  };
};

/** After the U-Net, never padded. */
export type FurtherLayers = { readonly upsampling: Upsampling; readonly convolutions: readonly Convolution[] };

export type NetworkBody =
  | {
      readonly kind: "unet";
      readonly config: CNNectomeUNetConfig;
      readonly levels: readonly UnetLayers[];
      readonly further: readonly FurtherLayers[];
    }
  | { readonly kind: "dummy"; readonly convolution: Convolution };

/** A run's network in evaluation mode: batch norms are folded into their convolutions. Plain and structured-cloneable. */
export type Network = {
  readonly body: NetworkBody;
  /** Unpadded. Absent for a run without a task: the network then ends in the U-Net's features. */
  readonly head: Convolution | undefined;
  readonly evalActivation: "sigmoid" | undefined;
  /** By name, in the order of the output's channel axis. */
  readonly channels: readonly OutputChannel[];
  readonly inputChannels: number;
  /** 2 or 3: length of every spatial shape. */
  readonly dimensions: number;
  /** As PyTorch counts them: batch norm's scales included, running statistics and counters not. */
  readonly parameterCount: number;
  /** Of training and validation, as DaCapo uses them. */
  readonly shapes: ModelShapes;
  /** Input voxels per axis that can influence one voxel before the extra upsampling, head included. */
  readonly receptiveField: Coordinate;
  /** The output before extra upsampling and head is a multiple of this with valid padding: the natural step of block sizes. */
  readonly outputStep: Coordinate;
  /** Output voxels per input voxel along each axis: the product of the extra upsampling factors. */
  readonly scale: Coordinate;
};

/** One sentence: what does not fit, and the way out. */
export type RebuildProblem = { readonly ok: false; readonly problem: string };

export type OutputShape = { readonly ok: true; readonly output: Coordinate } | ShapeProblem;

/** Voxels that come out, head included, for an input of `inputShape` voxels. */
export function outputShapeOf(network: Network, inputShape: Coordinate): OutputShape {
  const body = bodyShape(network, inputShape);
  if (!body.ok || !network.head) return body;
  const output = subtract(body.output, subtract(network.head.kernel, 1));
  if (output.every((length) => length > 0)) return { ok: true, output };
  return {
    ok: false,
    level: 0,
    problem: `An input of ${inputShape.join(" x ")} voxels leaves nothing after the head.`,
  };
}

function bodyShape({ body, dimensions }: Network, inputShape: Coordinate): OutputShape {
  if (inputShape.length !== dimensions)
    return { ok: false, level: 0, problem: `The network takes ${dimensions} axes, not ${inputShape.length}.` };
  if (body.kind === "unet") return unetShapes(body.config, inputShape);
  return { ok: true, output: subtract(inputShape, subtract(body.convolution.kernel, 1)) };
}

export function receptiveFieldOf(body: NetworkBody, head: Convolution | undefined): Coordinate {
  const field = body.kind === "unet" ? receptiveField(body.config) : body.convolution.kernel;
  return field.map((length, axis) => length + (head?.kernel[axis] ?? 1) - 1);
}

export function outputStepOf(body: NetworkBody): Coordinate {
  return body.kind === "unet" ? outputStep(body.config) : filled(body.convolution.kernel.length, 1);
}
