// formats/ turns bytes and text written by DaCapo into values, and nothing else: it owns the pickle, YAML, JSON and
// array-attribute readers. It must not know where the bytes came from, so it never fetches, and it must never run
// what it reads: only what an allow-list names is built, and every size is checked before memory is asked for.

/**
 * torn: the file stops before its end was written; reading it again later may succeed.
 * refused: it asks for something that is not on the allow-list.
 * malformed: it is complete, but not what DaCapo writes. limit: it is larger or deeper than a browser should hold.
 */
export type FormatErrorTag = "torn" | "refused" | "malformed" | "limit";
export type FormatName = "pickle" | "json" | "yaml" | "array metadata" | "checkpoint" | "npy";

export type FormatErrorFields = {
  readonly tag: FormatErrorTag;
  readonly format: FormatName;
  readonly message: string;
  /** Byte (pickle, JSON) or character (YAML) at which reading stopped. */
  readonly offset?: number | undefined;
  /** The name that was refused, such as "os system". */
  readonly refused?: string | undefined;
  readonly cause?: unknown;
};

export class FormatError extends Error {
  readonly tag: FormatErrorTag;
  readonly format: FormatName;
  readonly offset: number | undefined;
  readonly refused: string | undefined;

  constructor(fields: FormatErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = "FormatError";
    this.tag = fields.tag;
    this.format = fields.format;
    this.offset = fields.offset;
    this.refused = fields.refused;
  }
}

export class PickleError extends FormatError {
  constructor(fields: Omit<FormatErrorFields, "format">) {
    super({ ...fields, format: "pickle" });
    this.name = "PickleError";
  }
}

/** A checkpoint that is no network's weights, though its pickle may be sound. */
export class CheckpointError extends FormatError {
  constructor(fields: Omit<FormatErrorFields, "format">) {
    super({ ...fields, format: "checkpoint" });
    this.name = "CheckpointError";
  }
}
