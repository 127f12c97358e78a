/** Why a store could not give what was asked for. A file that is not there is not among them: absent is a value. */
export type StorageErrorTag =
  | "forbidden"
  | "cors"
  | "unreachable"
  | "mixed-content"
  | "wrong-content"
  | "short-read"
  | "too-large"
  | "server-error"
  | "revoked"
  | "bad-address";

export type StorageErrorDetails = {
  readonly tag: StorageErrorTag;
  /** URL or path that was sought. */
  readonly subject: string;
  /** One sentence: what was sought, where, what was found. */
  readonly message: string;
  /** What to try. */
  readonly hint: string;
  /** A server setting that can be copied as it is, where one would help. */
  readonly setting?: string;
  readonly cause?: unknown;
};

export class StorageError extends Error {
  readonly tag: StorageErrorTag;
  readonly subject: string;
  readonly hint: string;
  readonly setting: string | undefined;

  constructor(details: StorageErrorDetails) {
    super(`${details.message} ${details.hint}`.trim(), { cause: details.cause });
    this.name = "StorageError";
    this.tag = details.tag;
    this.subject = details.subject;
    this.hint = details.hint;
    this.setting = details.setting;
  }
}

export function isStorageError(error: unknown, ...tags: readonly StorageErrorTag[]): error is StorageError {
  return error instanceof StorageError && (tags.length === 0 || tags.includes(error.tag));
}

/** True for the rejection that an aborted signal causes, under whatever name the platform throws it. */
export function isAbort(error: unknown, signal?: AbortSignal): boolean {
  if (signal?.aborted) return true;
  return error instanceof Error && error.name === "AbortError";
}
