import { type Coordinate, filled, multiply, product } from "#dacapo/coordinate.ts";
import type { Convolution } from "./network.ts";
import type { Edge, OnnxGraph } from "./onnx-graph.ts";
import {
  activate,
  convolvedShape,
  directOperators,
  type Features,
  type Operators,
  repeatAxes,
  reshape,
} from "./onnx-operators.ts";
import { convolveAt, fromPoints, POINTS, replace, TAPS, TILE, toPoints } from "./onnx-winograd-points.ts";

/** Fewer channels than this are not worth the additions. */
const LEAST_INPUTS = 4;

/** For the processor: as the direct operators, with half the multiplications wherever a kernel is three voxels long along y. */
export function winogradOperators(graph: OnnxGraph): Operators {
  const direct = directOperators(graph);
  return {
    ...direct,
    repeat(x, factor) {
      const shape = multiply(x.shape, factor);
      return { ...x, edge: repeatSpace(graph, x, factor, [1, x.channels, ...shape]), shape };
    },
    spread(x, factor) {
      const channels = x.channels / product(factor);
      const shape = multiply(x.shape, factor);
      const edge = reshape(graph, spreadSpace(graph, x, channels, factor), [1, channels, ...shape]);
      return { edge, channels, shape };
    },
    convolve(x, convolution, padding, activation) {
      const shape = convolvedShape(x.shape, convolution.kernel, padding);
      const axis = shape.length - 2;
      if (!isWorthwhile(convolution, shape[axis] ?? 0, axis)) {
        return direct.convolve(x, convolution, padding, activation);
      }
      const tiling = { graph, axis, shape, channels: convolution.outputs };
      const inputs = toPoints(graph, inputRows(tiling, x, padding[axis] ?? 0));
      const products = inputs.map((edge, point) => convolveAt(point, { graph, axis }, edge, convolution, padding));
      return new TiledFeatures(
        direct,
        tiling,
        fromPoints(graph, products).map((row) => activate(graph, row, activation)),
      );
    },
  };
}

const tilesOf = (rows: number) => Math.ceil(rows / TILE);

/** A row that only fills up the last tile costs as much as any other. */
function isWorthwhile({ inputs, kernel }: Convolution, rows: number, axis: number): boolean {
  return kernel[axis] === TAPS && inputs >= LEAST_INPUTS && tilesOf(rows) * POINTS < 0.75 * TAPS * rows;
}

/** Of a result whose rows are cut into tiles of four along `axis`, y; the last tile may reach beyond the shape. */
type Tiling = {
  readonly graph: OnnxGraph;
  readonly axis: number;
  readonly channels: number;
  readonly shape: Coordinate;
};

/** The first rows of all tiles, the second, the third and the fourth: joined only if somebody other than the next convolution asks. */
class TiledFeatures implements Features {
  readonly channels: number;
  readonly shape: Coordinate;
  readonly rows: readonly Edge[];
  readonly #direct: Operators;
  readonly #tiling: Tiling;
  #edge: Edge | undefined;

  constructor(direct: Operators, tiling: Tiling, rows: readonly Edge[]) {
    this.channels = tiling.channels;
    this.shape = tiling.shape;
    this.rows = rows;
    this.#direct = direct;
    this.#tiling = tiling;
  }

  get edge(): Edge {
    this.#edge ??= this.#join();
    return this.#edge;
  }

  #join(): Edge {
    const { graph, axis, channels, shape } = this.#tiling;
    const tiles = tilesOf(shape[axis] ?? 0);
    const apart = [channels, ...shape.slice(0, axis), tiles, 1, ...shape.slice(axis + 1)];
    const rows = this.rows.map((row) => reshape(graph, row, apart));
    const long = replace(shape, axis, tiles * TILE);
    const edge = reshape(graph, graph.operator("Concat", rows, { axis: axis + 2 }), [1, channels, ...long]);
    if (tiles * TILE === shape[axis]) return edge;
    return this.#direct.slice({ edge, channels, shape: long }, filled(shape.length, 0), shape).edge;
  }
}

/** The first row that each tile of the result needs, the second, ... up to the sixth, which lies in the next tile. */
function inputRows(tiling: Tiling, x: Features, before: number): readonly Edge[] {
  return (x instanceof TiledFeatures && shiftRows(tiling, x, before)) || sliceRows(tiling, x, before);
}

function sliceRows({ graph, axis, shape }: Tiling, x: Features, before: number): readonly Edge[] {
  const tiles = tilesOf(shape[axis] ?? 0);
  const missing = tiles * TILE + TAPS - 1 - (x.shape[axis] ?? 0) - before;
  const padded = surround(graph, x, axis, before, missing);
  return Array.from({ length: POINTS }, (_, row) => {
    const bounds = [row, row + (tiles - 1) * TILE + 1, axis + 2, TILE].map((value) => graph.integers([value]));
    return graph.operator("Slice", [padded, ...bounds]);
  });
}

/** The rows of the layer before are this one's already, a tile further where they run over; undefined where its last tile is in the way. */
function shiftRows({ graph, axis, shape }: Tiling, x: TiledFeatures, before: number): readonly Edge[] | undefined {
  const length = x.shape[axis] ?? 0;
  if (before > 1 || (before === 1 && length % TILE !== 0)) return undefined;
  const [tiles, wanted] = [tilesOf(length), tilesOf(shape[axis] ?? 0)];
  const tiled = { channels: x.channels, shape: replace(x.shape, axis, tiles) };
  return Array.from({ length: POINTS }, (_, row) => {
    const from = row - before;
    const edge = x.rows[(from + TILE) % TILE] ?? "";
    const begin = Math.floor(from / TILE);
    const [front, back] = [Math.max(0, -begin), Math.max(0, begin + wanted - tiles)];
    if (front + back === 0 && wanted === tiles) return edge;
    const kept =
      begin === 0 && wanted >= tiles ? edge : cutTiles(graph, edge, axis, begin + front, begin + wanted - back);
    return surround(graph, { ...tiled, edge: kept }, axis, front, back);
  });
}

function cutTiles(graph: OnnxGraph, edge: Edge, axis: number, begin: number, end: number): Edge {
  return graph.operator("Slice", [edge, ...[begin, end, axis + 2].map((value) => graph.integers([value]))]);
}

/** Rows of zeros before and after: joining them is faster than a Pad on the processor. */
function surround(graph: OnnxGraph, x: Features, axis: number, before: number, after: number): Edge {
  if (before + after === 0) return x.edge;
  const zeros = (count: number): readonly Edge[] => {
    const shape = [1, x.channels, ...replace(x.shape, axis, count)];
    return count === 0 ? [] : [graph.operator("Expand", [graph.scalar(0), graph.integers(shape)])];
  };
  return graph.operator("Concat", [...zeros(before), x.edge, ...zeros(after)], { axis: axis + 2 });
}

/** Where depth is not repeated it counts as channels: a Resize of four axes is several times faster than one of five. */
function repeatSpace(graph: OnnxGraph, x: Features, factor: Coordinate, shape: readonly number[]): Edge {
  const [depth = 1, ...plane] = x.shape;
  if (factor.length < 3 || factor[0] !== 1) return repeatAxes(graph, x.edge, [1, 1, ...factor]);
  const flat = reshape(graph, x.edge, [1, x.channels * depth, ...plane]);
  return reshape(graph, repeatAxes(graph, flat, [1, 1, ...factor.slice(1)]), shape);
}

/** To [channels, z, factor z, y, factor y, x, factor x]: x by itself first, so that afterwards whole rows move. */
function spreadSpace(graph: OnnxGraph, x: Features, channels: number, factor: Coordinate): Edge {
  const [outer, inner] = [factor.slice(0, -1), factor.at(-1) ?? 1];
  const [height, width] = [product(x.shape.slice(0, -1)), x.shape.at(-1) ?? 1];
  const columns = reshape(graph, x.edge, [channels * product(outer), inner, height, width]);
  const rows = graph.operator("Transpose", [columns], { perm: [0, 2, 3, 1] });
  const parts = reshape(graph, rows, [channels, ...outer, ...x.shape.slice(0, -1), width * inner]);
  const perm = [0, ...outer.flatMap((_, axis) => [1 + outer.length + axis, 1 + axis]), 1 + 2 * outer.length];
  return graph.operator("Transpose", [parts], { perm });
}
