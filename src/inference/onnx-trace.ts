import type { Coordinate } from "#dacapo/coordinate.ts";
import { filled, product } from "#dacapo/coordinate.ts";
import type { BlockCost } from "./memory-estimate.ts";
import type { GraphNode, GraphNodes } from "./onnx-nodes.ts";
import { traceNode } from "./onnx-trace-operators.ts";
import { PLAIN_AXIS, type Traced, type TracedAxis, TraceNotes } from "./onnx-traced.ts";

/** How a graph's shapes work out for one input shape. */
export type OnnxTrace = {
  readonly ok: true;
  readonly output: Traced;
  readonly notes: TraceNotes;
  /** By spatial axis of the input: the coarsest grid that anything in the graph lies on. */
  readonly step: Coordinate;
  readonly cost: BlockCost;
};

/** The operator at which following the shapes ended. */
export type TraceEnd = { readonly ok: false; readonly operator: string };

export type TraceRequest = {
  readonly graph: GraphNodes;
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  /** By axis of the input: the spatial axis that it is. */
  readonly spatial: readonly (number | undefined)[];
  readonly outputName: string;
};

/** Works out all shapes of a graph without computing any value that depends on the image. */
export function traceOnnx(request: TraceRequest): OnnxTrace | TraceEnd {
  const { graph, input, spatial, outputName } = request;
  const known = new Map<string, Traced>();
  const notes = new TraceNotes();
  const axes = spatial.map((from) => ({ ...PLAIN_AXIS, from }));
  known.set(input.name, { shape: input.shape, axes });
  for (const [name, { shape, values }] of graph.stored)
    known.set(name, { shape, axes: shape.map(() => PLAIN_AXIS), ...(values && { values }) });
  const steps = new GridSteps(spatial.filter((axis) => axis !== undefined).length);
  for (const node of graph.nodes) {
    const results = traceNode(node, (name) => known.get(name), notes);
    if (results === undefined) return { ok: false, operator: node.operator };
    for (const [i, result] of results.entries()) keepResult(known, node, i, result, steps);
  }
  const output = known.get(outputName);
  if (output === undefined) return { ok: false, operator: outputName };
  return { ok: true, output, notes, step: steps.list(), cost: costOf(graph, known) };
}

function keepResult(known: Map<string, Traced>, node: GraphNode, i: number, result: Traced, steps: GridSteps): void {
  known.set(node.outputs[i] ?? "", result);
  for (const axis of result.axes) steps.add(axis);
}

/** The least common multiples of the scales met. */
class GridSteps {
  readonly #steps: number[];

  constructor(axes: number) {
    this.#steps = [...filled(axes, 1)];
  }

  add({ from, scale }: TracedAxis): void {
    const own = from === undefined ? undefined : this.#steps[from];
    if (own === undefined || from === undefined || !Number.isInteger(scale) || scale < 1) return;
    this.#steps[from] = (own * scale) / commonDivisor(own, scale);
  }

  list(): Coordinate {
    return this.#steps;
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

const FLOAT_BYTES = 4;

/** Tensors are alive from the node that makes them to the last that uses them; beside a convolution lie its unfolded slices. */
function costOf({ nodes, stored }: GraphNodes, known: ReadonlyMap<string, Traced>): BlockCost {
  const lastUse = new Map<string, number>();
  for (const [at, node] of nodes.entries()) for (const name of node.inputs) lastUse.set(name, at);
  const sizeOf = (name: string) => (stored.has(name) ? 0 : product(known.get(name)?.shape ?? [0]));
  const made = new Set(nodes.flatMap(({ outputs }) => outputs));
  let alive = [...lastUse.keys()].filter((name) => !made.has(name)).reduce((sum, name) => sum + sizeOf(name), 0);
  let [peak, widest] = [alive, alive];
  for (const [at, node] of nodes.entries()) {
    const outputs = node.outputs.map(sizeOf);
    alive += outputs.reduce((sum, size) => sum + size, 0);
    widest = Math.max(widest, ...outputs);
    peak = Math.max(peak, alive + unfoldedOf(node, sizeOf, known));
    for (const name of new Set(node.inputs)) if (lastUse.get(name) === at) alive -= sizeOf(name);
  }
  return { widestBytes: FLOAT_BYTES * widest, peakBytes: FLOAT_BYTES * peak };
}

function unfoldedOf(node: GraphNode, sizeOf: (name: string) => number, known: ReadonlyMap<string, Traced>): number {
  if (node.operator !== "Conv") return 0;
  const kernel = known.get(node.inputs[1] ?? "")?.shape.slice(2) ?? [];
  return sizeOf(node.inputs[0] ?? "") * (kernel[0] ?? 1);
}
