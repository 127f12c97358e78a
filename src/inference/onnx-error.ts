/**
 * shape: the network does not work for a block size. too-large: more than ONNX can hold or a browser should read.
 * torn: the file stops early. malformed: it is no ONNX model. external: its weights lie in other files.
 */
export type OnnxErrorTag = "shape" | "too-large" | "torn" | "malformed" | "external";

/** The message is one sentence: what was found, and what to do. */
export class OnnxError extends Error {
  readonly tag: OnnxErrorTag;

  constructor(tag: OnnxErrorTag, message: string) {
    super(message);
    this.name = "OnnxError";
    this.tag = tag;
  }
}
