import { add, type Coordinate, equals, filled, floorDivide, multiply, product, subtract } from "#dacapo/coordinate.ts";
import type { Convolution } from "./network.ts";
import type { Edge, OnnxGraph } from "./onnx-graph.ts";

/** A tensor of the network: channels and spatial voxels, however its lowering lays it out. */
export type Features = { readonly edge: Edge; readonly channels: number; readonly shape: Coordinate };

export type Activation = "Relu" | "Sigmoid";

/** What a lowering must express; batch is one. Each call adds operators to the graph. */
export interface Operators {
  /** From the graph's input, [1, channels, ...shape]. */
  enter(edge: Edge, channels: number, shape: Coordinate): Features;
  /** To [1, channels, ...shape]. */
  leave(x: Features): Edge;
  /** `padding` voxels of zeros before and after each axis. */
  convolve(x: Features, convolution: Convolution, padding: Coordinate, activation?: Activation): Features;
  maxPool(x: Features, factor: Coordinate): Features;
  repeat(x: Features, factor: Coordinate): Features;
  /** Channels (output, ...position in factor) become voxels. */
  spread(x: Features, factor: Coordinate): Features;
  interpolate(x: Features, factor: Coordinate): Features;
  slice(x: Features, begin: Coordinate, shape: Coordinate): Features;
  pad(x: Features, before: Coordinate, after: Coordinate): Features;
  /** Channels of `a`, then of `b`. */
  concatenate(a: Features, b: Features): Features;
}

export const convolvedShape = (shape: Coordinate, kernel: Coordinate, padding: Coordinate): Coordinate =>
  subtract(add(shape, multiply(padding, 2)), subtract(kernel, 1));

export function elementwise(graph: OnnxGraph, type: Activation | "Add" | "Mul", ...xs: readonly Features[]): Features {
  const [first] = xs;
  if (first === undefined) throw new RangeError("an operator without operands");
  return {
    ...first,
    edge: graph.operator(
      type,
      xs.map(({ edge }) => edge),
    ),
  };
}

/** The edge itself where there is no activation. */
export const activate = (graph: OnnxGraph, edge: Edge, activation: Activation | undefined): Edge =>
  activation ? graph.operator(activation, [edge]) : edge;

/** The middle; where the difference is odd, the larger half is cut off at the end. */
export function cropCentre(operators: Operators, x: Features, shape: Coordinate): Features {
  if (equals(x.shape, shape)) return x;
  return operators.slice(x, floorDivide(subtract(x.shape, shape), 2), shape);
}

/** Operators on [1, channels, ...shape]. */
export function directOperators(graph: OnnxGraph): Operators {
  const whole = ({ channels, shape }: Omit<Features, "edge">) => [1, channels, ...shape];
  return {
    enter: (edge, channels, shape) => ({ edge, channels, shape }),
    leave: ({ edge }) => edge,
    convolve(x, convolution, padding, activation) {
      const { outputs, inputs, kernel, weight, bias } = convolution;
      const weights = [graph.weights([outputs, inputs, ...kernel], () => weight), graph.weights([outputs], () => bias)];
      const edge = graph.operator("Conv", [x.edge, ...weights], {
        kernel_shape: kernel,
        pads: [...padding, ...padding],
      });
      const shape = convolvedShape(x.shape, kernel, padding);
      return { edge: activate(graph, edge, activation), channels: outputs, shape };
    },
    maxPool: (x, factor) => ({
      ...x,
      edge: graph.operator("MaxPool", [x.edge], { kernel_shape: factor, strides: factor }),
      shape: floorDivide(x.shape, factor),
    }),
    repeat: (x, factor) => ({
      ...x,
      edge: repeatAxes(graph, x.edge, [1, 1, ...factor]),
      shape: multiply(x.shape, factor),
    }),
    spread(x, factor) {
      const channels = x.channels / product(factor);
      const axes = factor.length;
      const parts = reshape(graph, x.edge, [channels, ...factor, ...x.shape]);
      const perm = [0, ...factor.flatMap((_, axis) => [1 + axes + axis, 1 + axis])];
      const shape = multiply(x.shape, factor);
      const edge = reshape(graph, graph.operator("Transpose", [parts], { perm }), whole({ channels, shape }));
      return { edge, channels, shape };
    },
    interpolate: (x, factor) => ({
      ...x,
      edge: interpolateAxes(graph, x.edge, [1, 1, ...factor]),
      shape: multiply(x.shape, factor),
    }),
    slice: (x, begin, shape) => ({ ...x, edge: sliceAxes(graph, x.edge, begin, shape, firstAxes(2, shape)), shape }),
    pad: (x, before, after) => ({
      ...x,
      edge: graph.operator("Pad", [x.edge, graph.integers([0, 0, ...before, 0, 0, ...after])], { mode: "constant" }),
      shape: add(add(x.shape, before), after),
    }),
    concatenate: (a, b) => ({
      edge: graph.operator("Concat", [a.edge, b.edge], { axis: 1 }),
      channels: a.channels + b.channels,
      shape: a.shape,
    }),
  };
}

export function reshape(graph: OnnxGraph, edge: Edge, shape: readonly number[]): Edge {
  return graph.operator("Reshape", [edge, graph.integers(shape)]);
}

export const firstAxes = (first: number, shape: Coordinate) => filled(shape.length, first).map((n, axis) => n + axis);

export function repeatAxes(graph: OnnxGraph, edge: Edge, scales: readonly number[]): Edge {
  const attributes = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
  return graph.operator("Resize", [edge, "", graph.floats(scales)], attributes);
}

/** Linear, corners on corners. */
export function interpolateAxes(graph: OnnxGraph, edge: Edge, scales: readonly number[]): Edge {
  const attributes = { mode: "linear", coordinate_transformation_mode: "align_corners" };
  return graph.operator("Resize", [edge, "", graph.floats(scales)], attributes);
}

export function sliceAxes(
  graph: OnnxGraph,
  edge: Edge,
  begin: Coordinate,
  shape: Coordinate,
  axes: readonly number[],
): Edge {
  const bounds = [begin, add(begin, shape), axes].map((values) => graph.integers(values));
  return graph.operator("Slice", [edge, ...bounds]);
}
