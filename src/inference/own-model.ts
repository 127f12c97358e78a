import type { OnnxDescription } from "./onnx-description.ts";
import { describeOnnx } from "./onnx-description.ts";
import { OnnxError } from "./onnx-error.ts";
import { type GraphNodes, readGraphNodes } from "./onnx-nodes.ts";
import { type OnnxSupport, toOnnxSupport } from "./onnx-support.ts";
import type { PortWishes } from "./own-ports.ts";

/** A model of someone's own, read and looked through, but not run. */
export type OwnModel = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly description: OnnxDescription;
  readonly graph: GraphNodes;
  readonly support: OnnxSupport;
  /** What its file leaves open, and somebody knows. */
  readonly wishes: PortWishes;
};

/** Throws OnnxError with a sentence for people: torn, malformed, too-large, external. */
export function readOwnModel(bytes: Uint8Array<ArrayBuffer>): OwnModel {
  const other = toOtherFormat(bytes);
  if (other !== undefined)
    throw new OnnxError("malformed", `This is ${other}, which a browser cannot run: export the model as ONNX.`);
  const description = describeOnnx(bytes);
  return { bytes, description, graph: readGraphNodes(bytes), support: toOnnxSupport(description), wishes: {} };
}

/** What people are most likely to take for a model that can be run. */
function toOtherFormat(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 16));
  if (head.startsWith("PK")) return "a zip archive (PyTorch's checkpoints and TorchScript are such)";
  if (head.startsWith("\x89HDF")) return "an HDF5 file (Keras weights are such)";
  if (head.startsWith("\x80\x02") || head.startsWith("\x80\x04")) return "a Python pickle";
  return /^\s*[<{]/.test(head) ? "a text file, no model" : undefined;
}

/** The image's model ends in a sigmoid. */
export function endsInSigmoid({ nodes }: GraphNodes, outputName: string): boolean {
  const last = nodes.findLast(({ outputs }) => outputs.includes(outputName));
  if (last?.operator === "Sigmoid") return true;
  const passesOn = last !== undefined && ["Identity", "Cast", "Transpose"].includes(last.operator);
  return (
    passesOn &&
    last.inputs[0] !== outputName &&
    endsInSigmoid({ nodes: before(nodes, last), stored: new Map() }, last.inputs[0] ?? "")
  );
}

function before<T>(nodes: readonly T[], last: T): readonly T[] {
  return nodes.slice(0, nodes.indexOf(last));
}

/** Names that the exporter gave the output's channels, else numbers. */
export function channelNames({ metadata }: OnnxDescription, count: number): readonly string[] {
  const named = parseNames(metadata.get("channels"));
  return Array.from({ length: count }, (_, i) => (named?.length === count ? named[i] : undefined) ?? `channel ${i}`);
}

function parseNames(text: string | undefined): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return Array.isArray(value) && value.every((name) => typeof name === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}
