export type VolumeViewerErrorTag = "no-webgl" | "context-lost" | "no-layer" | "draw" | "timeout";

export class VolumeViewerError extends Error {
  readonly tag: VolumeViewerErrorTag;

  constructor(tag: VolumeViewerErrorTag, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "VolumeViewerError";
    this.tag = tag;
  }
}
