import { type FieldValue, malformedOnnx, messageOf, pushIntegers, readFields, textOf } from "./onnx-decode.ts";
import { OnnxError } from "./onnx-error.ts";

/** Numbers of a tensor, where they are few: sizes, scales, paddings. */
export type SmallValues = { readonly numbers: readonly number[]; readonly isFloat: boolean };

export type StoredTensor = { readonly shape: readonly number[]; readonly values: SmallValues | undefined };

export type NodeAttribute = number | string | readonly number[] | StoredTensor;

/** One operator of a graph. Edges are names; "" stands for one that is left out. */
export type GraphNode = {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, NodeAttribute>;
};

/** The outermost graph of a model, as far as shapes depend on it. */
export type GraphNodes = {
  readonly nodes: readonly GraphNode[];
  readonly stored: ReadonlyMap<string, StoredTensor>;
};

/** Tensors with more numbers than this are weights. */
const MAX_VALUES = 64;
const MAX_PARTS = 200_000;
const MAX_AXES = 64;

/** Reads a model that `describeOnnx` has accepted; weights are not copied. Throws OnnxError. */
export function readGraphNodes(bytes: Uint8Array): GraphNodes {
  let graph: Uint8Array | undefined;
  readFields(bytes, (field, value) => {
    if (field === 7) graph = messageOf(value);
  });
  if (graph === undefined) throw malformedOnnx("it holds no graph");
  const nodes: GraphNode[] = [];
  const stored = new Map<string, StoredTensor>();
  readFields(graph, (field, value) => {
    if (nodes.length + stored.size > MAX_PARTS)
      throw new OnnxError("too-large", `The ONNX model has more than ${MAX_PARTS} parts, which no network needs.`);
    if (field === 1) nodes.push(readNode(messageOf(value)));
    if (field === 5) {
      const { name, tensor } = readStored(messageOf(value));
      stored.set(name, tensor);
    }
  });
  return { nodes, stored };
}

function readNode(bytes: Uint8Array): GraphNode {
  const [inputs, outputs]: [string[], string[]] = [[], []];
  let [operator, domain] = ["", ""];
  const attributes = new Map<string, NodeAttribute>();
  readFields(bytes, (field, value) => {
    if (field === 1) inputs.push(textOf(value) ?? "");
    if (field === 2) outputs.push(textOf(value) ?? "");
    if (field === 4) operator = textOf(value) ?? "";
    if (field === 5) readAttribute(messageOf(value), attributes);
    if (field === 7) domain = textOf(value) ?? "";
  });
  return { operator, domain: domain === "ai.onnx" ? "" : domain, inputs, outputs, attributes };
}

function readAttribute(bytes: Uint8Array, target: Map<string, NodeAttribute>): void {
  let name = "";
  let single: NodeAttribute | undefined;
  const list: number[] = [];
  readFields(bytes, (field, value) => {
    if (field === 1) name = textOf(value) ?? "";
    if (field === 2) single = floatsOf(value)[0];
    if (field === 3 && typeof value === "number") single = value;
    if (field === 4) single = textOf(value);
    if (field === 5) single = readStored(messageOf(value)).tensor;
    if (field === 7) list.push(...floatsOf(value).slice(0, MAX_VALUES - list.length));
    if (field === 8) pushIntegers(list, value, MAX_VALUES);
  });
  target.set(name, list.length > 0 ? list : (single ?? []));
}

/** Little-endian float32, one or packed. */
function floatsOf(value: FieldValue): readonly number[] {
  if (!(value instanceof Uint8Array)) return [];
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const count = Math.min(MAX_VALUES, Math.floor(value.byteLength / 4));
  return Array.from({ length: count }, (_, i) => view.getFloat32(i * 4, true));
}

const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const DOUBLE = 11;

function readStored(bytes: Uint8Array): { readonly name: string; readonly tensor: StoredTensor } {
  const shape: number[] = [];
  const numbers: number[] = [];
  let [name, type] = ["", 0];
  let raw: Uint8Array | undefined;
  readFields(bytes, (field, value) => {
    if (field === 1) pushIntegers(shape, value, MAX_AXES);
    if (field === 2 && typeof value === "number") type = value;
    if (field === 4) numbers.push(...floatsOf(value).slice(0, MAX_VALUES - numbers.length));
    if (field === 5 || field === 7) pushIntegers(numbers, value, MAX_VALUES);
    if (field === 8) name = textOf(value) ?? "";
    if (field === 9) raw = messageOf(value);
  });
  const count = shape.reduce((total, length) => total * length, 1);
  if (!(count <= MAX_VALUES)) return { name, tensor: { shape, values: undefined } };
  const found = raw ? numbersOf(raw, type, count) : numbers;
  const values = found.length === count ? { numbers: found, isFloat: type === FLOAT || type === DOUBLE } : undefined;
  return { name, tensor: { shape, values } };
}

function numbersOf(raw: Uint8Array, type: number, count: number): readonly number[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const size = type === INT64 || type === DOUBLE ? 8 : 4;
  const read = (at: number): number => {
    if (type === FLOAT) return view.getFloat32(at, true);
    if (type === INT32) return view.getInt32(at, true);
    return type === INT64 ? Number(view.getBigInt64(at, true)) : view.getFloat64(at, true);
  };
  if (![FLOAT, INT32, INT64, DOUBLE].includes(type) || raw.byteLength !== size * count) return [];
  return Array.from({ length: count }, (_, i) => read(i * size));
}
