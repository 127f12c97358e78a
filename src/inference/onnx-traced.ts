import type { GraphNode, SmallValues } from "./onnx-nodes.ts";

/** What is known of one axis of a tensor in a graph. */
export type TracedAxis = {
  /** Spatial axis of the model's input that it comes from; undefined for batches, channels and what was mixed. */
  readonly from: number | undefined;
  /** Input voxels from one element to the next. */
  readonly scale: number;
  /** Input voxels that one element depends on. */
  readonly field: number;
};

export type Traced = {
  readonly shape: readonly number[];
  readonly axes: readonly TracedAxis[];
  /** In C order, where they follow from shapes alone. */
  readonly values?: SmallValues;
};

const MAX_RANK = 16;

/** A broken file can ask for axes that its tensors lack: what would follow from them is not followed. */
export function isSound({ shape, axes }: Traced): boolean {
  if (shape.length > MAX_RANK || axes.length !== shape.length || axes.includes(undefined as never)) return false;
  return shape.every((length) => Number.isSafeInteger(length) && length >= 0);
}

export const PLAIN_AXIS: TracedAxis = { from: undefined, scale: 1, field: 1 };

/** What was met on the way through a graph. */
export class TraceNotes {
  /** Sizes that do not divide, or that were cut to fit: a network computes something else then at the far edge. */
  issues = 0;
  /** Something is made up beyond the edges. */
  padded = false;
  /** Every voxel depends on the whole block: norms of an instance, attention. */
  global = false;
  /** Convolutions that would slide over channels, or take others than they were made for: the axes were guessed wrongly. */
  misplaced = 0;
}

/** One operator's node with what is known of its inputs; a left out input is undefined. */
export type NodeAtHand = {
  readonly node: GraphNode;
  readonly inputs: readonly (Traced | undefined)[];
  readonly notes: TraceNotes;
};

export function numberOf({ attributes }: GraphNode, name: string, standard: number): number {
  const value = attributes.get(name);
  return typeof value === "number" ? value : standard;
}

export function textAttribute({ attributes }: GraphNode, name: string): string | undefined {
  const value = attributes.get(name);
  return typeof value === "string" ? value : undefined;
}

export function numbersOf({ attributes }: GraphNode, name: string): readonly number[] | undefined {
  const value = attributes.get(name);
  return Array.isArray(value) ? (value as readonly number[]) : undefined;
}
