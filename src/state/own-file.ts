// A model from an address, a drop or a file button, read whole: an .onnx file, or a bioimage.io package as a zip, a folder or its
// description. Loaded with the first model of one's own.
import { toManifest } from "#inference/model-manifest.ts";
import { OnnxError } from "#inference/onnx-error.ts";
import { type OwnModel, readOwnModel, readPackagedModel, type SampleTensors } from "#inference/own-model.ts";
import { StorageError } from "#storage/errors.ts";
import { parseNpy } from "#storage/formats/npy.ts";
import { readYaml } from "#storage/formats/read-yaml.ts";
import { openStore, toStoreDescription } from "#storage/open-store.ts";
import type { ReadOptions, Store } from "#storage/store.ts";
import { toZipStore } from "#storage/zip-store.ts";

/** What protobuf can hold. */
const MAX_MODEL_BYTES = 2 ** 31;
const MAX_TEXT_BYTES = 2 ** 22;
const MAX_SAMPLE_BYTES = 2 ** 28;

export type LoadOptions = {
  /** Address that relative ones are relative to. */
  readonly page: string;
  readonly signal: AbortSignal;
  readonly onDownload: (loaded: number, total: number | undefined) => void;
};

/** Throws StorageError, OnnxError and FormatError with a sentence for people. */
export async function loadModel(address: string, options: LoadOptions): Promise<OwnModel> {
  const { page, signal, onDownload } = options;
  const [, folder = "", file = "", query = ""] = /^([^?#]*\/)?([^?#/]*)(\?[^#]*)?/.exec(address) ?? [];
  const isDescription = file === "" || /\.ya?ml$/i.test(file);
  if (isDescription) {
    const store = openStore(toStoreDescription(`${folder || "."}${query}`, page));
    return readPackage({ store, page, signal, onDownload }, file === "" ? undefined : decodeURIComponent(file));
  }
  const store = openStore(toStoreDescription(address, page));
  return toModel(
    await readFile(store, "", { signal, maxBytes: MAX_MODEL_BYTES, onProgress: onDownload }),
    address,
    options,
  );
}

export async function readModelFile(file: File, options: LoadOptions): Promise<OwnModel> {
  return toModel(new Uint8Array(await file.arrayBuffer()), file.name, options);
}

/** Told apart by content: a zip's may be a package, or PyTorch's own. */
function toModel(bytes: Uint8Array<ArrayBuffer>, label: string, options: LoadOptions): OwnModel | Promise<OwnModel> {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!isZip) return readOwnModel(bytes);
  return readPackage({ ...options, store: toZipStore(bytes, label) }, undefined);
}

type Package = LoadOptions & { readonly store: Store };

async function readPackage(from: Package, description: string | undefined): Promise<OwnModel> {
  const { store, signal, onDownload } = from;
  const path = description ?? (await findDescription(store, signal));
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
  const text = new TextDecoder().decode(await readFile(store, path, { signal, maxBytes: MAX_TEXT_BYTES }));
  const manifest = toManifest(await readYaml(text));
  if ("problem" in manifest) throw new OnnxError("malformed", manifest.problem);
  const read = (source: string, options: ReadOptions) => readPart(from, folder, source, options);
  const bytes = await read(manifest.onnx, { signal, maxBytes: MAX_MODEL_BYTES, onProgress: onDownload });
  const model = readPackagedModel(bytes, manifest);
  const { test } = manifest;
  return test ? { ...model, readTest: (stop) => readTest(read, test, stop) } : model;
}

const DESCRIPTIONS = ["rdf.yaml", "bioimageio.yaml", "model.yaml", "rdf.yml", "bioimageio.yml"];

async function findDescription(store: Store, signal: AbortSignal): Promise<string> {
  const listing = await store.list("", { signal });
  const folders = store.kind === "memory" ? (listing?.directories ?? []) : [];
  const names = [...DESCRIPTIONS, ...folders.flatMap((folder) => DESCRIPTIONS.map((name) => `${folder}/${name}`))];
  for (const name of names) {
    if (listing && !name.includes("/") && !listing.files.includes(name)) continue;
    const found = await store.readRange(name, { offset: 0, length: 1 }, { signal });
    if (found.status === "found") return name;
  }
  throw new StorageError({
    tag: "wrong-content",
    subject: store.label,
    message: `No bioimage.io package is in ${store.label}: it has no rdf.yaml.`,
    hint: "Give an .onnx file, or a package with its description; PyTorch's own files do not run in a browser.",
  });
}

/** A part of a package: beside its description, or anywhere. */
async function readPart(
  { store, page }: Package,
  folder: string,
  source: string,
  options: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (/^https?:\/\//i.test(source)) return readFile(openStore(toStoreDescription(source, page)), "", options);
  return readFile(store, folder + source.replace(/^\.\//, ""), options);
}

async function readTest(
  read: (source: string, options: ReadOptions) => Promise<Uint8Array>,
  test: { readonly input: string; readonly output: string },
  signal: AbortSignal | undefined,
): Promise<SampleTensors> {
  const options = { maxBytes: MAX_SAMPLE_BYTES, ...(signal && { signal }) };
  const [input, output] = await Promise.all([read(test.input, options), read(test.output, options)]);
  return { input: parseNpy(input), output: parseNpy(output) };
}

async function readFile(store: Store, path: string, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const found = await store.read(path, options);
  if (found.status === "found") return toOwned(found.bytes);
  const subject = store.urlOf(path);
  const message = `No file is at ${subject}.`;
  throw new StorageError({ tag: "wrong-content", subject, message, hint: "Check the address of the model." });
}

/** Bytes that can cross to another thread. */
function toOwned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : Uint8Array.from(bytes);
}
