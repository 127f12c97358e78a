import type { IncomingMessage, ServerResponse } from "node:http";
import { sendDataFile } from "./data-file.ts";
import { sendJson, sendText } from "./respond.ts";
import type { ServedDirectory } from "./served-directory.ts";
import { parseSegments, readEntries, readTree, resolveInside } from "./served-tree.ts";

/** The directories in the order of the command line: the first is `/data/0/`. `demo`: they are the bundled ones, nothing was asked for. */
export type Served = { readonly directories: readonly ServedDirectory[]; readonly demo: boolean };

/** Any page may read: a viewer elsewhere, a notebook, stock neuroglancer. Nothing here is a page or a script itself. */
const headers: Readonly<Record<string, string>> = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "ETag, Content-Range, Content-Length, Last-Modified, Accept-Ranges",
  "Cross-Origin-Resource-Policy": "cross-origin",
  "Timing-Allow-Origin": "*",
  "Cache-Control": "no-cache",
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy": "default-src 'none'; sandbox",
};

const preflightHeaders: Readonly<Record<string, string>> = {
  "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
  "Access-Control-Allow-Headers":
    "Range, If-None-Match, If-Range, If-Modified-Since, Cache-Control, Content-Type, Accept",
  "Access-Control-Allow-Private-Network": "true",
  "Access-Control-Max-Age": "600",
};

/** Answers every request whose path begins with `/data/`. */
export async function handleData(
  served: Served,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (request.method === "OPTIONS") return void response.writeHead(204, preflightHeaders).end();
  if (request.method !== "GET" && request.method !== "HEAD")
    return sendText(response, 405, "Only GET and HEAD: this server does not write.", { Allow: "GET, HEAD, OPTIONS" });
  if (path === "/data/" || path === "/data/index.json") return sendJson(request, response, toIndex(served));
  const [, number = "", rest = ""] = /^\/data\/(0|[1-9]\d{0,5})\/(.*)$/s.exec(path) ?? [];
  const directory = served.directories[number === "" ? -1 : Number(number)];
  const segments = parseSegments(rest);
  if (!directory || !segments) return sendAbsent(response);
  await sendFound(directory, segments, path, request, response);
}

async function sendFound(
  directory: ServedDirectory,
  segments: readonly string[],
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!path.endsWith("/")) {
    const file = await resolveInside(directory, segments);
    if (file !== undefined && (await sendDataFile(file, request, response))) return;
  }
  const depth = toDepth(request.headers.accept);
  const entries = await (depth === 1 ? readEntries(directory, segments) : readTree(directory, segments, depth));
  if (!entries) return sendAbsent(response);
  if (!path.endsWith("/"))
    return void response.writeHead(301, { Location: `${encodeURIComponent(segments.at(-1) ?? "")}/` }).end();
  response.setHeader("Vary", "Accept");
  sendJson(request, response, { directory: true, entries });
}

const maxDepth = 4;

/** `Accept: application/json;depth=4` asks for directories below too; a header that no other server minds, nor a browser's preflight. */
function toDepth(accept: string | undefined): number {
  const [, depth] = /^application\/json;depth=([1-9])\b/.exec(accept ?? "") ?? [];
  return Math.min(maxDepth, Number(depth ?? 1));
}

/** What the start page shows; in the form of a listing too. */
function toIndex(served: Served) {
  const entries = served.directories.map((_, n) => ({ name: String(n), type: "directory" }));
  const directories = served.directories.map(({ kind, name }, n) => ({
    path: `data/${n}/`,
    name,
    kind,
    ...(kind === "run" && { run: name }),
  }));
  return { directory: true, entries, directories, demo: served.demo };
}

const sendAbsent = (response: ServerResponse) => sendText(response, 404, "Nothing here.");
