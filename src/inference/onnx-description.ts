import { type FieldValue, malformedOnnx, messageOf, pushIntegers, readFields, textOf } from "./onnx-decode.ts";
import { OnnxError } from "./onnx-error.ts";

/** Of an axis: its length, the name of one that is free, or undefined where the model does not say. */
export type OnnxLength = number | string | undefined;

export type OnnxPort = {
  readonly name: string;
  /** "float32", "float16", "uint8", ... */
  readonly elementType: string;
  /** Undefined where not even the number of axes is told. */
  readonly shape: readonly OnnxLength[] | undefined;
};

export type OnnxNode = {
  readonly name: string;
  readonly operator: string;
  /** "" for ONNX's own. */
  readonly domain: string;
  /** Of its second input where that is a stored weight, as kernels are. */
  readonly kernelShape: readonly number[] | undefined;
  readonly group: number;
};

export type OnnxDescription = {
  readonly producer: string;
  /** By domain, "" for ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Without those that have a stored value. */
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  /** Those of subgraphs and of the model's own functions included. */
  readonly nodes: readonly OnnxNode[];
  /** Operators that the model itself defines, "domain name". */
  readonly functions: ReadonlySet<string>;
  readonly weightBytes: number;
  readonly metadata: ReadonlyMap<string, string>;
};

const MAX_ITEMS = 200_000;
const MAX_DEPTH = 8;

/**
 * Describes a model in a file without running it; weights are counted, not copied. Field numbers are onnx.proto's.
 * Throws OnnxError: torn, malformed, too-large, external.
 */
export function describeOnnx(bytes: Uint8Array): OnnxDescription {
  const model = new ModelScan();
  readFields(bytes, (field, value) => model.visit(field, value));
  return model.finish();
}

type RawNode = { name: string; operator: string; domain: string; inputs: string[]; group: number };
/** Weights that a graph sees: its own, then those of the graphs around it. */
type Scope = { readonly weights: ReadonlyMap<string, readonly number[]>; readonly outer: Scope | undefined };

function findWeight(scope: Scope | undefined, name: string): readonly number[] | undefined {
  if (scope === undefined) return undefined;
  return scope.weights.get(name) ?? findWeight(scope.outer, name);
}

class ModelScan {
  readonly #opsets = new Map<string, number>();
  readonly #functions = new Set<string>();
  readonly #metadata = new Map<string, string>();
  readonly #nodes: OnnxNode[] = [];
  #producer = "";
  #graph: GraphScan | undefined;
  #items = 0;
  weightBytes = 0;

  visit(field: number, value: FieldValue): void {
    if (field === 2) this.#producer = textOf(value) ?? "";
    if (field === 7) this.#graph = this.scanGraph(messageOf(value), undefined, 0);
    if (field === 8) this.#addOpset(messageOf(value));
    if (field === 14) this.#addMetadata(messageOf(value));
    if (field === 25) this.#addFunction(messageOf(value));
  }

  finish(): OnnxDescription {
    const graph = this.#graph;
    if (graph === undefined || this.#opsets.size === 0) throw malformedOnnx("it holds no graph");
    const inputs = graph.inputs.filter(({ name }) => !graph.weights.has(name));
    return {
      producer: this.#producer,
      opsets: this.#opsets,
      inputs,
      outputs: graph.outputs,
      nodes: this.#nodes,
      functions: this.#functions,
      weightBytes: this.weightBytes,
      metadata: this.#metadata,
    };
  }

  /** Bounds the objects that a small file can ask for. */
  count(): void {
    this.#items++;
    if (this.#items > MAX_ITEMS)
      throw new OnnxError(
        "too-large",
        `The ONNX model has more than ${MAX_ITEMS} parts, which no network of ours needs.`,
      );
  }

  scanGraph(bytes: Uint8Array, outer: Scope | undefined, depth: number): GraphScan {
    if (depth > MAX_DEPTH) throw malformedOnnx("its graphs are nested too deep");
    const graph = new GraphScan(this);
    readFields(bytes, (field, value) => graph.visit(field, value));
    this.#addNodes(graph, { weights: graph.weights, outer }, depth);
    return graph;
  }

  #addNodes({ nodes, subgraphs }: GraphScan, scope: Scope, depth: number): void {
    for (const { inputs, ...node } of nodes)
      this.#nodes.push({ ...node, kernelShape: findWeight(scope, inputs[1] ?? "") });
    for (const subgraph of subgraphs) this.scanGraph(subgraph, scope, depth + 1);
  }

  #addOpset(bytes: Uint8Array): void {
    this.count();
    let [domain, version] = ["", 0];
    readFields(bytes, (field, value) => {
      if (field === 1) domain = toDomain(textOf(value));
      if (field === 2 && typeof value === "number") version = value;
    });
    this.#opsets.set(domain, version);
  }

  #addMetadata(bytes: Uint8Array): void {
    this.count();
    let [key, text] = ["", ""];
    readFields(bytes, (field, value) => {
      if (field === 1) key = textOf(value) ?? "";
      if (field === 2) text = textOf(value) ?? "";
    });
    this.#metadata.set(key, text);
  }

  /** A function's nodes (7) are a graph's nodes (1) under another number. */
  #addFunction(bytes: Uint8Array): void {
    this.count();
    const graph = new GraphScan(this);
    let [name, domain] = ["", ""];
    readFields(bytes, (field, value) => {
      if (field === 1) name = textOf(value) ?? "";
      if (field === 10) domain = toDomain(textOf(value));
      if (field === 7) graph.visit(1, value);
    });
    this.#functions.add(`${domain} ${name}`);
    this.#addNodes(graph, { weights: graph.weights, outer: undefined }, 0);
  }
}

const toDomain = (text: string | undefined) => (text === undefined || text === "ai.onnx" ? "" : text);

class GraphScan {
  readonly nodes: RawNode[] = [];
  readonly inputs: OnnxPort[] = [];
  readonly outputs: OnnxPort[] = [];
  readonly weights = new Map<string, readonly number[]>();
  readonly subgraphs: Uint8Array[] = [];
  readonly #model: ModelScan;

  constructor(model: ModelScan) {
    this.#model = model;
  }

  visit(field: number, value: FieldValue): void {
    if (field === 1) this.nodes.push(this.#toNode(messageOf(value)));
    if (field === 5) this.#addWeight(messageOf(value));
    if (field === 11) this.inputs.push(this.#toPort(messageOf(value)));
    if (field === 12) this.outputs.push(this.#toPort(messageOf(value)));
    // their size would have to be counted too
    if (field === 15) throw malformedOnnx("it holds sparse weights, which are not read here");
  }

  #toNode(bytes: Uint8Array): RawNode {
    this.#model.count();
    const node: RawNode = { name: "", operator: "", domain: "", inputs: [], group: 1 };
    readFields(bytes, (field, value) => {
      if (field === 1 && node.inputs.length < 2) node.inputs.push(textOf(value) ?? "");
      if (field === 3) node.name = textOf(value) ?? "";
      if (field === 4) node.operator = textOf(value) ?? "";
      if (field === 7) node.domain = toDomain(textOf(value));
      if (field === 5) this.#addAttribute(node, messageOf(value));
    });
    return node;
  }

  #addAttribute(node: RawNode, bytes: Uint8Array): void {
    let [name, integer] = ["", 1];
    readFields(bytes, (field, value) => {
      if (field === 1) name = textOf(value) ?? "";
      if (field === 3 && typeof value === "number") integer = value;
      if (field === 5 || field === 10) this.#addWeight(messageOf(value));
      if (field === 6 || field === 11) this.subgraphs.push(messageOf(value));
    });
    if (name === "group") node.group = integer;
  }

  #addWeight(bytes: Uint8Array): void {
    this.#model.count();
    const tensor = readTensor(bytes);
    this.#model.weightBytes += tensor.byteLength;
    if (tensor.name !== "") this.weights.set(tensor.name, tensor.shape);
  }

  #toPort(bytes: Uint8Array): OnnxPort {
    this.#model.count();
    let port: OnnxPort = { name: "", elementType: "unknown", shape: undefined };
    readFields(bytes, (field, value) => {
      if (field === 1) port = { ...port, name: textOf(value) ?? "" };
      if (field === 2) port = { ...port, ...readType(messageOf(value)) };
    });
    return port;
  }
}

type ElementType = { readonly name: string; readonly bits: number };

// TensorProto.DataType; text has no fixed size.
const elementTypes: ReadonlyMap<number, ElementType> = new Map([
  [1, { name: "float32", bits: 32 }],
  [2, { name: "uint8", bits: 8 }],
  [3, { name: "int8", bits: 8 }],
  [4, { name: "uint16", bits: 16 }],
  [5, { name: "int16", bits: 16 }],
  [6, { name: "int32", bits: 32 }],
  [7, { name: "int64", bits: 64 }],
  [9, { name: "bool", bits: 8 }],
  [10, { name: "float16", bits: 16 }],
  [11, { name: "float64", bits: 64 }],
  [12, { name: "uint32", bits: 32 }],
  [13, { name: "uint64", bits: 64 }],
  [16, { name: "bfloat16", bits: 16 }],
]);

type RawTensor = { readonly name: string; readonly shape: readonly number[]; readonly byteLength: number };

const MAX_AXES = 64;
const EXTERNAL = 1;

function readTensor(bytes: Uint8Array): RawTensor {
  const shape: number[] = [];
  let [name, type] = ["", 0];
  let raw: number | undefined;
  readFields(bytes, (field, value) => {
    if (field === 1) pushIntegers(shape, value, MAX_AXES + 1);
    if (shape.length > MAX_AXES) throw malformedOnnx("a weight has too many axes");
    if (field === 2 && typeof value === "number") type = value;
    if (field === 8) name = textOf(value) ?? "";
    if (field === 9) raw = messageOf(value).length;
    if (field === 14 && value === EXTERNAL)
      throw new OnnxError(
        "external",
        "The ONNX model keeps its weights in another file; save it again as a single file.",
      );
  });
  checkRaw(name, shape, elementTypes.get(type), raw);
  return { name, shape, byteLength: raw ?? bytes.length };
}

function checkRaw(
  name: string,
  shape: readonly number[],
  type: ElementType | undefined,
  raw: number | undefined,
): void {
  if (shape.some((length) => length < 0)) throw malformedOnnx("a weight has a negative size");
  if (type === undefined || raw === undefined) return;
  const expected = (shape.reduce((count, length) => count * length, 1) * type.bits) / 8;
  if (raw !== expected)
    throw malformedOnnx(
      `the weight ${JSON.stringify(name.slice(0, 80))} has ${raw} bytes where its shape asks for ${expected}`,
    );
}

/** TypeProto, of which tensors (1) are known. */
function readType(bytes: Uint8Array): Pick<OnnxPort, "elementType" | "shape"> {
  let elementType = "unknown";
  let shape: OnnxLength[] | undefined;
  readFields(bytes, (field, value) => {
    if (field !== 1) return;
    readFields(messageOf(value), (inner, content) => {
      if (inner === 1 && typeof content === "number") elementType = elementTypes.get(content)?.name ?? "unknown";
      if (inner === 2) shape = readShape(messageOf(content));
    });
  });
  return { elementType, shape };
}

function readShape(bytes: Uint8Array): OnnxLength[] {
  const lengths: OnnxLength[] = [];
  readFields(bytes, (field, value) => {
    if (field !== 1) return;
    if (lengths.length >= MAX_AXES) throw malformedOnnx("an input has too many axes");
    lengths.push(readLength(messageOf(value)));
  });
  return lengths;
}

function readLength(bytes: Uint8Array): OnnxLength {
  let length: OnnxLength;
  readFields(bytes, (field, value) => {
    if (field === 1 && typeof value === "number" && value > 0) length = value;
    if (field === 2) length = textOf(value) || undefined;
  });
  return length;
}
