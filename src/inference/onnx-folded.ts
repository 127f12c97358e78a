import { add, type Coordinate, floorDivide, multiply, product } from "#dacapo/coordinate.ts";
import type { Convolution } from "./network.ts";
import type { Edge, OnnxGraph } from "./onnx-graph.ts";
import {
  activate,
  convolvedShape,
  type Features,
  interpolateAxes,
  type Operators,
  repeatAxes,
  reshape,
  sliceAxes,
} from "./onnx-operators.ts";

/** How the taps along depth of one convolution are joined. */
export type DepthTaps = "concatenated" | "summed";

type Box = readonly [z: number, y: number, x: number];

const boxOf = ([z = 1, y = 1, x = 1]: Coordinate): Box => [z, y, x];

/** Operators of a 3-D network on [z, channels, y, x]: depth lies in the batch, so that every convolution is a 2-D one. */
export function foldedOperators(graph: OnnxGraph, taps: DepthTaps): Operators {
  return {
    enter(edge, channels, shape) {
      const [z, y, x] = boxOf(shape);
      const swapped = channels === 1 ? edge : graph.operator("Transpose", [edge], { perm: [0, 2, 1, 3, 4] });
      return { edge: reshape(graph, swapped, [z, channels, y, x]), channels, shape };
    },
    leave({ edge, channels, shape }) {
      if (channels === 1) return reshape(graph, edge, [1, 1, ...shape]);
      const [z, y, x] = boxOf(shape);
      return reshape(graph, graph.operator("Transpose", [edge], { perm: [1, 0, 2, 3] }), [1, channels, z, y, x]);
    },
    convolve(x, convolution, padding, activation) {
      const [depthPad, ...flatPad] = padding;
      const padded = depthPad ? padAxes(graph, x, [depthPad, 0, 0], [depthPad, 0, 0]) : x;
      const shape = convolvedShape(x.shape, convolution.kernel, padding);
      const pads = [...flatPad, ...flatPad];
      const join = taps === "summed" ? sumTaps : concatenateTaps;
      const edge = join(graph, padded, convolution, pads, shape[0] ?? 0);
      return { edge: activate(graph, edge, activation), channels: convolution.outputs, shape };
    },
    maxPool(x, factor) {
      const [fz, fy, fx] = boxOf(factor);
      const edge = graph.operator("MaxPool", [poolDepth(graph, x, fz)], { kernel_shape: [fy, fx], strides: [fy, fx] });
      return { ...x, edge, shape: floorDivide(x.shape, factor) };
    },
    repeat(x, factor) {
      const [fz, fy, fx] = boxOf(factor);
      return { ...x, edge: repeatAxes(graph, x.edge, [fz, 1, fy, fx]), shape: multiply(x.shape, factor) };
    },
    spread(x, factor) {
      const [fz, fy, fx] = boxOf(factor);
      const [z, height, width] = boxOf(x.shape);
      const channels = x.channels / product(factor);
      const parts = reshape(graph, x.edge, [z, channels, fz, fy, fx, height, width]);
      const mixed = graph.operator("Transpose", [parts], { perm: [0, 2, 1, 5, 3, 6, 4] });
      const edge = reshape(graph, mixed, [z * fz, channels, height * fy, width * fx]);
      return { edge, channels, shape: multiply(x.shape, factor) };
    },
    interpolate: (x, factor) => interpolateDeep(graph, x, factor),
    slice: (x, begin, shape) => ({ ...x, edge: sliceAxes(graph, x.edge, begin, shape, [0, 2, 3]), shape }),
    pad: (x, before, after) => padAxes(graph, x, before, after),
    concatenate: (a, b) => ({
      edge: graph.operator("Concat", [a.edge, b.edge], { axis: 1 }),
      channels: a.channels + b.channels,
      shape: a.shape,
    }),
  };
}

function padAxes(graph: OnnxGraph, x: Features, before: Coordinate, after: Coordinate): Features {
  const [[z0, y0, x0], [z1, y1, x1]] = [boxOf(before), boxOf(after)];
  const amounts = graph.integers([z0, 0, y0, x0, z1, 0, y1, x1]);
  const edge = graph.operator("Pad", [x.edge, amounts], { mode: "constant" });
  return { ...x, edge, shape: add(add(x.shape, before), after) };
}

/** Slices `depth` long from each of the kernel's places along z. */
function tapsOf(graph: OnnxGraph, x: Features, kernelDepth: number, depth: number): readonly Edge[] {
  if (kernelDepth === 1) return [x.edge];
  return Array.from({ length: kernelDepth }, (_, tap) => sliceAxes(graph, x.edge, [tap], [depth], [0]));
}

function concatenateTaps(
  graph: OnnxGraph,
  x: Features,
  convolution: Convolution,
  pads: Coordinate,
  depth: number,
): Edge {
  const { inputs, outputs, bias } = convolution;
  const [kz, ky, kx] = boxOf(convolution.kernel);
  const taps = tapsOf(graph, x, kz, depth);
  const joined = taps.length > 1 ? graph.operator("Concat", taps, { axis: 1 }) : x.edge;
  const weights = graph.weights([outputs, kz * inputs, ky, kx], () => tapsFirst(convolution));
  const kernel = { kernel_shape: [ky, kx], pads };
  return graph.operator("Conv", [joined, weights, graph.weights([outputs], () => bias)], kernel);
}

/** From [out, in, z, y, x] to [out, (z, in), y, x]. */
function tapsFirst({ inputs, outputs, kernel, weight }: Convolution): Float32Array {
  const [kz, ky, kx] = boxOf(kernel);
  if (kz === 1) return weight;
  const plane = ky * kx;
  const result = new Float32Array(weight.length);
  for (let output = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++)
      for (let tap = 0; tap < kz; tap++) {
        const from = ((output * inputs + input) * kz + tap) * plane;
        const to = ((output * kz + tap) * inputs + input) * plane;
        for (let at = 0; at < plane; at++) result[to + at] = weight[from + at] ?? 0;
      }
  return result;
}

function sumTaps(graph: OnnxGraph, x: Features, convolution: Convolution, pads: Coordinate, depth: number): Edge {
  const { inputs, outputs, bias } = convolution;
  const [kz, ky, kx] = boxOf(convolution.kernel);
  const kernel = { kernel_shape: [ky, kx], pads };
  const convolved = tapsOf(graph, x, kz, depth).map((edge, tap) => {
    const weights = graph.weights([outputs, inputs, ky, kx], () => tapOf(convolution, tap));
    const biases = tap === 0 ? [graph.weights([outputs], () => bias)] : [];
    return graph.operator("Conv", [edge, weights, ...biases], kernel);
  });
  return convolved.reduce((sum, edge) => graph.operator("Add", [sum, edge]));
}

function tapOf({ inputs, outputs, kernel, weight }: Convolution, tap: number): Float32Array {
  const [kz, ky, kx] = boxOf(kernel);
  if (kz === 1) return weight;
  const plane = ky * kx;
  const result = new Float32Array(outputs * inputs * plane);
  for (let pair = 0; pair < outputs * inputs; pair++) {
    const from = (pair * kz + tap) * plane;
    for (let at = 0; at < plane; at++) result[pair * plane + at] = weight[from + at] ?? 0;
  }
  return result;
}

/** The maximum of each `factor` neighbours along z. */
function poolDepth(graph: OnnxGraph, x: Features, factor: number): Edge {
  if (factor === 1) return x.edge;
  const [z] = boxOf(x.shape);
  const [end, axis, step] = [graph.integers([z]), graph.integers([0]), graph.integers([factor])];
  const slices = Array.from({ length: factor }, (_, at) =>
    graph.operator("Slice", [x.edge, graph.integers([at]), end, axis, step]),
  );
  return graph.operator("Max", slices);
}

/** 5-D for the operator itself: linear interpolation leaves the batch alone. */
function interpolateDeep(graph: OnnxGraph, x: Features, factor: Coordinate): Features {
  const { channels } = x;
  const unfold = (edge: Edge) => (channels === 1 ? edge : graph.operator("Transpose", [edge], { perm: [1, 0, 2, 3] }));
  const shape = multiply(x.shape, factor);
  const deep = reshape(graph, unfold(x.edge), [1, channels, ...x.shape]);
  const resized = interpolateAxes(graph, deep, [1, 1, ...factor]);
  const [z, height, width] = boxOf(shape);
  const flat = channels === 1 ? [z, 1, height, width] : [channels, z, height, width];
  return { channels, shape, edge: unfold(reshape(graph, resized, flat)) };
}
