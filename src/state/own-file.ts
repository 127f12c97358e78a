// A model file from an address, a drop or a file button, read whole. Loaded with the first model of one's own.
import { type OwnModel, readOwnModel } from "#inference/own-model.ts";
import { StorageError } from "#storage/errors.ts";
import { openStore, toStoreDescription } from "#storage/open-store.ts";

/** What protobuf can hold. */
const MAX_MODEL_BYTES = 2 ** 31;

export type LoadOptions = {
  /** Address that relative ones are relative to. */
  readonly page: string;
  readonly signal: AbortSignal;
  readonly onDownload: (loaded: number, total: number | undefined) => void;
};

/** Throws StorageError and OnnxError with a sentence for people. */
export async function loadModel(address: string, { page, signal, onDownload }: LoadOptions): Promise<OwnModel> {
  const store = openStore(toStoreDescription(address, page));
  const found = await store.read("", { signal, maxBytes: MAX_MODEL_BYTES, onProgress: onDownload });
  if (found.status === "found") return readOwnModel(toOwned(found.bytes));
  const [message, hint] = [`No file is at ${address}.`, "Check the address of the model."];
  throw new StorageError({ tag: "wrong-content", subject: address, message, hint });
}

export async function readModelFile(file: Blob): Promise<OwnModel> {
  return readOwnModel(new Uint8Array(await file.arrayBuffer()));
}

/** Bytes that can cross to another thread. */
function toOwned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : Uint8Array.from(bytes);
}
