import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { type ByteRange, parseByteRange } from "./byte-range.ts";
import { isKnown } from "./respond.ts";

// Not sirv's part: these files are rewritten while they are read. A file is opened once, and the size, the tag and the bytes all come from that handle, so an
// unlinked file is still sent whole and a truncated one ends the connection instead of ending short. The tag is strong (zarr reads ranges), suffix ranges work.

/** Markup in a data directory is never a page: only what JSON and YAML readers look at has a type of its own. */
const contentTypes: ReadonlyMap<string, string> = new Map([
  [".json", "application/json"],
  [".zarray", "application/json"],
  [".zattrs", "application/json"],
  [".zgroup", "application/json"],
  [".zmetadata", "application/json"],
  [".yaml", "text/plain; charset=utf-8"],
]);

/** Bytes read at once: most chunks of a volume fit. */
const pieceSize = 1024 * 1024;

const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Answers with the file at `path`, a real path. @returns false, nothing sent, where no regular file lies. */
export async function sendDataFile(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const file = await openRegular(path);
  if (!file) return false;
  try {
    await sendHandle(file.handle, file.stats, contentType(path), request, response);
    return true;
  } finally {
    await file.handle.close();
  }
}

async function openRegular(path: string): Promise<{ handle: FileHandle; stats: BigIntStats } | undefined> {
  const handle = await open(path, openFlags).catch(absent);
  const stats = await handle?.stat({ bigint: true });
  if (handle && stats?.isFile()) return { handle, stats };
  await handle?.close();
  return undefined;
}

/** Codes of a file that is not there, was unlinked since, or is a link, socket or pipe. */
const absentCodes = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENXIO", "EISDIR"]);

function absent(cause: NodeJS.ErrnoException): undefined {
  if (absentCodes.has(cause.code ?? "")) return undefined;
  throw cause;
}

function contentType(path: string): string {
  const name = basename(path);
  return contentTypes.get(name.slice(name.lastIndexOf("."))) ?? "application/octet-stream";
}

/** Size and time of change in nanoseconds: a rewrite within one second is another version. */
const toEtag = (stats: BigIntStats) => `"${stats.size.toString(36)}-${stats.mtimeNs.toString(36)}"`;

async function sendHandle(
  handle: FileHandle,
  stats: BigIntStats,
  type: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const size = Number(stats.size);
  const etag = toEtag(stats);
  response.setHeader("ETag", etag);
  response.setHeader("Last-Modified", stats.mtime.toUTCString());
  response.setHeader("Accept-Ranges", "bytes");
  if (isKnown(request.headers["if-none-match"], etag)) return void response.writeHead(304).end();
  const range =
    request.headers["if-range"] === undefined || request.headers["if-range"] === etag
      ? parseByteRange(request.headers.range, size)
      : "whole";
  if (range === "unsatisfiable") return void response.writeHead(416, { "Content-Range": `bytes */${size}` }).end();
  const part = range === "whole" ? { first: 0, last: size - 1 } : range;
  response.setHeader("Content-Type", type);
  response.setHeader("Content-Length", part.last - part.first + 1);
  if (range !== "whole") response.setHeader("Content-Range", `bytes ${part.first}-${part.last}/${size}`);
  response.writeHead(range === "whole" ? 200 : 206);
  if (request.method === "HEAD" || part.last < part.first) return void response.end();
  await sendBytes(handle, part, response);
}

/** A file cut short meanwhile, or a reader that went away, ends the connection: the reader must not take a part for the whole. */
async function sendBytes(handle: FileHandle, range: ByteRange, response: ServerResponse): Promise<void> {
  await pipeline(piecesOf(handle, range), response).catch(() => response.destroy());
}

async function* piecesOf(handle: FileHandle, { first, last }: ByteRange): AsyncGenerator<Uint8Array> {
  for (let at = first; at <= last; ) {
    const piece = Buffer.allocUnsafe(Math.min(pieceSize, last - at + 1));
    const { bytesRead } = await handle.read(piece, 0, piece.length, at);
    if (bytesRead === 0) throw new RangeError(`The file ends at byte ${at}, before byte ${last}.`);
    yield piece.subarray(0, bytesRead);
    at += bytesRead;
  }
}
