import type { Coordinate } from "#dacapo/coordinate.ts";
import { toFloat16Bits } from "./float16.ts";
import { type LazyBytes, ProtoMessage } from "./onnx-encode.ts";
import { OnnxError } from "./onnx-error.ts";

/** A tensor in the graph, by its name. */
export type Edge = string;

type Attribute = number | string | readonly number[];

export type Precision = "f32" | "f16";

const FLOAT = 1;
const INT64 = 7;
const FLOAT16 = 10;

/** Field numbers are those of onnx.proto. */
export class OnnxGraph {
  readonly precision: Precision;
  readonly #nodes: ProtoMessage[] = [];
  readonly #initializers: ProtoMessage[] = [];
  readonly #integers = new Map<string, Edge>();
  readonly #scalars = new Map<number, Edge>();
  #count = 0;

  constructor(precision: Precision) {
    this.precision = precision;
  }

  operator(type: string, inputs: readonly Edge[], attributes: Readonly<Record<string, Attribute>> = {}): Edge {
    return this.#node(type, inputs, this.#name(type), attributes);
  }

  /** Weights in the graph's precision. `make` is called when the graph is encoded; it may be given a view. */
  weights(shape: readonly number[], make: () => Float32Array): Edge {
    const count = shape.reduce((total, length) => total * length, 1);
    const isHalf = this.precision === "f16";
    const write = (target: Uint8Array) => target.set(toBytes(isHalf ? toFloat16Bits(make()) : make()));
    return this.#initializer(shape, isHalf ? FLOAT16 : FLOAT, { byteLength: count * (isHalf ? 2 : 4), write });
  }

  /** Of the graph's precision, one for all that ask for it. */
  scalar(value: number): Edge {
    const edge = this.#scalars.get(value) ?? this.weights([1], () => Float32Array.of(value));
    this.#scalars.set(value, edge);
    return edge;
  }

  /** Float32 in every precision, as scales of a Resize are. */
  floats(values: readonly number[]): Edge {
    return this.#initializer([values.length], FLOAT, toBytes(Float32Array.from(values)));
  }

  integers(values: readonly number[]): Edge {
    const key = values.join(" ");
    const known = this.#integers.get(key);
    if (known !== undefined) return known;
    const edge = this.#initializer([values.length], INT64, toBytes(BigInt64Array.from(values, BigInt)));
    this.#integers.set(key, edge);
    return edge;
  }

  /** Float32 to the graph's precision. */
  fromInput(edge: Edge): Edge {
    return this.precision === "f16" ? this.operator("Cast", [edge], { to: FLOAT16 }) : edge;
  }

  encode(
    input: Port,
    output: Port & { readonly edge: Edge },
    metadata: ReadonlyMap<string, string>,
  ): Uint8Array<ArrayBuffer> {
    if (this.precision === "f16") this.#node("Cast", [output.edge], output.name, { to: FLOAT });
    else this.#node("Identity", [output.edge], output.name, {});
    const graph = new ProtoMessage();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, "dacapo");
    for (const initializer of this.#initializers) graph.message(5, initializer);
    graph.message(11, toValueInfo(input)).message(12, toValueInfo(output));
    return toModel(graph, metadata);
  }

  #name(type: string): Edge {
    return `${type.toLowerCase()}_${this.#count++}`;
  }

  #node(type: string, inputs: readonly Edge[], output: Edge, attributes: Readonly<Record<string, Attribute>>): Edge {
    const node = new ProtoMessage();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, output).text(4, type);
    for (const [name, value] of Object.entries(attributes)) node.message(5, toAttribute(name, value));
    this.#nodes.push(node);
    return output;
  }

  #initializer(shape: readonly number[], type: number, content: Uint8Array | LazyBytes): Edge {
    const name = this.#name("constant");
    const tensor = new ProtoMessage();
    for (const length of shape) tensor.integer(1, length);
    this.#initializers.push(tensor.integer(2, type).text(8, name).bytes(9, content));
    return name;
  }
}

export type Port = { readonly name: string; readonly shape: Coordinate };

const MAX_BYTES = 2 ** 31;
const IR_VERSION = 8;
const OPSET = 17;

function toModel(graph: ProtoMessage, metadata: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer> {
  const model = new ProtoMessage().integer(1, IR_VERSION).text(2, "dacapo").message(7, graph);
  model.message(8, new ProtoMessage().text(1, "").integer(2, OPSET));
  for (const [key, value] of metadata) model.message(14, new ProtoMessage().text(1, key).text(2, value));
  if (model.byteLength >= MAX_BYTES)
    throw new OnnxError("too-large", "The network's weights take 2 GiB and more, which an ONNX file cannot hold.");
  return model.encode();
}

const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

function toAttribute(name: string, value: Attribute): ProtoMessage {
  const attribute = new ProtoMessage().text(1, name);
  if (typeof value === "string") return attribute.text(4, value).integer(20, ATTRIBUTE_STRING);
  if (typeof value === "number") return attribute.integer(3, value).integer(20, ATTRIBUTE_INT);
  for (const item of value) attribute.integer(8, item);
  return attribute.integer(20, ATTRIBUTE_INTS);
}

function toValueInfo({ name, shape }: Port): ProtoMessage {
  const dimensions = new ProtoMessage();
  for (const length of shape) dimensions.message(1, new ProtoMessage().integer(1, length));
  const tensor = new ProtoMessage().integer(1, FLOAT).message(2, dimensions);
  return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
}

function toBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
