import type { GraphNode } from "./onnx-nodes.ts";
import { traceReshape } from "./onnx-trace-reshape.ts";
import { valuesOf } from "./onnx-trace-values.ts";
import { traceWindow } from "./onnx-trace-windows.ts";
import {
  isSound,
  type NodeAtHand,
  numberOf,
  numbersOf,
  PLAIN_AXIS,
  type Traced,
  type TracedAxis,
  type TraceNotes,
} from "./onnx-traced.ts";

type Rule = (at: NodeAtHand) => Traced | readonly Traced[] | undefined;

/** Undefined for an operator whose result's shape does not follow from what is known. */
export function traceNode(
  node: GraphNode,
  find: (name: string) => Traced | undefined,
  notes: TraceNotes,
): readonly Traced[] | undefined {
  const inputs = node.inputs.map((name) => (name === "" ? undefined : find(name)));
  const lacking = node.inputs.some((name, i) => name !== "" && inputs[i] === undefined);
  const rule = node.domain === "" ? rules.get(node.operator) : undefined;
  if (lacking || rule === undefined) return undefined;
  const found = rule({ node, inputs, notes });
  if (found === undefined) return undefined;
  const results = Array.isArray(found) ? (found as readonly Traced[]) : [found as Traced];
  if (!results.every(isSound)) return undefined;
  return Array.isArray(found) ? results : results.flatMap((result) => withValues({ node, inputs, notes }, result));
}

/** Numbers that follow from shapes are carried along. */
function withValues(at: NodeAtHand, result: Traced): readonly Traced[] {
  const values = result.values ?? valuesOf(at, result.shape);
  return [values ? { ...result, values } : result];
}

/** The first input's shape. */
const same: Rule = ({ inputs: [first] }) => first && { shape: first.shape, axes: first.axes };

/** A norm over the image: what one voxel becomes depends on all. */
const overImage: Rule = (at) => {
  at.notes.global = true;
  return same(at);
};

const along: Rule = (at) => {
  const [first] = at.inputs;
  const axis = toAxis(numberOf(at.node, "axis", -1), first?.shape.length ?? 0);
  if (first?.axes[axis]?.from !== undefined) at.notes.global = true;
  return same(at);
};

function toAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Tensors of equal rank or less, aligned at their last axis. */
const broadcast: Rule = ({ inputs, notes }) => {
  const given = inputs.flatMap((input) => input ?? []);
  const rank = Math.max(...given.map(({ shape }) => shape.length), 0);
  const axes = Array.from({ length: rank }, (_, axis) => joinAxes(given, axis - rank, notes));
  return { shape: axes.map(({ length }) => length), axes: axes.map(({ axis }) => axis) };
};

/** `at`: from the end, negative. */
function joinAxes(given: readonly Traced[], at: number, notes: TraceNotes) {
  const lengths = given.map(({ shape }) => shape.at(at) ?? 1).filter((length) => length !== 1);
  if (new Set(lengths).size > 1) notes.issues++;
  const own = given.flatMap(({ shape, axes }) => (shape.at(at) === undefined ? [] : (axes.at(at) ?? [])));
  return { length: lengths.length === 0 ? 1 : Math.min(...lengths), axis: mergeAxes(own) };
}

/** One that comes from the image, where there is one, with the widest view of all. */
function mergeAxes(axes: readonly TracedAxis[]): TracedAxis {
  const first = axes.find(({ from }) => from !== undefined) ?? axes[0] ?? PLAIN_AXIS;
  return { ...first, field: Math.max(...axes.map(({ field }) => field), first.field) };
}

const concat: Rule = ({ node, inputs, notes }) => {
  const given = inputs.flatMap((input) => input ?? []);
  const [first] = given;
  if (first === undefined) return undefined;
  const axis = toAxis(numberOf(node, "axis", 0), first.shape.length);
  const joined = first.shape.map((_, i) => {
    if (i !== axis) return joinAxes(given, i - first.shape.length, notes);
    const length = given.reduce((sum, { shape }) => sum + (shape[i] ?? 0), 0);
    return { length, axis: mergeAxes(given.flatMap(({ axes }) => axes[i] ?? [])) };
  });
  return { shape: joined.map(({ length }) => length), axes: joined.map((each) => each.axis) };
};

const transpose: Rule = ({ node, inputs: [first] }) => {
  if (first === undefined) return undefined;
  const order = numbersOf(node, "perm") ?? first.shape.map((_, i) => first.shape.length - 1 - i);
  return {
    shape: order.map((axis) => first.shape[axis] ?? 1),
    axes: order.map((axis) => first.axes[axis] ?? PLAIN_AXIS),
  };
};

/** Axes by an input (newer opsets) or an attribute. */
function axesOf(at: NodeAtHand, input: number, rank: number): readonly number[] | undefined {
  const given = at.inputs[input];
  const list = given ? given.values?.numbers : numbersOf(at.node, "axes");
  return list?.map((axis) => toAxis(axis, rank));
}

const unsqueeze: Rule = (at) => {
  const [first] = at.inputs;
  const added = at.inputs[1]?.values?.numbers ?? numbersOf(at.node, "axes");
  if (first === undefined || added === undefined) return undefined;
  const rank = first.shape.length + added.length;
  const places = new Set(added.map((axis) => toAxis(axis, rank)));
  let next = 0;
  const parts = Array.from({ length: rank }, (_, axis) =>
    places.has(axis)
      ? { length: 1, axis: PLAIN_AXIS }
      : { length: first.shape[next] ?? 1, axis: first.axes[next++] ?? PLAIN_AXIS },
  );
  return { shape: parts.map(({ length }) => length), axes: parts.map((part) => part.axis) };
};

const squeeze: Rule = (at) => {
  const [first] = at.inputs;
  if (first === undefined) return undefined;
  const given = axesOf(at, 1, first.shape.length);
  return dropAxes(first, given ?? first.shape.flatMap((length, axis) => (length === 1 ? [axis] : [])));
};

function dropAxes({ shape, axes }: Traced, dropped: readonly number[]): Traced {
  const isKept = (_: unknown, axis: number) => !dropped.includes(axis);
  return { shape: shape.filter(isKept), axes: axes.filter(isKept) };
}

const reduce: Rule = (at) => {
  const [first] = at.inputs;
  if (first === undefined || (at.inputs[1] && !at.inputs[1].values)) return undefined;
  const over = axesOf(at, 1, first.shape.length) ?? first.shape.map((_, axis) => axis);
  return reduceOver(at, first, over, numberOf(at.node, "keepdims", 1) !== 0);
};

const reduceOne: Rule = (at) => {
  const [first] = at.inputs;
  const axis = toAxis(numberOf(at.node, "axis", 0), first?.shape.length ?? 0);
  return first && reduceOver(at, first, [axis], numberOf(at.node, "keepdims", 1) !== 0);
};

function reduceOver({ notes }: NodeAtHand, first: Traced, over: readonly number[], keeps: boolean): Traced {
  if (over.some((axis) => first.axes[axis]?.from !== undefined)) notes.global = true;
  const shape = first.shape.map((length, axis) => (over.includes(axis) ? 1 : length));
  const axes = first.axes.map((own, axis) => (over.includes(axis) ? PLAIN_AXIS : own));
  return keeps ? { shape, axes } : dropAxes({ shape, axes }, over);
}

const gather: Rule = ({ node, inputs: [data, indices] }) => {
  if (data === undefined || indices === undefined) return undefined;
  const axis = toAxis(numberOf(node, "axis", 0), data.shape.length);
  const shape = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)];
  const axes = [...data.axes.slice(0, axis), ...indices.shape.map(() => PLAIN_AXIS), ...data.axes.slice(axis + 1)];
  return { shape, axes };
};

const constant: Rule = ({ node }) => {
  const value = node.attributes.get("value");
  if (typeof value === "object" && "shape" in value)
    return {
      shape: value.shape,
      axes: value.shape.map(() => PLAIN_AXIS),
      ...(value.values && { values: value.values }),
    };
  for (const [name, isFloat] of constantKinds) {
    const found = node.attributes.get(name);
    if (typeof found === "number") return { shape: [], axes: [], values: { numbers: [found], isFloat } };
    const list = found === undefined ? undefined : numbersOf(node, name);
    if (list) return { shape: [list.length], axes: [PLAIN_AXIS], values: { numbers: list, isFloat } };
  }
  return undefined;
};

const constantKinds = [
  ["value_int", false],
  ["value_ints", false],
  ["value_float", true],
  ["value_floats", true],
] as const;

/** A shape of numbers: of as many as the input says. */
const asSaid: Rule = ({ inputs: [shape] }) =>
  shape?.values && { shape: shape.values.numbers, axes: shape.values.numbers.map(() => PLAIN_AXIS) };

const expand: Rule = (at) => {
  const wanted = at.inputs[1]?.values?.numbers;
  const [first] = at.inputs;
  if (first === undefined || wanted === undefined) return undefined;
  return broadcast({ ...at, inputs: [first, { shape: wanted, axes: wanted.map(() => PLAIN_AXIS) }] });
};

const shapeOf: Rule = ({ inputs: [first] }) => first && { shape: [first.shape.length], axes: [PLAIN_AXIS] };

const range: Rule = ({ inputs }) => {
  const [from, to, step] = inputs.map((input) => input?.values?.numbers[0]);
  if (from === undefined || to === undefined || step === undefined || step === 0) return undefined;
  return { shape: [Math.max(0, Math.ceil((to - from) / step))], axes: [PLAIN_AXIS] };
};

const split: Rule = (at) => {
  const { node, inputs } = at;
  const [first] = inputs;
  if (first === undefined) return undefined;
  const axis = toAxis(numberOf(node, "axis", 0), first.shape.length);
  const count = node.outputs.length;
  const each = Math.ceil((first.shape[axis] ?? 0) / count);
  const equal = Array.from({ length: count }, (_, i) =>
    Math.min(each, Math.max(0, (first.shape[axis] ?? 0) - i * each)),
  );
  const lengths = inputs[1] ? inputs[1].values?.numbers : (numbersOf(node, "split") ?? equal);
  return lengths?.map((length) => ({
    shape: first.shape.map((own, i) => (i === axis ? length : own)),
    axes: first.axes,
  }));
};

const matMul: Rule = ({ inputs: [a, b], notes }) => {
  const [rows, columns] = [a?.shape.at(-2), b?.shape.at(-1)];
  if (a === undefined || b === undefined || rows === undefined || columns === undefined) return undefined;
  if (a.axes.at(-1)?.from !== undefined || b.axes.at(-2)?.from !== undefined) notes.global = true;
  const rest = broadcast({ node: emptyNode, inputs: [withoutLast(a, 2), withoutLast(b, 2)], notes }) as Traced;
  return {
    shape: [...rest.shape, rows, columns],
    axes: [...rest.axes, a.axes.at(-2) ?? PLAIN_AXIS, b.axes.at(-1) ?? PLAIN_AXIS],
  };
};

const emptyNode: GraphNode = { operator: "", domain: "", inputs: [], outputs: [], attributes: new Map() };

function withoutLast({ shape, axes }: Traced, count: number): Traced {
  return { shape: shape.slice(0, -count), axes: axes.slice(0, -count) };
}

const named = (names: string, rule: Rule) => names.split(/\s+/).map((name) => [name, rule] as const);

/** Operators of networks for images. What is not here ends the way; a model can be run all the same. */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...named(
    `Abs Acos Asin Atan BatchNormalization BitShift Cast CastLike Ceil Celu Clip Cos Cosh Dropout Elu Erf Exp Floor Gelu HardSigmoid
    HardSwish Identity IsInf IsNaN LeakyRelu Log LRN Mish Neg Not PRelu Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh
    Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu`,
    same,
  ),
  ...named("InstanceNormalization GroupNormalization MeanVarianceNormalization", overImage),
  ...named("Softmax LogSoftmax Hardmax LpNormalization LayerNormalization RMSNormalization CumSum", along),
  ...named(
    "Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul Or Pow Sub Sum Where Xor",
    broadcast,
  ),
  ...named(
    "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare",
    reduce,
  ),
  ...named("ArgMax ArgMin", reduceOne),
  ...named(
    `AveragePool Conv ConvTranspose GlobalAveragePool GlobalLpPool GlobalMaxPool LpPool MaxPool Pad Resize Slice Upsample`,
    (at) => traceWindow(at),
  ),
  ...named("DepthToSpace Flatten Reshape SpaceToDepth", (at) => traceReshape(at)),
  ["Concat", concat],
  ["Constant", constant],
  ["ConstantOfShape", asSaid],
  ["Expand", expand],
  ["Gather", gather],
  ["MatMul", matMul],
  ["Range", range],
  ["Shape", shapeOf],
  ["Split", split],
  ["Squeeze", squeeze],
  ["Transpose", transpose],
  ["Unsqueeze", unsqueeze],
]);
