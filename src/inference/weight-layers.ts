import { type Coordinate, filled, product } from "#dacapo/coordinate.ts";
import type { Attention, Convolution, Upsampling } from "./network.ts";
import type { WeightReader } from "./weight-reader.ts";

export type ConvolutionShape = { readonly inputs: number; readonly outputs: number; readonly kernel: Coordinate };

/** `prefix` ends in a dot. */
export function readConvolution(reader: WeightReader, prefix: string, shape: ConvolutionShape): Convolution {
  const { inputs, outputs, kernel } = shape;
  const weight = reader.take(`${prefix}weight`, [outputs, inputs, ...kernel]);
  return { ...shape, weight, bias: reader.take(`${prefix}bias`, [outputs]) };
}

export type PassShape = {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernels: readonly Coordinate[];
  readonly batchNorm: boolean;
  /** Whether an activation, which has no weights, takes a place after each convolution. */
  readonly activated?: boolean;
};

/** DaCapo's ConvPass: convolution, batch norm if any, activation if any, and again. */
export function readPass(reader: WeightReader, path: string, pass: PassShape): readonly Convolution[] {
  const { outputs, kernels, batchNorm, activated = true } = pass;
  const step = 1 + Number(batchNorm) + Number(activated);
  return kernels.map((kernel, index) => {
    const at = index * step;
    const inputs = index === 0 ? pass.inputs : outputs;
    const convolution = readConvolution(reader, `${path}.${at}.`, { inputs, outputs, kernel });
    return batchNorm ? foldBatchNorm(reader, `${path}.${at + 1}.`, convolution) : convolution;
  });
}

const EPSILON = 1e-5;

// In evaluation: y = (x - mean) / sqrt(variance + epsilon) * weight + bias, per channel.
function foldBatchNorm(reader: WeightReader, prefix: string, convolution: Convolution): Convolution {
  const { outputs } = convolution;
  const [scale, shift] = [reader.take(`${prefix}weight`, [outputs]), reader.take(`${prefix}bias`, [outputs])];
  const mean = reader.takeStatistic(`${prefix}running_mean`, [outputs]);
  const variance = reader.takeStatistic(`${prefix}running_var`, [outputs]);
  const factors = Float64Array.from(scale, (value, channel) => value / Math.sqrt((variance[channel] ?? 0) + EPSILON));
  const each = convolution.weight.length / outputs;
  const weight = convolution.weight.map((value, index) => value * (factors[Math.floor(index / each)] ?? 0));
  const bias = convolution.bias.map(
    (value, channel) => (value - (mean[channel] ?? 0)) * (factors[channel] ?? 0) + (shift[channel] ?? 0),
  );
  return { ...convolution, weight, bias };
}

export type UpsamplingShape = {
  readonly kind: Upsampling["kind"];
  readonly inputs: number;
  readonly outputs: number;
  readonly factor: Coordinate;
};

/** `path` ends in `up`, a sequence: (nearest, convolution, activation) or (transposed convolution, activation). */
export function readUpsampling(reader: WeightReader, path: string, shape: UpsamplingShape): Upsampling {
  const { kind, inputs, outputs, factor } = shape;
  const one = filled(factor.length, 1);
  const convolution =
    kind === "nearest"
      ? readConvolution(reader, `${path}.1.`, { inputs, outputs, kernel: one })
      : readTransposed(reader, `${path}.0.`, shape, one);
  return { kind, factor, outputs, convolution };
}

/** From [in, out, ...factor], as transposed convolutions have it, to [(out, ...factor), in]. */
function readTransposed(reader: WeightReader, prefix: string, shape: UpsamplingShape, kernel: Coordinate): Convolution {
  const { inputs, outputs, factor } = shape;
  const places = product(factor);
  const from = reader.take(`${prefix}weight`, [inputs, outputs, ...factor]);
  const perOutput = reader.take(`${prefix}bias`, [outputs]);
  const spread = outputs * places;
  const weight = new Float32Array(from.length);
  for (let input = 0; input < inputs; input++)
    for (let to = 0; to < spread; to++) weight[to * inputs + input] = from[input * spread + to] ?? 0;
  const bias = Float32Array.from({ length: spread }, (_, to) => perOutput[Math.floor(to / places)] ?? 0);
  return { inputs, outputs: spread, kernel, weight, bias };
}

export type AttentionShape = {
  readonly gate: number;
  readonly skip: number;
  readonly inner: number;
  readonly axes: number;
  readonly batchNorm: boolean;
};

export function readAttention(reader: WeightReader, path: string, shape: AttentionShape): Attention {
  const { gate, skip, inner, axes, batchNorm } = shape;
  const kernels = [filled(axes, 1), filled(axes, 1)];
  const plain = { kernels, batchNorm, activated: false };
  return {
    gate: readPass(reader, `${path}.W_g.conv_pass`, { ...plain, inputs: gate, outputs: inner }),
    skip: readPass(reader, `${path}.W_x.0.conv_pass`, { ...plain, inputs: skip, outputs: inner }),
    psi: readPass(reader, `${path}.psi.conv_pass`, { inputs: inner, outputs: 1, kernels, batchNorm }),
  };
}
