/**
 * raw: the array does not suit the network. model: the engine refuses the network. plan: no block fits the device. reference: what a
 * proof would compare with could not be had. The rest is what befalls an engine: its device was lost, its memory did not suffice, it did not answer in time, its thread ended, it was put away.
 */
export type InferenceErrorTag =
  | "raw"
  | "model"
  | "plan"
  | "reference"
  | "device-lost"
  | "out-of-memory"
  | "hang"
  | "crashed"
  | "unavailable"
  | "cancelled"
  | "disposed";

/** Inference in the page could not go on; the message is a sentence for people. */
export class InferenceError extends Error {
  readonly tag: InferenceErrorTag;

  constructor(tag: InferenceErrorTag, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "InferenceError";
    this.tag = tag;
  }
}

export function isInferenceError(error: unknown, ...tags: readonly InferenceErrorTag[]): error is InferenceError {
  return error instanceof InferenceError && (tags.length === 0 || tags.includes(error.tag));
}
