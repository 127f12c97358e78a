import type { FilePart } from "./formats/torch-layout.ts";
import type { Stamp } from "./store.ts";
import { createTurns } from "./turns.ts";

/** Parts of a file that were fetched before, of the version that the stamp names. */
export type KeptModel = { readonly stamp: Stamp; readonly fileBytes: number; readonly parts: readonly FilePart[] };

/** Keeps what was fetched of checkpoints, by their URL. It may forget, and may fail, which costs no more than fetching again. */
export type ModelCache = {
  get(url: string): Promise<KeptModel | undefined>;
  put(url: string, model: KeptModel): Promise<void>;
};

const NAME = "dacapo-run-viewer.models";
const MAX_BYTES = 2 * 2 ** 30;
const HEADER = "x-kept";
/** Copied at once, so that the page stays free meanwhile. */
const PIECE_BYTES = 8 * 2 ** 20;

type Kept = {
  readonly stamp: Stamp;
  readonly fileBytes: number;
  readonly spans: readonly (readonly [offset: number, length: number])[];
  /** Milliseconds since the epoch. */
  readonly at: number;
};

/** In the browser's cache; undefined where a page has none (http, but not of this machine). The longest unused go beyond 2 GiB. */
export function createModelCache(
  storage: CacheStorage | undefined = globalThis.caches,
  maxBytes = MAX_BYTES,
): ModelCache | undefined {
  if (storage === undefined) return undefined;
  return {
    async get(url) {
      const cache = await storage.open(NAME);
      const found = await cache.match(toKey(url));
      const kept = found && parseKept(found.headers.get(HEADER));
      if (found === undefined || kept === undefined) return undefined;
      const bytes = new Uint8Array(await found.arrayBuffer());
      const parts = toParts(bytes, kept);
      return parts && { stamp: kept.stamp, fileBytes: kept.fileBytes, parts };
    },
    async put(url, { stamp, fileBytes, parts }) {
      const cache = await storage.open(NAME);
      const spans = parts.map(({ offset, bytes }) => [offset, bytes.length] as const);
      const kept: Kept = { stamp, fileBytes, spans, at: Date.now() };
      const length = spans.reduce((sum, [, bytes]) => sum + bytes, 0);
      if (length > maxBytes) return;
      await makeRoom(cache, maxBytes - length);
      const headers = { [HEADER]: JSON.stringify(kept), "Content-Length": String(length) };
      await cache.put(toKey(url), new Response(await toBlob(parts), { headers }));
    },
  };
}

/** A cache takes no other keys than http addresses. */
function toKey(url: string): string {
  return `https://kept.invalid/${encodeURIComponent(url)}`;
}

function parseKept(text: string | null): Kept | undefined {
  try {
    return text === null ? undefined : (JSON.parse(text) as Kept); // nobody else writes into this page's cache
  } catch {
    return undefined;
  }
}

function toParts(bytes: Uint8Array, { spans }: Kept): readonly FilePart[] | undefined {
  const parts: FilePart[] = [];
  let at = 0;
  for (const [offset, length] of spans) {
    parts.push({ offset, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return at === bytes.length ? parts : undefined;
}

async function toBlob(parts: readonly FilePart[]): Promise<Blob> {
  const pieces: Blob[] = [];
  const turns = createTurns();
  for (const { bytes } of parts) {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      pieces.push(new Blob([bytes.subarray(at, at + PIECE_BYTES) as Uint8Array<ArrayBuffer>]));
      if (turns.isOver()) await turns.next();
    }
  }
  return new Blob(pieces);
}

/** Forgets the oldest until no more than so many bytes are kept. */
async function makeRoom(cache: Cache, maxBytes: number): Promise<void> {
  const entries: { readonly key: Request; readonly at: number; readonly bytes: number }[] = [];
  for (const key of await cache.keys()) {
    const kept = parseKept((await cache.match(key))?.headers.get(HEADER) ?? null);
    const bytes = kept?.spans.reduce((sum, [, length]) => sum + length, 0) ?? 0;
    entries.push({ key, at: kept?.at ?? 0, bytes });
  }
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { key, bytes } of entries.sort((a, b) => a.at - b.at)) {
    if (total <= maxBytes) return;
    await cache.delete(key);
    total -= bytes;
  }
}
