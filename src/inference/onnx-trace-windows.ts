import { traceSlice } from "./onnx-trace-slices.ts";
import { type NodeAtHand, numberOf, numbersOf, type Traced, type TracedAxis, textAttribute } from "./onnx-traced.ts";

// Operators that look at a window of the image: their results are shorter, coarser or finer than what they are given.

export function traceWindow(at: NodeAtHand): Traced | undefined {
  const [first] = at.inputs;
  if (first === undefined) return undefined;
  switch (at.node.operator) {
    case "Conv":
      at.notes.misplaced += misplacedAxes(at, first);
      return overSpace(first, at.inputs[1]?.shape[0], slide(at, at.inputs[1]?.shape.slice(2)));
    case "ConvTranspose":
      return traceTransposed(at, first);
    case "GlobalAveragePool":
    case "GlobalLpPool":
    case "GlobalMaxPool":
      at.notes.global = true;
      return overSpace(first, first.shape[1], (_, axis) => ({ length: 1, axis }));
    case "Pad":
      return tracePad(at, first);
    case "Resize":
    case "Upsample":
      return traceResize(at, first);
    case "Slice":
      return traceSlice(at, first);
    default:
      return overSpace(first, first.shape[1], slide(at, undefined));
  }
}

/** Of a convolution's input: channels that are image, an image that is none, or another number of channels than its weights have. */
function misplacedAxes({ node, inputs: [, weights] }: NodeAtHand, { shape, axes }: Traced): number {
  const channels = (weights?.shape[1] ?? 1) * numberOf(node, "group", 1);
  const wrong = axes.filter(({ from }, axis) =>
    axis < 2 ? from !== undefined : from === undefined && shape[axis] !== 1,
  );
  return wrong.length + (channels === shape[1] ? 0 : 1);
}

type Moved = { readonly length: number; readonly axis: TracedAxis };
type Move = (length: number, axis: TracedAxis, spatial: number) => Moved;

/** Moves the axes after batch and channel. */
function overSpace({ shape, axes }: Traced, channels: number | undefined, move: Move): Traced | undefined {
  if (channels === undefined || shape.length < 3) return undefined;
  const moved = shape.slice(2).map((length, i) => move(length, axes[i + 2] as TracedAxis, i));
  const front = [axes[0], { ...axes[1] }] as readonly TracedAxis[];
  return {
    shape: [shape[0] ?? 1, channels, ...moved.map(({ length }) => length)],
    axes: [...front, ...moved.map(({ axis }) => axis)],
  };
}

type Window = {
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  readonly dilation: number;
};

function windowOf(
  { node }: NodeAtHand,
  kernelShape: readonly number[] | undefined,
  axis: number,
  axes: number,
): Window {
  const kernel = (numbersOf(node, "kernel_shape") ?? kernelShape)?.[axis] ?? 1;
  const pads = numbersOf(node, "pads");
  return {
    kernel,
    stride: numbersOf(node, "strides")?.[axis] ?? 1,
    before: pads?.[axis] ?? 0,
    after: pads?.[axis + axes] ?? 0,
    dilation: numbersOf(node, "dilations")?.[axis] ?? 1,
  };
}

function slide(at: NodeAtHand, kernelShape: readonly number[] | undefined): Move {
  const { node, notes } = at;
  const axes = (at.inputs[0]?.shape.length ?? 2) - 2;
  const auto = textAttribute(node, "auto_pad");
  const isSame = auto === "SAME_UPPER" || auto === "SAME_LOWER";
  const round = numberOf(node, "ceil_mode", 0) === 0 ? Math.floor : Math.ceil;
  return (length, axis, spatial) => {
    const { kernel, stride, before, after, dilation } = windowOf(at, kernelShape, spatial, axes);
    const reach = (kernel - 1) * dilation + 1;
    const rest = length + before + after - reach;
    if (axis.from !== undefined && length > 1 && (before + after > 0 || (isSame && kernel > 1))) notes.padded = true;
    const found = isSame ? Math.ceil(length / stride) : round(rest / stride) + 1;
    const divides = length % stride === 0 || (!isSame && rest % stride === 0);
    if (!divides || !(found > 0)) notes.issues++;
    return {
      length: Math.max(1, found),
      axis: { ...axis, scale: axis.scale * stride, field: axis.field + (reach - 1) * axis.scale },
    };
  };
}

function traceTransposed(at: NodeAtHand, first: Traced): Traced | undefined {
  const { node, notes } = at;
  const weights = at.inputs[1]?.shape ?? [];
  if (numbersOf(node, "output_shape") !== undefined) return undefined;
  const axes = first.shape.length - 2;
  const isSame = textAttribute(node, "auto_pad")?.startsWith("SAME") ?? false;
  return overSpace(first, (weights[1] ?? 1) * numberOf(node, "group", 1), (length, axis, spatial) => {
    const { kernel, stride, before, after, dilation } = windowOf(at, weights.slice(2), spatial, axes);
    const reach = (kernel - 1) * dilation + 1;
    const extra = numbersOf(node, "output_padding")?.[spatial] ?? 0;
    const found = isSame ? length * stride : (length - 1) * stride + extra + reach - before - after;
    if (axis.from !== undefined && reach > stride) notes.padded = true; // fewer inputs are summed at its ends
    if (!(found > 0)) notes.issues++;
    const seen = Math.ceil(reach / stride) - 1;
    return {
      length: Math.max(1, found),
      axis: { ...axis, scale: axis.scale / stride, field: axis.field + seen * axis.scale },
    };
  });
}

function traceResize(at: NodeAtHand, first: Traced): Traced | undefined {
  const { node, inputs } = at;
  const [, second, third, fourth] = inputs;
  const scales = (third ?? (inputs.length === 2 ? second : undefined))?.values?.numbers ?? numbersOf(node, "scales");
  const sizes = fourth?.values?.numbers;
  const wanted =
    sizes && sizes.length > 0 ? sizes : scales && first.shape.map((length, i) => Math.floor(length * (scales[i] ?? 1)));
  if (wanted?.length !== first.shape.length) return undefined;
  const mode = textAttribute(node, "mode") ?? "nearest";
  const neighbours = mode === "nearest" ? 0 : mode === "cubic" ? 3 : 1;
  const axes = first.axes.map((axis, i) => {
    const ratio = (wanted[i] ?? 1) / (first.shape[i] ?? 1);
    if (ratio === 1) return axis;
    return { ...axis, scale: axis.scale / ratio, field: axis.field + neighbours * axis.scale };
  });
  return { shape: wanted, axes };
}

function tracePad(at: NodeAtHand, first: Traced): Traced | undefined {
  const { node, inputs, notes } = at;
  const rank = first.shape.length;
  const pads = inputs[1] ? inputs[1].values?.numbers : (numbersOf(node, "pads") ?? numbersOf(node, "paddings"));
  const chosen = inputs[3] ? inputs[3].values?.numbers : first.shape.map((_, axis) => axis);
  if (pads === undefined || chosen === undefined) return undefined;
  const shape = [...first.shape];
  for (const [i, wanted] of chosen.entries()) {
    const axis = wanted < 0 ? wanted + rank : wanted;
    const [before, after] = [pads[i] ?? 0, pads[i + chosen.length] ?? 0];
    shape[axis] = Math.max(1, (shape[axis] ?? 1) + before + after);
    if ((before > 0 || after > 0) && first.axes[axis]?.from !== undefined) notes.padded = true;
  }
  return { shape, axes: first.axes };
}
