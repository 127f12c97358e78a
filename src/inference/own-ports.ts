import type { Coordinate } from "#dacapo/coordinate.ts";
import type { OnnxDescription, OnnxLength, OnnxPort } from "./onnx-description.ts";
import type { GraphNodes } from "./onnx-nodes.ts";
import { guessAxes } from "./onnx-support.ts";
import { type OnnxTrace, traceOnnx } from "./onnx-trace.ts";
import { numberOf } from "./onnx-traced.ts";

/** How a model's tensors are read: each letter is an axis (b batch, c channel, z y x). */
export type OwnPorts = {
  readonly input: { readonly name: string; readonly layout: string; readonly elementType: string };
  readonly output: { readonly name: string; readonly layout: string };
  readonly inputChannels: number;
  /** Spatial axes: 2 or 3. */
  readonly dimensions: number;
  /** By spatial axis: its length, where the model takes no other. */
  readonly fixed: readonly (number | undefined)[];
  /** All layouts that the input may have, the likeliest first. */
  readonly candidates: readonly string[];
};

/** What is known beside the file: a person's choice, or a package's description. */
export type PortWishes = {
  readonly inputLayout?: string;
  readonly outputLayout?: string;
  readonly outputName?: string;
  readonly inputChannels?: number;
};

export type PortProblem = { readonly ok: false; readonly problem: string; readonly candidates: readonly string[] };

const SPATIAL = "zyx";

/** The letters of the spatial axes of a layout, in order z, y, x. */
export function spatialLetters(layout: string): string {
  return [...SPATIAL].filter((letter) => layout.includes(letter)).join("");
}

/** Where it cannot be told how the input is to be read, the problem says so and gives the layouts to choose from. */
export function toOwnPorts(
  description: OnnxDescription,
  graph: GraphNodes,
  wishes: PortWishes = {},
): OwnPorts | PortProblem {
  const [input] = description.inputs;
  const output = description.outputs.find(({ name }) => name === wishes.outputName) ?? description.outputs[0];
  if (input === undefined || output === undefined) return fail("The model has no input or no output.");
  const ordered = orderCandidates(input, graph, output.name, wishes);
  const [layout] = wishes.inputLayout === undefined ? ordered : [wishes.inputLayout];
  if (layout === undefined) return fail(noLayout(input));
  const problem = checkLayout(layout, input);
  if (problem !== undefined) return fail(problem, ordered);
  const lengths = [...layout].map((_, axis) => input.shape?.[axis]);
  const inputChannels = channelsOf(layout, lengths, graph, wishes);
  const fixed = [...spatialLetters(layout)].map((letter) => toFixed(lengths[layout.indexOf(letter)]));
  const known = { layout, inputChannels, fixed };
  const traced = tracePorts(graph, input.name, output.name, known, toTrial(fixed));
  const outputLayout = wishes.outputLayout ?? (traced && layoutOf(traced, layout)) ?? sameLayout(layout, output);
  if (outputLayout === undefined) return fail(`It cannot be told which axes the model's output "${output.name}" has.`);
  return {
    input: { name: input.name, layout, elementType: input.elementType },
    output: { name: output.name, layout: outputLayout },
    inputChannels,
    dimensions: fixed.length,
    fixed,
    candidates: [...new Set([layout, ...ordered])],
  };
}

function fail(problem: string, candidates: readonly string[] = []): PortProblem {
  return { ok: false, problem, candidates };
}

function noLayout({ name, shape }: OnnxPort): string {
  const found = shape === undefined ? "an unknown number of axes" : `${shape.length} axes`;
  return `The model's input "${name}" has ${found}; images of two or three dimensions can be given to it.`;
}

function checkLayout(layout: string, { name, shape }: OnnxPort): string | undefined {
  const isSound = /^[bczyx]+$/.test(layout) && new Set(layout).size === layout.length;
  if (!isSound || !["yx", "zyx"].includes(spatialLetters(layout)))
    return `"${layout}" is no order of axes: give each of b, c, z, y, x once at most, y and x at least.`;
  if (shape !== undefined && shape.length !== layout.length)
    return `The model's input "${name}" has ${shape.length} axes, which "${layout}" does not name.`;
  return undefined;
}

const toFixed = (length: OnnxLength): number | undefined => (typeof length === "number" ? length : undefined);

/** Any size will do to see which axis becomes which. */
const TRIAL_VOXELS = 64;

const toTrial = (fixed: readonly (number | undefined)[]): Coordinate => fixed.map((length) => length ?? TRIAL_VOXELS);

/** The layout under which the graph's convolutions slide over space comes first. */
function orderCandidates(
  input: OnnxPort,
  graph: GraphNodes,
  outputName: string,
  wishes: PortWishes,
): readonly string[] {
  const scored = guessAxes(input).map((layout) => {
    const lengths = [...layout].map((_, axis) => input.shape?.[axis]);
    const fixed = [...spatialLetters(layout)].map((letter) => toFixed(lengths[layout.indexOf(letter)]));
    const known = { layout, inputChannels: channelsOf(layout, lengths, graph, wishes), fixed };
    const traced = tracePorts(graph, input.name, outputName, known, toTrial(fixed));
    return { layout, misplaced: traced ? traced.notes.misplaced : 0 };
  });
  return scored.toSorted((a, b) => a.misplaced - b.misplaced).map(({ layout }) => layout);
}

/** Where the file leaves the number open: what its first convolution takes. */
function channelsOf(
  layout: string,
  lengths: readonly OnnxLength[],
  { nodes, stored }: GraphNodes,
  { inputChannels }: PortWishes,
): number {
  const length = lengths[layout.indexOf("c")];
  if (!layout.includes("c")) return 1;
  if (typeof length === "number") return length;
  const first = nodes.find(({ operator }) => operator === "Conv");
  const weights = first && stored.get(first.inputs[1] ?? "");
  return inputChannels ?? (weights?.shape[1] ?? 1) * (first ? numberOf(first, "group", 1) : 1);
}

/** What tracing needs to know of an input. */
type InputShape = Pick<OwnPorts, "inputChannels" | "fixed"> & { readonly layout: string };

/** A graph with more nodes is not followed: planning blocks asks for many shapes. */
const MAX_NODES = 5000;

/** Undefined where the shapes do not follow from the graph. */
export function tracePorts(
  graph: GraphNodes,
  inputName: string,
  outputName: string,
  { layout, inputChannels }: InputShape,
  inputShape: Coordinate,
): OnnxTrace | undefined {
  if (graph.nodes.length > MAX_NODES) return undefined;
  const letters = spatialLetters(layout);
  const spatial = [...layout].map((letter) => (letters.includes(letter) ? letters.indexOf(letter) : undefined));
  const shape = [...layout].map((letter, axis) => {
    if (letter === "b") return 1;
    return letter === "c" ? inputChannels : (inputShape[spatial[axis] ?? 0] ?? 1);
  });
  const traced = traceOnnx({ graph, input: { name: inputName, shape }, spatial, outputName });
  return traced.ok ? traced : undefined;
}

/** Spatial axes are those that come from the input's; of the others the last is the channel's, one before it the batch. */
function layoutOf({ output }: OnnxTrace, inputLayout: string): string | undefined {
  const letters = spatialLetters(inputLayout);
  const others = output.axes.flatMap(({ from }, axis) => (from === undefined ? [axis] : []));
  const froms = output.axes.flatMap(({ from }) => (from === undefined ? [] : [from]));
  if (others.length > 2 || new Set(froms).size !== letters.length || froms.length !== letters.length) return undefined;
  const [only] = others;
  const single = others.length === 1 && only !== undefined && output.shape[only] === 1 && inputLayout.startsWith("b");
  return output.axes
    .map(({ from }, axis) => {
      if (from !== undefined) return letters[from];
      if (others.length === 2) return axis === others[0] ? "b" : "c";
      return single && axis === 0 ? "b" : "c";
    })
    .join("");
}

function sameLayout(layout: string, { shape }: OnnxPort): string | undefined {
  return shape === undefined || shape.length === layout.length ? layout : undefined;
}
