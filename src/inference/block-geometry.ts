import type { ArchitectureConfig, CNNectomeUNetConfig } from "#dacapo/architecture.ts";
import type { Coordinate } from "#dacapo/coordinate.ts";
import { equals, filled, maximum, multiply, product, subtract } from "#dacapo/coordinate.ts";
import { type ModelShapes, modelShapes } from "#dacapo/model.ts";
import { headKernelSize, type TaskConfig } from "#dacapo/task.ts";
import { outputStep, type ShapeProblem, unetShapes } from "#dacapo/unet-shapes.ts";
import { edgeMargins, type Margins } from "./block-reach.ts";
import { type BlockCost, unetCost } from "./memory-estimate.ts";
import type { Network } from "./network.ts";

/**
 * What happens at a block's edge. "shrinks": nothing is made up there, so blocks join without a seam. "padded": each convolution
 * sees zeros there, so a block is only right some way inside. "global": every voxel depends on the block's size (attention).
 */
export type EdgeBehaviour = "shrinks" | "padded" | "global";

/** All that planning blocks needs to know of a network; axes as in its config ([z, y, x] or [y, x]), lengths in voxels. */
export type BlockGeometry = {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** The block of DaCapo's own validation. */
  readonly evalInputShape: Coordinate;
  readonly evalOutputShape: Coordinate;
  /** Input voxels by which a block may be longer or shorter. */
  readonly step: Coordinate;
  /** Output voxels that one input voxel becomes. */
  readonly upsampling: Coordinate;
  readonly edges: EdgeBehaviour;
  /** Output voxels that are wrong beside an edge that the whole volume does not have. Zero unless "padded". */
  readonly margins: Margins;
  /** Undefined where the network does not take such an input. */
  outputOf(inputShape: Coordinate): Coordinate | undefined;
  costOf(inputShape: Coordinate): BlockCost;
};

export type GeometryResult = { readonly ok: true; readonly geometry: BlockGeometry } | ShapeProblem;

/** The geometry of a network that configs describe, known before its checkpoint is read; or why there is none. */
export function toBlockGeometry(architecture: ArchitectureConfig, task: TaskConfig | undefined): GeometryResult {
  const shapes = modelShapes(architecture, task);
  if (!shapes.ok) return shapes;
  const channels = shapes.outputChannels ?? channelsOf(architecture);
  return { ok: true, geometry: buildGeometry(architecture, shapes, headKernelSize(task), channels) };
}

/** The geometry of a network that was rebuilt from a checkpoint. */
export function geometryOfNetwork({ body, head, shapes, channels }: Network): BlockGeometry {
  const outputs = head?.outputs ?? channels.length;
  return buildGeometry(body.kind === "unet" ? body.config : undefined, shapes, head?.kernel[0] ?? 1, outputs);
}

function channelsOf(architecture: ArchitectureConfig): number {
  if (architecture.type === "CNNectomeUNetConfig") return architecture.fmapsOut;
  return architecture.type === "DummyArchitectureConfig" ? architecture.numOutChannels : 1;
}

function buildGeometry(
  architecture: ArchitectureConfig | undefined,
  shapes: ModelShapes,
  head: number,
  outputChannels: number,
): BlockGeometry {
  const { inputChannels, evalInputShape, evalOutputShape } = shapes;
  const known = { inputChannels, outputChannels, evalInputShape, evalOutputShape };
  if (architecture?.type === "CNNectomeUNetConfig")
    return { ...known, ...unetGeometry(architecture, head, outputChannels) };
  return { ...known, ...dummyGeometry(head, outputChannels, inputChannels, evalInputShape.length) };
}

type Rest = Omit<BlockGeometry, "inputChannels" | "outputChannels" | "evalInputShape" | "evalOutputShape">;

function unetGeometry(config: CNNectomeUNetConfig, head: number, channels: number): Rest {
  const axes = config.inputShape.length;
  const upsampling = (config.upsampleFactors ?? []).reduce<Coordinate>(
    (total, factor) => multiply(total, factor),
    filled(axes, 1),
  );
  const padded = config.padding === "same" && hasWideKernels(config);
  return {
    step: outputStep(config),
    upsampling,
    edges: config.useAttention ? "global" : padded ? "padded" : "shrinks",
    margins: padded ? edgeMargins(config, head) : { before: filled(axes, 0), after: filled(axes, 0) },
    outputOf(inputShape) {
      const shapes = unetShapes(config, inputShape);
      if (!shapes.ok) return undefined;
      const output = subtract(shapes.output, head - 1);
      return output.every((length) => length > 0) ? output : undefined;
    },
    costOf: (inputShape) => unetCost(config, inputShape, channels),
  };
}

function hasWideKernels(config: CNNectomeUNetConfig): boolean {
  const { kernelSizeDown, kernelSizeUp } = config;
  if (kernelSizeDown === undefined || kernelSizeUp === undefined) return true;
  return [...kernelSizeDown, ...kernelSizeUp].flat(2).some((size) => size > 1);
}

// DaCapo's dummy network: one unpadded 3x3x3 convolution.
function dummyGeometry(head: number, channels: number, inputChannels: number, axes: number): Rest {
  const shrinkage = 2 + head - 1;
  return {
    step: filled(axes, 1),
    upsampling: filled(axes, 1),
    edges: "shrinks",
    margins: { before: filled(axes, 0), after: filled(axes, 0) },
    outputOf(inputShape) {
      const output = subtract(inputShape, shrinkage);
      return output.every((length) => length > 0) ? output : undefined;
    },
    costOf(inputShape) {
      const bytes = 4 * product(inputShape);
      return {
        widestBytes: bytes * Math.max(channels, inputChannels),
        peakBytes: bytes * 2 * (channels + inputChannels),
      };
    },
  };
}

/** Output voxels by which the output is shorter than the upsampled input: the same for every input that fits. */
export function lossOf(geometry: BlockGeometry): Coordinate {
  return subtract(multiply(geometry.evalInputShape, geometry.upsampling), geometry.evalOutputShape);
}

/** Output voxels that one step of the input becomes. */
export function outputStepOf(geometry: BlockGeometry): Coordinate {
  return multiply(geometry.step, geometry.upsampling);
}

/** The shortest input that the network takes along every axis at once; the eval input where a search finds none shorter. */
export function smallestInput(geometry: BlockGeometry): Coordinate {
  const { evalInputShape, step } = geometry;
  return evalInputShape.map((length, axis) => {
    const by = step[axis] ?? 1;
    let shortest = length;
    while (shortest - by > 0 && accepts(geometry, withAxis(evalInputShape, axis, shortest - by))) shortest -= by;
    return shortest;
  });
}

/** Whether the network takes this input and gives what the arithmetic of the others says. */
export function accepts(geometry: BlockGeometry, inputShape: Coordinate): boolean {
  const output = geometry.outputOf(inputShape);
  const expected = subtract(multiply(inputShape, geometry.upsampling), lossOf(geometry));
  return output !== undefined && equals(output, expected);
}

function withAxis(shape: Coordinate, axis: number, length: number): Coordinate {
  return shape.map((own, i) => (i === axis ? length : own));
}

/** The shortest input of this network that gives at least `outputShape`. */
export function inputFor(geometry: BlockGeometry, outputShape: Coordinate): Coordinate {
  const smallest = smallestInput(geometry);
  const least = subtract(multiply(smallest, geometry.upsampling), lossOf(geometry));
  const step = outputStepOf(geometry);
  const steps = outputShape.map((length, axis) => Math.ceil((length - (least[axis] ?? 0)) / (step[axis] ?? 1)));
  return smallest.map((length, axis) => length + Math.max(0, steps[axis] ?? 0) * (geometry.step[axis] ?? 1));
}

/** What an input of this shape gives. */
export function outputFor(geometry: BlockGeometry, inputShape: Coordinate): Coordinate {
  return maximum(subtract(multiply(inputShape, geometry.upsampling), lossOf(geometry)), 0);
}

/** The same network for data with one axis more in front, which is taken slice by slice. */
export function liftGeometry(geometry: BlockGeometry): BlockGeometry {
  const lift = (shape: Coordinate, length: number): Coordinate => [length, ...shape];
  return {
    ...geometry,
    evalInputShape: lift(geometry.evalInputShape, 1),
    evalOutputShape: lift(geometry.evalOutputShape, 1),
    step: lift(geometry.step, 1),
    upsampling: lift(geometry.upsampling, 1),
    margins: { before: lift(geometry.margins.before, 0), after: lift(geometry.margins.after, 0) },
    outputOf(inputShape) {
      const output = inputShape[0] === 1 ? geometry.outputOf(inputShape.slice(1)) : undefined;
      return output && lift(output, 1);
    },
    costOf: (inputShape) => geometry.costOf(inputShape.slice(1)),
  };
}
