import type { NpyArray } from "#storage/formats/npy.ts";
import type { ModelManifest } from "./model-manifest.ts";
import type { OnnxDescription, OnnxPort } from "./onnx-description.ts";
import { describeOnnx } from "./onnx-description.ts";
import { OnnxError } from "./onnx-error.ts";
import { type GraphNodes, readGraphNodes } from "./onnx-nodes.ts";
import { type OnnxSupport, toOnnxSupport } from "./onnx-support.ts";
import type { PortWishes } from "./own-ports.ts";

/** A model of someone's own, read and looked through, but not run. */
export type OwnModel = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Tells these weights from others under the same name. */
  readonly fingerprint: string;
  readonly description: OnnxDescription;
  readonly graph: GraphNodes;
  readonly support: OnnxSupport;
  /** What its file leaves open, and somebody knows. */
  readonly wishes: PortWishes;
  /** Of a bioimage.io package. */
  readonly manifest?: ModelManifest;
  /** What the package's model makes of a tensor that comes with it. */
  readonly readTest?: (signal?: AbortSignal) => Promise<SampleTensors>;
};

export type SampleTensors = { readonly input: NpyArray; readonly output: NpyArray };

/** The model of a package; its description knows what the file leaves open. Throws OnnxError. */
export function readPackagedModel(bytes: Uint8Array<ArrayBuffer>, manifest: ModelManifest): OwnModel {
  const model = readOwnModel(bytes);
  const { input, output } = manifest;
  const rank = (port: OnnxPort | undefined) => port?.shape?.length;
  const [given] = model.description.inputs;
  const made = model.description.outputs.find(({ name }) => name === output.name) ?? model.description.outputs[0];
  const fits = (layout: string, port: OnnxPort | undefined) => (rank(port) ?? layout.length) === layout.length;
  const wishes: PortWishes = {
    ...(fits(input.layout, given) && { inputLayout: input.layout }),
    ...(fits(output.layout, made) && { outputLayout: output.layout }),
    ...(made && { outputName: made.name }),
    ...(input.channels !== undefined && { inputChannels: input.channels }),
  };
  return { ...model, wishes, manifest };
}

/** Throws OnnxError with a sentence for people: torn, malformed, too-large, external. */
export function readOwnModel(bytes: Uint8Array<ArrayBuffer>): OwnModel {
  const other = toOtherFormat(bytes);
  if (other !== undefined)
    throw new OnnxError("malformed", `This is ${other}, which a browser cannot run: export the model as ONNX.`);
  const description = describeOnnx(bytes);
  return {
    bytes,
    fingerprint: fingerprintOf(bytes),
    description,
    graph: readGraphNodes(bytes),
    support: toOnnxSupport(description),
    wishes: {},
  };
}

const MOST_HASHED = 2 ** 22;

/** FNV-1a over all bytes, of large files over evenly spread ones: training changes them everywhere. */
function fingerprintOf(bytes: Uint8Array): string {
  const step = Math.max(1, Math.floor(bytes.length / MOST_HASHED));
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i += step) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return `${bytes.length}-${(hash >>> 0).toString(16)}`;
}

/** What people are most likely to take for a model that can be run. */
function toOtherFormat(bytes: Uint8Array): string | undefined {
  const begins = (...expected: readonly number[]) => expected.every((byte, i) => bytes[i] === byte);
  if (begins(0x50, 0x4b)) return "a zip archive (PyTorch's checkpoints and TorchScript are such)";
  if (begins(0x89, 0x48, 0x44, 0x46)) return "an HDF5 file (Keras weights are such)";
  if (begins(0x80, 2) || begins(0x80, 4)) return "a Python pickle";
  return /^\s*[<{]/.test(new TextDecoder().decode(bytes.subarray(0, 16))) ? "a text file, no model" : undefined;
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
