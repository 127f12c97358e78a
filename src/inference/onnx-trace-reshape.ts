import { product } from "#dacapo/coordinate.ts";
import { type NodeAtHand, numberOf, PLAIN_AXIS, type Traced, type TracedAxis } from "./onnx-traced.ts";

// Operators that read the same numbers as a tensor of another shape.

export function traceReshape(at: NodeAtHand): Traced | undefined {
  const [first] = at.inputs;
  if (first === undefined) return undefined;
  switch (at.node.operator) {
    case "DepthToSpace":
      return spread(first, numberOf(at.node, "blocksize", 1));
    case "SpaceToDepth":
      return spread(first, 1 / numberOf(at.node, "blocksize", 1));
    case "Flatten":
      return regroup(at, first, flattened(first.shape, numberOf(at.node, "axis", 1)));
    default:
      return regroup(at, first, wantedShape(at, first.shape));
  }
}

/** Of two dimensions: channels to space by a factor, or back by its inverse. */
function spread({ shape, axes }: Traced, factor: number): Traced | undefined {
  const [batch = 1, channels = 1, height = 1, width = 1] = shape;
  if (shape.length !== 4) return undefined;
  const space = axes.slice(2).map((axis) => ({ ...axis, scale: axis.scale / factor }));
  return {
    shape: [batch, channels / factor ** 2, height * factor, width * factor],
    axes: [axes[0] ?? PLAIN_AXIS, axes[1] ?? PLAIN_AXIS, ...space],
  };
}

function flattened(shape: readonly number[], axis: number): readonly number[] {
  const at = axis < 0 ? axis + shape.length : axis;
  return [product(shape.slice(0, at)), product(shape.slice(at))];
}

/** 0 keeps a length, -1 takes what is left. */
function wantedShape({ node, inputs }: NodeAtHand, shape: readonly number[]): readonly number[] | undefined {
  const said = inputs[1]?.values?.numbers;
  const keeps = numberOf(node, "allowzero", 0) === 0;
  const wanted = said?.map((length, axis) => (length === 0 && keeps ? (shape[axis] ?? 0) : length));
  if (wanted === undefined) return undefined;
  const rest = product(wanted.filter((length) => length !== -1));
  return wanted.map((length) => (length === -1 ? product(shape) / rest : length));
}

/** Axes of equal product on both sides belong together. */
function regroup({ notes }: NodeAtHand, first: Traced, wanted: readonly number[] | undefined): Traced | undefined {
  if (wanted === undefined || product(wanted) !== product(first.shape)) return undefined;
  const axes: TracedAxis[] = [];
  let [i, j] = [0, 0];
  while (j < wanted.length) {
    const [from, to] = [i, j];
    let [before, after] = [first.shape[i++] ?? 1, wanted[j++] ?? 1];
    while (before !== after && (i < first.shape.length || j < wanted.length)) {
      if (before < after && i < first.shape.length) before *= first.shape[i++] ?? 1;
      else if (j < wanted.length) after *= wanted[j++] ?? 1;
      else before *= first.shape[i++] ?? 1;
    }
    const group = first.axes.slice(from, i);
    if (group.filter((axis) => axis.from !== undefined).length > 1) notes.global = true;
    axes.push(...groupAxes(group, first.shape.slice(from, i), wanted.slice(to, j)));
  }
  return { shape: wanted, axes };
}

/** A single axis of the image keeps its place: the first of its parts, or the whole of what it was joined to. */
function groupAxes(
  group: readonly TracedAxis[],
  lengths: readonly number[],
  wanted: readonly number[],
): readonly TracedAxis[] {
  const images = group.filter((axis) => axis.from !== undefined);
  const [image] = images;
  if (image === undefined || images.length > 1) return wanted.map(() => PLAIN_AXIS);
  const length = lengths[group.indexOf(image)] ?? 1;
  const place = Math.max(0, wanted.indexOf(length));
  const scale = (image.scale * length) / (wanted[place] ?? 1);
  return wanted.map((_, i) => (i === place ? { ...image, scale } : PLAIN_AXIS));
}
