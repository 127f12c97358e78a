import { checkSize } from "./byte-range.ts";
import { isAbort } from "./errors.ts";
import { toHtmlError, toShortReadError } from "./http-failure.ts";
import { MAX_READ_BYTES, type ReadOptions } from "./store.ts";
import { createTurns } from "./turns.ts";

/** Bytes that the body should have, where the server says so and did not compress it on the way. */
export function toBodyLength(headers: Headers): number | undefined {
  const encoding = headers.get("content-encoding");
  return encoding === null || encoding === "identity" ? toSize(headers.get("content-length")) : undefined;
}

export function toSize(text: string | null | undefined): number | undefined {
  return text != null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

/** `url` is for messages; `end`: the bytes needed from the start of the body, the rest is left. */
export type BodyOptions = ReadOptions & { readonly url: string; readonly end?: number };

/** Reads a body piece by piece, refusing what exceeds `maxBytes` before it is held. */
export async function readBody(response: Response, options: BodyOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { url, end = Number.POSITIVE_INFINITY, maxBytes = MAX_READ_BYTES } = options;
  const announced = toBodyLength(response.headers);
  const total = announced === undefined ? undefined : Math.min(announced, end);
  try {
    checkSize(total ?? 0, maxBytes, url);
    const bytes = await joinPieces(await readPieces(response, { ...options, end, maxBytes }, total));
    // a body may exceed its announced length: another origin's Content-Encoding is hidden from us
    if (total !== undefined && bytes.length < total) throw toShortReadError(url, bytes.length, total);
    return bytes;
  } finally {
    discardBody(response);
  }
}

async function readPieces(
  response: Response,
  options: BodyOptions & { readonly end: number; readonly maxBytes: number },
  total: number | undefined,
): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  let loaded = 0;
  try {
    for await (const piece of toPieces(response)) {
      pieces.push(loaded + piece.length > options.end ? piece.subarray(0, options.end - loaded) : piece);
      loaded = Math.min(loaded + piece.length, options.end);
      checkSize(loaded, options.maxBytes, options.url);
      options.onProgress?.(loaded, total);
      if (loaded === options.end) break;
    }
  } catch (cause) {
    if (!(cause instanceof TypeError) || isAbort(cause, options.signal)) throw cause;
    throw toShortReadError(options.url, loaded, total, cause);
  }
  return pieces;
}

/** Leaving the loop early frees the connection. */
async function* toPieces(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) yield next.value;
  } finally {
    reader?.releaseLock();
  }
}

/** Joining hundreds of megabytes holds a thread up: others have their turn in between. */
async function joinPieces(pieces: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  const turns = createTurns();
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
    if (turns.isOver()) await turns.next();
  }
  return bytes;
}

/** Frees the connection of an answer that is not read to its end. */
export function discardBody(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}

/** No file of a run is HTML: a login page or an application's catch-all page is. */
export function checkNotHtml(bytes: Uint8Array, headers: Headers, url: string): void {
  const isDeclared = headers.get("content-type")?.trim().toLowerCase().startsWith("text/html") ?? false;
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 64)).trimStart().toLowerCase();
  if (isDeclared || head.startsWith("<!doctype html") || head.startsWith("<html")) throw toHtmlError(url);
}
