import type { Coordinate } from "#dacapo/coordinate.ts";
import type { Convolution } from "./network.ts";
import type { Edge, OnnxGraph } from "./onnx-graph.ts";

// F(4, 3) of Winograd along y: six products give four rows of a kernel of three, where plain arithmetic takes twelve (Lavin and Gray,
// arXiv 1509.09308). The points are 0, +-a, +-b and infinity with a = 1 / b: they round half as much as the usual 0, +-1 and +-2.
// What is added and subtracted are whole rows.

export const TILE = 4;
export const TAPS = 3;
const A = Math.SQRT1_2;
const B = Math.SQRT2;

/** From the kernel's three taps to its value at each point, divided by the products of what lies between the points. */
const KERNEL_POINTS = [
  [1, 0, 0],
  [-2 / 3, (-2 / 3) * A, -1 / 3],
  [-2 / 3, (2 / 3) * A, -1 / 3],
  [1 / 6, B / 6, 1 / 3],
  [1 / 6, -B / 6, 1 / 3],
  [0, 0, 1],
] as const;

export const POINTS = KERNEL_POINTS.length;

/** What of the bias to add to the product at each point so that all of it is added once to every row. */
const BIAS_POINTS = [-1, 1 + A, 1 - A, 0, 0, 1 / 2] as const;

export const replace = (shape: Coordinate, axis: number, length: number): Coordinate =>
  shape.map((own, i) => (i === axis ? length : own));

type Term = Edge | undefined;

function arithmetic(graph: OnnxGraph) {
  const apply = (type: string) => (a: Term, b: Term) => graph.operator(type, [a ?? "", b ?? ""]);
  const times = (factor: number, a: Term) => apply("Mul")(graph.scalar(factor), a);
  return { plus: apply("Add"), minus: apply("Sub"), times };
}

/** The six rows that make a tile to their values at the six points. */
export function toPoints(graph: OnnxGraph, [d0, d1, d2, d3, d4, d5]: readonly Edge[]): readonly Edge[] {
  const { plus, minus, times } = arithmetic(graph);
  const twice = times(2, d2);
  const [evenA, oddA] = [minus(d4, twice), times(A, minus(d3, times(2, d1)))];
  const [evenB, oddB] = [minus(d4, times(1 / 2, d2)), times(B, minus(d3, times(1 / 2, d1)))];
  return [
    plus(minus(d0, twice), evenB),
    plus(evenA, oddA),
    minus(evenA, oddA),
    plus(evenB, oddB),
    minus(evenB, oddB),
    plus(minus(d1, times(5 / 2, d3)), d5),
  ];
}

/** The products at the six points to the four rows of a tile. */
export function fromPoints(graph: OnnxGraph, [m0, m1, m2, m3, m4, m5]: readonly Edge[]): readonly Edge[] {
  const { plus, minus, times } = arithmetic(graph);
  const [evenA, oddA] = [plus(m1, m2), times(A, minus(m1, m2))];
  const [evenB, oddB] = [plus(m3, m4), times(B, minus(m3, m4))];
  return [
    plus(plus(m0, evenA), evenB),
    plus(oddA, oddB),
    plus(times(1 / 2, evenA), times(2, evenB)),
    plus(plus(times(1 / 2, oddA), times(2, oddB)), m5),
  ];
}

/** The product of one row's values at a point with the kernel's there. `axis` is that of the rows. */
export function convolveAt(
  point: number,
  { graph, axis }: { readonly graph: OnnxGraph; readonly axis: number },
  edge: Edge,
  convolution: Convolution,
  padding: Coordinate,
): Edge {
  const { inputs, outputs, bias } = convolution;
  const kernel = replace(convolution.kernel, axis, 1);
  const pads = replace(padding, axis, 0);
  const weights = graph.weights([outputs, inputs, ...kernel], () => kernelAt(convolution, KERNEL_POINTS[point] ?? []));
  const share = BIAS_POINTS[point] ?? 0;
  const biases = share === 0 ? [] : [graph.weights([outputs], () => bias.map((value) => share * value))];
  return graph.operator("Conv", [edge, weights, ...biases], { kernel_shape: kernel, pads: [...pads, ...pads] });
}

/** From [..., y, x] to [..., 1, x]. */
function kernelAt({ weight, kernel }: Convolution, factors: readonly number[]): Float32Array {
  const width = kernel.at(-1) ?? 1;
  return Float32Array.from({ length: weight.length / TAPS }, (_, at) => {
    const from = Math.floor(at / width) * TAPS * width + (at % width);
    return factors.reduce((sum, factor, tap) => sum + factor * (weight[from + tap * width] ?? 0), 0);
  });
}
