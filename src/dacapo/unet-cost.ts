import type { ArchitectureConfig, CNNectomeUNetConfig } from "./architecture.ts";
import { type Coordinate, filled, multiply, product } from "./coordinate.ts";
import { headKernelSize, type TaskConfig } from "./task.ts";
import { taskOutputs } from "./task-outputs.ts";
import { convolve, kernelsDown, kernelsUp, type ShapeProblem, type UnetLevel, unetShapes } from "./unet-shapes.ts";

/** What one level of a U-Net holds: both ways together, without the skip connection's copy. */
export type LevelCost = {
  readonly level: number;
  /** Voxels of the input per axis that one value after the way down depends on. */
  readonly receptiveField: Coordinate;
  readonly parameters: number;
  /** Bytes of what every convolution and upsampling puts out, in single precision, for one sample. */
  readonly activationBytes: number;
};

export type UnetCost = {
  readonly ok: true;
  readonly levels: readonly LevelCost[];
  /** Of the extra upsampling after the U-Net; the head is not counted. */
  readonly further: { readonly parameters: number; readonly activationBytes: number };
};

type Pass = {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernels: readonly Coordinate[];
  readonly batchNorm: boolean;
};

const FLOAT_BYTES = 4;

/** A kernel for each pair of channels and a bias for each output; batch norm has a scale and a shift besides. */
function passParameters({ inputs, outputs, kernels, batchNorm }: Pass): number {
  return kernels.reduce(
    (sum, kernel, n) => sum + outputs * ((n === 0 ? inputs : outputs) * product(kernel) + (batchNorm ? 3 : 1)),
    0,
  );
}

function passBytes(shape: Coordinate, channels: number, kernels: readonly Coordinate[], padding: string): number {
  let [at, values] = [shape, 0];
  for (const kernel of kernels) {
    at = convolve(at, [kernel], padding);
    values += channels * product(at);
  }
  return FLOAT_BYTES * values;
}

const channelsAt = ({ numFmaps, fmapIncFactor }: CNNectomeUNetConfig, level: number) =>
  numFmaps * fmapIncFactor ** level;

function downPass(config: CNNectomeUNetConfig, level: number): Pass {
  const inputs = level === 0 ? config.fmapsIn : channelsAt(config, level - 1);
  const kernels = kernelsDown(config)[level] ?? [];
  return { inputs, outputs: channelsAt(config, level), kernels, batchNorm: config.batchNorm };
}

/** Only the topmost upsampling keeps the channels of the level below. */
function upChannels(config: CNNectomeUNetConfig, level: number): number {
  return channelsAt(config, level === 0 ? 1 : level);
}

function upPass(config: CNNectomeUNetConfig, level: number): Pass {
  const inputs = channelsAt(config, level) + upChannels(config, level);
  const outputs = level === 0 ? config.fmapsOut : channelsAt(config, level);
  return { inputs, outputs, kernels: kernelsUp(config)[level] ?? [], batchNorm: config.batchNorm };
}

function levelParameters(config: CNNectomeUNetConfig, level: number): number {
  const down = passParameters(downPass(config, level));
  const factor = config.downsampleFactors[level];
  if (factor === undefined) return down;
  const kernel = config.constantUpsample ? 1 : product(factor);
  const upsampling = upChannels(config, level) * (channelsAt(config, level + 1) * kernel + 1);
  const attention = config.useAttention ? attentionParameters(config, level, factor.length) : 0;
  return down + upsampling + passParameters(upPass(config, level)) + attention;
}

/** Three passes of two convolutions of one voxel: over the level below, the skip connection, and both. */
function attentionParameters(config: CNNectomeUNetConfig, level: number, axes: number): number {
  const { batchNorm } = config;
  const { outputs: inner } = upPass(config, level);
  const kernels = [filled(axes, 1), filled(axes, 1)];
  const ends = [
    [channelsAt(config, level + 1), inner],
    [channelsAt(config, level), inner],
    [inner, 1],
  ] as const;
  return ends.reduce((sum, [inputs, outputs]) => sum + passParameters({ inputs, outputs, kernels, batchNorm }), 0);
}

function levelBytes(config: CNNectomeUNetConfig, { level, input, up }: UnetLevel): number {
  const { padding } = config;
  const down = passBytes(input, channelsAt(config, level), downPass(config, level).kernels, padding);
  if (up === undefined) return down;
  const { outputs, kernels } = upPass(config, level);
  const upsampled = FLOAT_BYTES * upChannels(config, level) * product(up.upsampled);
  return down + upsampled + passBytes(up.cropped, outputs, kernels, padding);
}

/** Grows by what each convolution and pooling on the way down looks at, in steps as wide as the poolings before made them. */
function fieldsDown(config: CNNectomeUNetConfig): readonly Coordinate[] {
  const axes = config.inputShape.length;
  let [field, step]: [Coordinate, Coordinate] = [filled(axes, 1), filled(axes, 1)];
  const grow = (size: Coordinate) => field.map((length, axis) => length + ((size[axis] ?? 1) - 1) * (step[axis] ?? 1));
  return kernelsDown(config).map((kernels, level) => {
    const above = config.downsampleFactors[level - 1];
    if (above !== undefined) [field, step] = [grow(above), multiply(step, above)];
    for (const kernel of kernels) field = grow(kernel);
    return field;
  });
}

function furtherCost(config: CNNectomeUNetConfig, unetOutput: Coordinate): UnetCost["further"] {
  const channels = config.fmapsOut;
  const kernels = kernelsDown(config).at(-1) ?? [];
  const pass = { inputs: channels, outputs: channels, kernels, batchNorm: config.batchNorm };
  let [shape, parameters, activationBytes] = [unetOutput, 0, 0];
  for (const factor of config.upsampleFactors ?? []) {
    const upsampled = multiply(shape, factor);
    parameters += channels * (channels + 1) + passParameters(pass);
    activationBytes += FLOAT_BYTES * channels * product(upsampled) + passBytes(upsampled, channels, kernels, "valid");
    shape = convolve(upsampled, kernels, "valid");
  }
  return { parameters, activationBytes };
}

/** Of a U-Net for one input, or why that input does not work. */
export function unetCost(config: CNNectomeUNetConfig, inputShape: Coordinate): UnetCost | ShapeProblem {
  const shapes = unetShapes(config, inputShape);
  if (!shapes.ok) return shapes;
  const fields = fieldsDown(config);
  const levels = shapes.levels.map((at) => ({
    level: at.level,
    receptiveField: fields[at.level] ?? [],
    parameters: levelParameters(config, at.level),
    activationBytes: levelBytes(config, at),
  }));
  return { ok: true, levels, further: furtherCost(config, shapes.unetOutput) };
}

/** Of the whole network, as far as configs tell; undefined where its code or its task decides. */
export function parameterCount(
  architecture: ArchitectureConfig | undefined,
  task: TaskConfig | undefined,
): number | undefined {
  const outputs = task && taskOutputs(task)?.channels.length;
  if (architecture === undefined || outputs === undefined) return undefined;
  const head = (features: number, axes: number) => outputs * (features * headKernelSize(task) ** axes + 1);
  if (architecture.type === "DummyArchitectureConfig") {
    const { numInChannels, numOutChannels } = architecture;
    return numOutChannels * (27 * numInChannels + 1) + head(numOutChannels, 3);
  }
  if (architecture.type !== "CNNectomeUNetConfig") return undefined;
  const cost = unetCost(architecture, architecture.inputShape);
  if (!cost.ok) return undefined;
  const body = cost.levels.reduce((sum, { parameters }) => sum + parameters, cost.further.parameters);
  const features = cost.levels.length > 1 ? architecture.fmapsOut : architecture.numFmaps;
  return body + head(features, architecture.inputShape.length);
}
