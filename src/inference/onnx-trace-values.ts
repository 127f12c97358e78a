import { product } from "#dacapo/coordinate.ts";
import type { GraphNode, SmallValues } from "./onnx-nodes.ts";
import { sliceLength, sliceRanges } from "./onnx-trace-slices.ts";
import { type NodeAtHand, numberOf } from "./onnx-traced.ts";

// The numbers that a graph works out of shapes: sizes of crops, paddings and enlargements.

const MAX_VALUES = 64;

/** The numbers of a node's result where those of its inputs are known. */
export function valuesOf(at: NodeAtHand, shape: readonly number[]): SmallValues | undefined {
  const count = product(shape);
  if (!(count <= MAX_VALUES)) return undefined;
  const found = compute(at, shape);
  return found?.numbers.length === count ? found : undefined;
}

function compute(at: NodeAtHand, shape: readonly number[]): SmallValues | undefined {
  const { node, inputs } = at;
  const [first, second] = inputs;
  switch (node.operator) {
    case "Shape":
      return first && { numbers: first.shape, isFloat: false };
    case "Cast":
      return first?.values && cast(first.values, numberOf(node, "to", 0));
    case "Gather":
      return gather(at);
    case "Concat":
      return concat(at);
    case "Slice":
      return slice(at);
    case "Transpose":
      return first?.values && transpose(first.values, first.shape);
    case "ConstantOfShape":
      return fillOf(node, product(shape));
    case "Range":
      return count(at, product(shape));
    case "Identity":
    case "Unsqueeze":
    case "Squeeze":
    case "Reshape":
      return first?.values;
    case "ReduceProd":
      return first?.values && { ...first.values, numbers: [product(first.values.numbers)] };
    default:
      return second ? binary(at, shape) : unary(at);
  }
}

const FLOAT_TYPES = [1, 10, 11, 16];

function cast({ numbers, isFloat }: SmallValues, to: number): SmallValues {
  const toFloat = FLOAT_TYPES.includes(to);
  return { numbers: isFloat && !toFloat ? numbers.map(Math.trunc) : numbers, isFloat: toFloat };
}

function gather({ inputs: [data, indices] }: NodeAtHand): SmallValues | undefined {
  if (data?.values === undefined || indices?.values === undefined || data.shape.length !== 1) return undefined;
  const { numbers, isFloat } = data.values;
  return { numbers: indices.values.numbers.map((index) => numbers.at(index) ?? Number.NaN), isFloat };
}

/** Of lists; longer tensors are no numbers of ours. */
function concat({ inputs }: NodeAtHand): SmallValues | undefined {
  const lists = inputs.map((input) => (input && input.shape.length <= 1 ? input.values : undefined));
  if (lists.some((list) => list === undefined)) return undefined;
  return {
    numbers: lists.flatMap((list) => list?.numbers ?? []),
    isFloat: lists.some((list) => list?.isFloat === true),
  };
}

/** Along the first axis, of lists and of rows. */
function slice(at: NodeAtHand): SmallValues | undefined {
  const [first] = at.inputs;
  const ranges = first?.values && sliceRanges(at, first.shape.length);
  const [range] = ranges ?? [];
  if (first?.values === undefined || range?.axis !== 0 || ranges?.length !== 1) return undefined;
  const [length = 1, ...rest] = first.shape;
  const row = product(rest);
  const total = sliceLength(length, range.start, range.end, range.step);
  const place = range.start < 0 ? range.start + length : range.start;
  const begin = range.step > 0 ? Math.max(0, place) : Math.min(place, length - 1);
  const { numbers, isFloat } = first.values;
  const rows = Array.from({ length: total }, (_, i) => {
    const from = (begin + i * range.step) * row;
    return numbers.slice(from, from + row);
  });
  return { numbers: rows.flat(), isFloat };
}

/** Of two axes, as exports of paddings do. */
function transpose({ numbers, isFloat }: SmallValues, [rows = 1, columns = 1, ...rest]: readonly number[]) {
  if (rest.length > 0) return undefined;
  return {
    isFloat,
    numbers: numbers.map((_, i) => numbers[(i % rows) * columns + Math.floor(i / rows)] ?? Number.NaN),
  };
}

function fillOf(node: GraphNode, total: number): SmallValues {
  const value = node.attributes.get("value");
  const given = typeof value === "object" && "shape" in value ? value.values : undefined;
  const fill = given?.numbers[0] ?? 0;
  return { numbers: Array.from({ length: total }, () => fill), isFloat: given?.isFloat ?? true };
}

function count({ inputs: [from, , step] }: NodeAtHand, total: number): SmallValues | undefined {
  const [begin, by] = [from?.values?.numbers[0], step?.values?.numbers[0]];
  if (begin === undefined || by === undefined) return undefined;
  return { numbers: Array.from({ length: total }, (_, i) => begin + i * by), isFloat: from?.values?.isFloat ?? false };
}

const unaries: ReadonlyMap<string, (value: number) => number> = new Map([
  ["Abs", Math.abs],
  ["Ceil", Math.ceil],
  ["Floor", Math.floor],
  ["Neg", (value: number) => -value],
  ["Not", (value: number) => (value === 0 ? 1 : 0)],
  ["Round", Math.round],
  ["Sqrt", Math.sqrt],
]);

function unary({ node, inputs: [first] }: NodeAtHand): SmallValues | undefined {
  const apply = unaries.get(node.operator);
  return apply && first?.values && { ...first.values, numbers: first.values.numbers.map((value) => apply(value)) };
}

type Binary = (a: number, b: number, isFloat: boolean) => number;

const binaries: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ["Add", (a, b) => a + b],
  ["Sub", (a, b) => a - b],
  ["Mul", (a, b) => a * b],
  ["Div", (a, b, isFloat) => (isFloat ? a / b : Math.trunc(a / b))],
  ["Mod", (a, b) => a - b * Math.floor(a / b)],
  ["Max", (a, b) => Math.max(a, b)],
  ["Min", (a, b) => Math.min(a, b)],
  ["Equal", (a, b) => Number(a === b)],
  ["Greater", (a, b) => Number(a > b)],
  ["Less", (a, b) => Number(a < b)],
]);

function binary({ node, inputs: [first, second, third] }: NodeAtHand, shape: readonly number[]) {
  const [a, b] = [first?.values, second?.values];
  if (a === undefined || b === undefined || shape.length > 1) return undefined;
  const total = product(shape);
  const pick = ({ numbers }: SmallValues, i: number) => numbers[numbers.length === 1 ? 0 : i] ?? Number.NaN;
  const places = Array.from({ length: total }, (_, i) => i);
  if (node.operator === "Where" && third?.values) {
    const other = third.values;
    return { isFloat: b.isFloat, numbers: places.map((i) => (pick(a, i) === 0 ? pick(other, i) : pick(b, i))) };
  }
  const apply = binaries.get(node.operator);
  const isFloat = a.isFloat || b.isFloat;
  return apply && { isFloat, numbers: places.map((i) => apply(pick(a, i), pick(b, i), isFloat)) };
}
