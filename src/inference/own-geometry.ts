import type { Coordinate } from "#dacapo/coordinate.ts";
import { filled, multiply, product, subtract } from "#dacapo/coordinate.ts";
import type { BlockGeometry } from "./block-geometry.ts";
import type { BlockCost } from "./memory-estimate.ts";
import type { GraphNodes } from "./onnx-nodes.ts";
import type { OnnxTrace } from "./onnx-trace.ts";
import { type OwnPorts, tracePorts } from "./own-ports.ts";

/** What a model makes of one size of input. */
export type KnownPair = {
  readonly inputShape: Coordinate;
  readonly outputShape: Coordinate;
  readonly outputChannels: number;
};

export type OwnGeometryRequest = {
  readonly ports: OwnPorts;
  readonly graph: GraphNodes;
  /** Tried first, where the model takes any: a run's own block, a package's smallest. */
  readonly preferred?: readonly Coordinate[];
  /** Output voxels at each end of a block that a package says are not to be used. */
  readonly halo?: Coordinate;
  /** For a graph whose shapes cannot be followed: what was found by running it, or what its file says. */
  readonly pair?: KnownPair;
};

export type OwnGeometry = {
  readonly geometry: BlockGeometry;
  /** Input voxels that one voxel of the output depends on; undefined where that is not known. */
  readonly receptiveField: Coordinate | undefined;
  /** Sentences about what cannot be as exact as one would wish. */
  readonly notes: readonly string[];
};

/** Undefined where neither the graph nor anything else tells what comes out. */
export function toOwnGeometry(request: OwnGeometryRequest): OwnGeometry | undefined {
  const { ports, graph, pair } = request;
  const shapes = createShapes(graph, ports);
  const base = shapes.known ? findBase(request, shapes) : undefined;
  if (base !== undefined) return tracedGeometry(request, shapes, base);
  return pair && pairGeometry(request, pair);
}

/** Traces by shape: planning asks for the same again and again. */
type Shapes = { readonly known: boolean; of(inputShape: Coordinate): OnnxTrace | undefined };

function createShapes(graph: GraphNodes, ports: OwnPorts): Shapes {
  const found = new Map<string, OnnxTrace | undefined>();
  const { layout } = ports.input;
  const trace = (inputShape: Coordinate) =>
    tracePorts(graph, ports.input.name, ports.output.name, { ...ports, layout }, inputShape);
  const of = (inputShape: Coordinate) => {
    const key = inputShape.join("x");
    if (!found.has(key)) found.set(key, trace(inputShape));
    return found.get(key);
  };
  const first = of(ports.fixed.map((length) => length ?? FIRST_VOXELS));
  return { known: first !== undefined && spatialOutput(first, ports) !== undefined, of };
}

const FIRST_VOXELS = 64;

type Output = {
  readonly shape: Coordinate;
  readonly channels: number;
  readonly scale: Coordinate;
  readonly field: Coordinate;
};

/** In the order of the input's spatial axes. */
function spatialOutput({ output }: OnnxTrace, { output: { layout }, dimensions }: OwnPorts): Output | undefined {
  const places = Array.from({ length: dimensions }, (_, axis) => output.axes.findIndex(({ from }) => from === axis));
  if (places.some((place) => place < 0) || output.shape.length !== layout.length) return undefined;
  const pick = (read: (place: number) => number) => places.map(read);
  return {
    shape: pick((place) => output.shape[place] ?? 0),
    channels: layout.includes("c") ? (output.shape[layout.indexOf("c")] ?? 1) : 1,
    scale: pick((place) => output.axes[place]?.scale ?? 1),
    field: pick((place) => output.axes[place]?.field ?? 1),
  };
}

/** An input of which every size divides as the network wants it. */
function findBase({ ports, preferred = [] }: OwnGeometryRequest, shapes: Shapes): Coordinate | undefined {
  const fits = (shape: Coordinate) => isAllowed(shape, ports) && shapes.of(shape)?.notes.issues === 0;
  const wished = preferred.find((shape) => shape.length === ports.dimensions && fits(shape));
  if (wished) return wished;
  const start = ports.fixed.map((length) => length ?? FIRST_VOXELS);
  const first = shapes.of(start);
  const output = first && spatialOutput(first, ports);
  if (first === undefined || output === undefined) return undefined;
  if (ports.fixed.every((length) => length !== undefined)) return start; // taken as it is, whatever it does inside
  const least = ports.fixed.map((_, axis) => Math.max(16, (output.field[axis] ?? 1) + (first.step[axis] ?? 1)));
  const isSane = first.step.every((length) => length <= MAX_STEP) && least.every((length) => length <= MAX_LEAST);
  return isSane ? searchBase(shapes, ports, first.step, least) : undefined;
}

/** Voxels; far beyond what networks for images have. */
const MAX_STEP = 256;
const MAX_LEAST = 4096;

function isAllowed(shape: Coordinate, { fixed }: OwnPorts): boolean {
  return fixed.every((length, axis) => length === undefined || length === shape[axis]);
}

/** Axis by axis, the length from `least` on with the fewest issues: what happens along one does not depend on the others. */
function searchBase(shapes: Shapes, { fixed }: OwnPorts, step: Coordinate, least: Coordinate): Coordinate | undefined {
  let best = fixed.map((length, axis) => length ?? least[axis] ?? 1);
  for (const [axis, length] of fixed.entries()) {
    if (length !== undefined) continue;
    const tries = Array.from({ length: step[axis] ?? 1 }, (_, i) => best.with(axis, (least[axis] ?? 1) + i));
    const issues = (shape: Coordinate) => shapes.of(shape)?.notes.issues ?? Number.POSITIVE_INFINITY;
    best = [...tries].sort((a, b) => issues(a) - issues(b))[0] ?? best;
  }
  return shapes.of(best)?.notes.issues === 0 ? best : undefined;
}

function tracedGeometry(request: OwnGeometryRequest, shapes: Shapes, base: Coordinate): OwnGeometry | undefined {
  const { ports } = request;
  const traced = shapes.of(base);
  const output = traced && spatialOutput(traced, ports);
  if (traced === undefined || output === undefined) return undefined;
  const upsampling = output.scale.map((scale) => 1 / scale);
  const { padded, global } = traced.notes;
  const isFixed = ports.fixed.every((length) => length !== undefined);
  const halo = padded || global ? toHalo(request, output, isFixed) : filled(ports.dimensions, 0);
  const geometry: BlockGeometry = {
    inputChannels: ports.inputChannels,
    outputChannels: output.channels,
    evalInputShape: base,
    evalOutputShape: output.shape,
    step: traced.step,
    upsampling,
    edges: padded || global ? "padded" : "shrinks",
    margins: { before: halo, after: halo },
    outputOf(inputShape) {
      if (!isAllowed(inputShape, ports)) return undefined;
      const found = shapes.of(inputShape);
      const issues = found?.notes.issues ?? 1;
      return found && (issues === 0 || isFixed) ? spatialOutput(found, ports)?.shape : undefined;
    },
    costOf: (inputShape) => shapes.of(inputShape)?.cost ?? NO_COST,
  };
  return { geometry, receptiveField: output.field, notes: notesOf(output, halo, padded, global) };
}

const NO_COST: BlockCost = { widestBytes: Number.POSITIVE_INFINITY, peakBytes: Number.POSITIVE_INFINITY };

/** Output voxels along an axis by which blocks overlap at most where nobody says how much is needed. */
const MOST_HALO: ReadonlyMap<number, number> = new Map([
  [2, 64],
  [3, 24],
]);

/** What the package says; else as far as the network looks, within reason. A fixed block keeps at least its middle half. */
function toHalo({ halo, ports }: OwnGeometryRequest, { shape, field, scale }: Output, isFixed: boolean): Coordinate {
  const most = MOST_HALO.get(ports.dimensions) ?? 0;
  return shape.map((length, axis) => {
    const reach = Math.ceil(((field[axis] ?? 1) - 1) / 2 / (scale[axis] ?? 1));
    const wanted = halo?.[axis] ?? Math.min(reach, most);
    return isFixed ? Math.min(wanted, Math.floor(length / 4)) : wanted;
  });
}

function notesOf({ field, scale }: Output, halo: Coordinate, padded: boolean, global: boolean): readonly string[] {
  const reach = field.map((length, axis) => Math.ceil((length - 1) / 2 / (scale[axis] ?? 1)));
  const short = (padded || global) && reach.some((length, axis) => length > (halo[axis] ?? 0));
  const wide = `The network looks ${reach.join(" x ")} voxels far, but blocks overlap by ${halo.join(" x ")}: they may not join quite without seams.`;
  const whole =
    "The network norms or weighs each block as a whole, so values depend a little on how the volume is cut into blocks.";
  return [...(short ? [wide] : []), ...(global ? [whole] : [])];
}

const BYTES_PER_VOXEL = 4 * 64;

/** One size alone is known to work. */
function pairGeometry({ ports, halo }: OwnGeometryRequest, pair: KnownPair): OwnGeometry {
  const { inputShape, outputShape, outputChannels } = pair;
  const ratio = outputShape.map((length, axis) => Math.max(1, Math.round(length / (inputShape[axis] ?? 1))));
  const loss = subtract(multiply(inputShape, ratio), outputShape);
  const padded = loss.every((length) => length <= 0);
  const margins = halo ?? outputShape.map((length) => (padded ? Math.floor(length / 8) : 0));
  const geometry: BlockGeometry = {
    inputChannels: ports.inputChannels,
    outputChannels,
    evalInputShape: inputShape,
    evalOutputShape: outputShape,
    step: filled(ports.dimensions, 1),
    upsampling: ratio,
    edges: padded ? "padded" : "shrinks",
    margins: { before: margins, after: margins },
    outputOf: (shape) => (shape.every((length, axis) => length === inputShape[axis]) ? outputShape : undefined),
    costOf: (shape) => ({
      widestBytes: BYTES_PER_VOXEL * product(shape),
      peakBytes: 3 * BYTES_PER_VOXEL * product(shape),
    }),
  };
  const note = "The model's shapes could not be followed through its graph, so only one size of blocks is used.";
  return { geometry, receptiveField: undefined, notes: [note] };
}
