import type { ArchitectureConfig, CNNectomeUNetConfig, DummyArchitectureConfig } from "#dacapo/architecture.ts";
import { type Coordinate, filled, multiply, product, subtract } from "#dacapo/coordinate.ts";
import { type ModelShapes, modelShapes } from "#dacapo/model.ts";
import type { TaskConfig } from "#dacapo/task.ts";
import { type OutputChannel, taskOutputs } from "#dacapo/task-outputs.ts";
import { kernelsDown, kernelsUp } from "#dacapo/unet-shapes.ts";
import type { StateDict } from "#storage/formats/torch-checkpoint.ts";
import {
  type Convolution,
  type FurtherLayers,
  type Network,
  type NetworkBody,
  outputStepOf,
  type RebuildProblem,
  receptiveFieldOf,
  type UnetLayers,
} from "./network.ts";
import { readAttention, readConvolution, readPass, readUpsampling } from "./weight-layers.ts";
import { RebuildError, WeightReader } from "./weight-reader.ts";

/**
 * The network that a checkpoint and its run's configs describe together, in evaluation mode, or why they do not fit.
 * Every tensor must have its place and its shape.
 */
export function toNetwork(
  stateDict: StateDict,
  architecture: ArchitectureConfig | undefined,
  task?: TaskConfig,
): Network | RebuildProblem {
  try {
    return rebuild(new WeightReader(stateDict), architecture, task);
  } catch (error) {
    if (error instanceof RebuildError) return { ok: false, problem: error.message };
    throw error;
  }
}

export function isNetwork(rebuilt: Network | RebuildProblem): rebuilt is Network {
  return !("problem" in rebuilt);
}

function rebuild(
  reader: WeightReader,
  architecture: ArchitectureConfig | undefined,
  task: TaskConfig | undefined,
): Network {
  const known = checkArchitecture(architecture);
  const shapes = modelShapes(known);
  if (!shapes.ok) throw new RebuildError(`The architecture "${known.name}" does not work out: ${shapes.problem}`);
  const body = known.type === "CNNectomeUNetConfig" ? readUnet(reader, known) : readDummy(reader, known);
  const head = readHead(reader, featuresOf(body), shapes.inputShape.length);
  reader.checkAllUsed();
  return toWhole(body, head, shapes, task, reader.parameterCount);
}

const WAY_OUT =
  "Put an .onnx file or a bioimage.io package of the network into the run's directory, or drop one onto this page.";

function checkArchitecture(
  architecture: ArchitectureConfig | undefined,
): CNNectomeUNetConfig | DummyArchitectureConfig {
  if (architecture === undefined) throw new RebuildError(`The run's config names no architecture. ${WAY_OUT}`);
  switch (architecture.type) {
    case "CNNectomeUNetConfig":
      return checkUnet(architecture);
    case "DummyArchitectureConfig":
      return architecture;
    case "WrappedArchitectureConfig":
      throw new RebuildError(
        `The network "${architecture.name}" is a module of its own, whose code a checkpoint does not hold. ${WAY_OUT}`,
      );
    case "ModelZooConfig":
      throw new RebuildError(
        `The network "${architecture.name}" comes from the model zoo (${architecture.modelId}), and a checkpoint does not hold how it is built. ${WAY_OUT}`,
      );
    case "unknown":
      throw new RebuildError(
        `Architectures of the type "${architecture.typeName}" are not known here, so the network cannot be rebuilt. ${WAY_OUT}`,
      );
  }
}

const MAX_CHANNELS = 2 ** 20;

function checkUnet(config: CNNectomeUNetConfig): CNNectomeUNetConfig {
  const { fmapsIn, fmapsOut, numFmaps, fmapIncFactor, downsampleFactors, inputShape, padding, name } = config;
  const counts = [fmapsIn, fmapsOut, numFmaps, fmapIncFactor, numFmaps * fmapIncFactor ** downsampleFactors.length];
  if (!counts.every((count) => Number.isInteger(count) && count > 0 && count <= MAX_CHANNELS))
    throw new RebuildError(`The architecture "${name}" has channel counts that are no whole numbers.`);
  if (inputShape.length !== 2 && inputShape.length !== 3)
    throw new RebuildError(`The architecture "${name}" has ${inputShape.length} axes; networks of 2 or 3 can be run.`);
  if (padding !== "valid" && padding !== "same")
    throw new RebuildError(`The architecture "${name}" has the padding "${padding}"; "valid" and "same" are known.`);
  return config;
}

function readUnet(reader: WeightReader, config: CNNectomeUNetConfig): NetworkBody {
  const factors = config.upsampleFactors ?? [];
  const prefix = reader.enter("l_conv.0.conv_pass.0.weight", factors.length > 0 ? SEQUENCE_PREFIXES : UNET_PREFIXES);
  const levels = kernelsDown(config)
    .slice(0, config.downsampleFactors.length + 1)
    .map((kernels, level) => readLevel(reader, config, prefix, level, kernels));
  const sequence = prefix.slice(0, -"0.".length);
  const further = factors.map((factor, index) => readFurther(reader, config, sequence, index, factor));
  return { kind: "unet", config, levels, further };
}

// The current release, then those up to 0.3.5, whose architecture was a module; a bare U-Net last.
const UNET_PREFIXES = ["chain.0.", "chain.0.unet.", "architecture.unet.", "architecture.", "unet.", ""];
// With extra upsampling the U-Net is the first of a sequence.
const SEQUENCE_PREFIXES = ["chain.0.0.", "chain.0.unet.0.", "architecture.unet.0.", "architecture.0.", "unet.0.", "0."];

function channelsAt({ numFmaps, fmapIncFactor }: CNNectomeUNetConfig, level: number): number {
  return numFmaps * fmapIncFactor ** level;
}

function readLevel(
  reader: WeightReader,
  config: CNNectomeUNetConfig,
  prefix: string,
  level: number,
  kernels: readonly Coordinate[],
): UnetLayers {
  const channels = channelsAt(config, level);
  const inputs = level === 0 ? config.fmapsIn : channelsAt(config, level - 1);
  const pass = { inputs, outputs: channels, kernels, batchNorm: config.batchNorm };
  const down = readPass(reader, `${prefix}l_conv.${level}.conv_pass`, pass);
  const up = config.downsampleFactors[level] && readUp(reader, config, prefix, level, config.downsampleFactors[level]);
  return up ? { down, up } : { down };
}

function readUp(
  reader: WeightReader,
  config: CNNectomeUNetConfig,
  prefix: string,
  level: number,
  factor: Coordinate,
): NonNullable<UnetLayers["up"]> {
  const { batchNorm, constantUpsample, fmapsOut, useAttention } = config;
  const [skip, below] = [channelsAt(config, level), channelsAt(config, level + 1)];
  const kind = constantUpsample ? "nearest" : "transposed";
  // only the topmost upsampling keeps the channels of the level below
  const upsampled = level === 0 ? below : skip;
  const upsampling = readUpsampling(reader, `${prefix}r_up.0.${level}.up`, {
    kind,
    inputs: below,
    outputs: upsampled,
    factor,
  });
  const outputs = level === 0 ? fmapsOut : skip;
  const kernels = kernelsUp(config)[level] ?? [];
  const pass = { inputs: skip + upsampled, outputs, kernels, batchNorm };
  const convolutions = readPass(reader, `${prefix}r_conv.0.${level}.conv_pass`, pass);
  if (!useAttention) return { upsampling, convolutions };
  const shape = { gate: below, skip, inner: outputs, axes: factor.length, batchNorm };
  return { upsampling, convolutions, attention: readAttention(reader, `${prefix}attention.0.${level}`, shape) };
}

function readFurther(
  reader: WeightReader,
  config: CNNectomeUNetConfig,
  sequence: string,
  index: number,
  factor: Coordinate,
): FurtherLayers {
  const channels = config.fmapsOut;
  const up = `${sequence}${1 + 2 * index}.up`;
  const pass = `${sequence}${2 + 2 * index}.conv_pass`;
  const kernels = kernelsDown(config).at(-1) ?? [];
  const batchNorm = reader.has(`${pass}.1.running_mean`);
  return {
    upsampling: readUpsampling(reader, up, { kind: "nearest", inputs: channels, outputs: channels, factor }),
    convolutions: readPass(reader, pass, { inputs: channels, outputs: channels, kernels, batchNorm }),
  };
}

function readDummy(reader: WeightReader, config: DummyArchitectureConfig): NetworkBody {
  const prefix = reader.enter("weight", [
    "chain.0.",
    "chain.0.conv.",
    "architecture.conv.",
    "architecture.",
    "conv.",
    "",
  ]);
  const shape = { inputs: config.numInChannels, outputs: config.numOutChannels, kernel: [3, 3, 3] };
  return { kind: "dummy", convolution: readConvolution(reader, prefix, shape) };
}

function featuresOf(body: NetworkBody): number {
  if (body.kind === "dummy") return body.convolution.outputs;
  return body.levels.length > 1 ? body.config.fmapsOut : body.config.numFmaps;
}

/** The head's kernel and channels are as the checkpoint has them. */
function readHead(reader: WeightReader, inputs: number, axes: number): Convolution | undefined {
  const prefix = ["chain.1.", "prediction_head."].find((candidate) => reader.has(`${candidate}weight`));
  const [outputs, , ...kernel] = prefix === undefined ? [] : (reader.shapeOf(`${prefix}weight`) ?? []);
  if (prefix === undefined || outputs === undefined) return undefined;
  if (kernel.length !== axes)
    throw new RebuildError(`The head of the checkpoint has ${kernel.length} axes, the network ${axes}.`);
  return readConvolution(reader, prefix, { inputs, outputs, kernel });
}

function toWhole(
  body: NetworkBody,
  head: Convolution | undefined,
  shapes: ModelShapes,
  task: TaskConfig | undefined,
  parameterCount: number,
): Network {
  const outputChannels = head?.outputs ?? featuresOf(body);
  const dimensions = shapes.inputShape.length;
  const evalActivation = head && task && taskOutputs(task)?.evalActivation;
  const factors = (body.kind === "unet" && body.config.upsampleFactors) || [];
  return {
    body,
    head,
    evalActivation,
    channels: nameChannels(head ? task : undefined, outputChannels),
    inputChannels: shapes.inputChannels,
    dimensions,
    parameterCount,
    shapes: { ...withHead(shapes, head), outputChannels, evalActivation },
    receptiveField: receptiveFieldOf(body, head),
    outputStep: outputStepOf(body),
    scale: factors.reduce<Coordinate>((scale, factor) => multiply(scale, factor), filled(dimensions, 1)),
  };
}

function withHead(shapes: ModelShapes, head: Convolution | undefined): ModelShapes {
  const loss = subtract(head?.kernel ?? [1, 1, 1], 1);
  const [outputShape, evalOutputShape] = [shapes.outputShape, shapes.evalOutputShape].map((s) => subtract(s, loss));
  if (!outputShape || !evalOutputShape || product(outputShape.map((n) => Math.max(0, n))) === 0)
    throw new RebuildError(
      `The architecture leaves nothing for the head at an input of ${shapes.inputShape.join(" x ")}.`,
    );
  return { ...shapes, outputShape, evalOutputShape };
}

function nameChannels(task: TaskConfig | undefined, count: number): readonly OutputChannel[] {
  const outputs = task && taskOutputs(task, count);
  const expected = task && taskOutputs(task)?.channels.length;
  if (!outputs || expected === undefined)
    return Array.from({ length: count }, (_, index) => ({ name: `channel ${index}`, kind: "unknown" }));
  if (outputs.channels.slice(0, count).some(({ kind }) => kind === "unknown") || count < expected)
    throw new RebuildError(
      `The run's task has ${expected} channels but the checkpoint's head gives ${count}; the config may belong to another run.`,
    );
  return outputs.channels;
}
