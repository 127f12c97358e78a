import type { OnnxDescription, OnnxLength, OnnxNode, OnnxPort } from "./onnx-description.ts";

/** Whether the engine can run a model, known before it is tried. */
export type OnnxSupport = {
  /** One sentence for each reason why the model cannot be run at all; none: it can. */
  readonly problems: readonly string[];
  /** Names of nodes that must be kept off the GPU, which would fail on them. */
  readonly cpuNodes: readonly string[];
  /** Why the model can only be run by WASM, where that is so. */
  readonly gpuProblem: string | undefined;
};

// The last opset of onnxruntime-web 1.30.
const MAX_OPSET = 26;

// Of ONNX's own operators up to that opset, those which the WASM engine accepts in a model: all but ImageDecoder.
const operators = new Set(
  `Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization
  Bernoulli BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu CenterCropPad
  Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumProd
  CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand
  EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater
  GreaterOrEqual GridSample GroupNormalization HammingWindow HannWindow HardSigmoid HardSwish Hardmax Identity If
  InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax Loop
  LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization
  MelWeightMatrix Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss NonMaxSuppression NonZero Not OneHot Optional
  OptionalGetElement OptionalHasElement Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization RNN
  RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum
  ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize
  ReverseSequence RoiAlign RotaryEmbedding Round STFT Scan Scatter ScatterElements ScatterND Selu SequenceAt
  SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap Shape Shrink Sigmoid Sign Sin
  Sinh Size Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split SplitToSequence Sqrt Squeeze
  StringConcat StringNormalizer StringSplit Sub Sum Swish Tan Tanh TensorScatter TfIdfVectorizer ThresholdedRelu Tile TopK
  Transpose Trilu Unique Unsqueeze Upsample Where Xor`.split(/\s+/),
);

// Their operators are compiled in, but not listed here: a missing one is only told when the session is made.
const otherDomains = new Set(["com.microsoft", "ai.onnx.ml"]);

export function toOnnxSupport(description: OnnxDescription): OnnxSupport {
  const problems = [...opsetProblems(description), ...operatorProblems(description), ...portProblems(description)];
  const hard = description.nodes.filter(failsOnGpu);
  const nameless = hard.find(({ name }) => name === "");
  const gpuProblem =
    nameless && `The model has a ${describeNode(nameless)} without a name, so it cannot be kept off the GPU.`;
  return { problems, cpuNodes: gpuProblem ? [] : hard.map(({ name }) => name), gpuProblem };
}

function opsetProblems({ opsets }: OnnxDescription): readonly string[] {
  const version = opsets.get("");
  if (version === undefined || version <= MAX_OPSET) return [];
  return [`The model uses ONNX opset ${version}, newer than the ${MAX_OPSET} known here; export it with an older one.`];
}

function operatorProblems({ nodes, functions }: OnnxDescription): readonly string[] {
  const unknown = nodes.filter((node) => !isKnown(node, functions));
  const names = [...new Set(unknown.map(({ domain, operator }) => (domain ? `${domain}.${operator}` : operator)))];
  if (names.length === 0) return [];
  const some = names.slice(0, 8).join(", ") + (names.length > 8 ? ", ..." : "");
  return [`The model needs operators that cannot be run here: ${some}.`];
}

function isKnown({ domain, operator }: OnnxNode, functions: ReadonlySet<string>): boolean {
  if (functions.has(`${domain} ${operator}`) || otherDomains.has(domain)) return true;
  return domain === "" && operators.has(operator);
}

function portProblems({ inputs, outputs }: OnnxDescription): readonly string[] {
  const problems = outputs.length === 0 ? ["The model has no output."] : [];
  if (inputs.length === 1) return problems;
  const names = inputs.slice(0, 8).map(({ name }) => name);
  return [...problems, `The model has ${inputs.length} inputs (${names.join(", ")}); models of one image can be run.`];
}

/** What the WebGPU engine claims and then fails on: transposed and grouped convolutions of three dimensions. */
function failsOnGpu({ operator, domain, kernelShape, group }: OnnxNode): boolean {
  if (domain !== "") return false;
  const axes = kernelShape === undefined ? undefined : kernelShape.length - 2;
  if (operator === "ConvTranspose") return axes !== 2 && axes !== 1;
  return operator === "Conv" && group !== 1 && axes !== 2 && axes !== 1;
}

function describeNode({ operator, group }: OnnxNode): string {
  return group === 1 ? operator : `${operator} of ${group} groups`;
}

/** Axes of an image: b batch, c channel, then space. */
export type ImageAxes = "bczyx" | "bzyxc" | "bcyx" | "byxc" | "czyx" | "bzyx" | "zyx" | "cyx" | "byx" | "yx";

// More channels than this in the last place are voxels.
const MAX_CHANNELS = 16;

/**
 * Which axes the input may have, the likeliest first; empty where there is no telling. Only a package's description knows
 * for sure.
 */
export function guessAxes({ shape }: OnnxPort): readonly ImageAxes[] {
  if (shape === undefined) return [];
  const channelsLast = isChannels(shape.at(-1)) && !isChannels(shape[1]);
  switch (shape.length) {
    case 5:
      return channelsLast ? ["bzyxc", "bczyx"] : ["bczyx", "bzyxc"];
    case 4:
      if (channelsLast) return ["byxc", "bcyx"];
      return isVoxels(shape[1]) ? ["bzyx", "czyx", "bcyx"] : ["bcyx", "czyx", "bzyx", "byxc"];
    case 3:
      return isChannels(shape[0]) ? ["cyx", "byx", "zyx"] : ["zyx", "cyx", "byx"];
    case 2:
      return ["yx"];
    default:
      return [];
  }
}

const isVoxels = (length: OnnxLength) => typeof length === "number" && length > MAX_CHANNELS;
const isChannels = (length: OnnxLength) => typeof length === "number" && length <= MAX_CHANNELS;
