import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join } from "node:path";

/** 403 as a bucket that is not public; an HTML page with status 200 as a single-page app's host or a login wall. */
export type Odd = "not-found" | "forbidden" | "server-error" | "page";

/** How another site behaves: each is what some real server does. */
export type Behaviour = {
  /** Whether it sends `Access-Control-Allow-Origin`; a browser hides everything from the page where it does not. */
  readonly cors: boolean;
  /** `whole`: `Range` is ignored and the whole file is sent. */
  readonly range: "served" | "whole";
  readonly absent: Odd;
  /** Whether its pages are isolated from others, so that threads may share memory. */
  readonly isolated?: boolean;
  /** The answer to every request, whatever lies there. */
  readonly everything?: Odd;
};

export const staticHost: Behaviour = { cors: true, range: "served", absent: "not-found" };

/** A request as it came in: what a page asked for can be counted. */
export type Asked = { readonly method: string; readonly path: string; readonly range: string | undefined };

export type PlainServer = {
  /** With a slash at the end. */
  readonly origin: string;
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
};

const types: ReadonlyMap<string, string> = new Map([
  [".html", "text/html"],
  [".js", "text/javascript"],
  [".css", "text/css"],
  [".json", "application/json"],
  [".svg", "image/svg+xml"],
  [".wasm", "application/wasm"],
]);

/** A file server without listings on a port of its own, which is another origin. `folders`: URL prefix, such as `viewer/`, to the folder shown there. */
export async function startPlainServer(
  folders: Readonly<Record<string, string>>,
  behaviour: Behaviour = staticHost,
): Promise<PlainServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push({ method: request.method ?? "", path: request.url ?? "", range: request.headers.range });
    void answer(folders, behaviour, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin: `http://127.0.0.1:${port}/`, asked, stop };
}

async function answer(
  folders: Readonly<Record<string, string>>,
  behaviour: Behaviour,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (behaviour.cors) allowAll(response);
  if (behaviour.isolated) isolate(response);
  if (request.method === "OPTIONS") return void response.writeHead(behaviour.cors ? 204 : 405).end();
  if (behaviour.everything) return sendOdd(behaviour.everything, response);
  const path = decodeURIComponent(new URL(request.url ?? "/", "http://any").pathname).slice(1);
  const bytes = await readAt(folders, path);
  if (bytes) sendFile(bytes, path, behaviour, request, response);
  else sendOdd(behaviour.absent, response);
}

function allowAll(response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Headers", "Range, If-None-Match");
  response.setHeader("Access-Control-Expose-Headers", "ETag, Content-Range, Content-Length, Last-Modified");
}

function isolate(response: ServerResponse): void {
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
}

async function readAt(folders: Readonly<Record<string, string>>, path: string): Promise<Buffer | undefined> {
  const [prefix, folder] = Object.entries(folders).find(([start]) => path.startsWith(start)) ?? [];
  if (prefix === undefined || folder === undefined) return undefined;
  const rest = path.slice(prefix.length);
  return readFile(join(folder, rest === "" ? "index.html" : rest)).catch(() => undefined);
}

function sendFile(
  bytes: Buffer,
  path: string,
  behaviour: Behaviour,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const type =
    path.endsWith("/") || path === "" ? "text/html" : (types.get(extname(path)) ?? "application/octet-stream");
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const isPart = behaviour.range === "served" && first + last !== "";
  const start = first === "" ? Math.max(0, bytes.length - Number(last)) : Number(first);
  const end = first === "" || last === "" ? bytes.length : Math.min(bytes.length, Number(last) + 1);
  const part = isPart ? bytes.subarray(start, end) : bytes;
  if (isPart) response.setHeader("Content-Range", `bytes ${start}-${end - 1}/${bytes.length}`);
  response.writeHead(isPart ? 206 : 200, { "Content-Type": type, "Content-Length": part.length });
  response.end(request.method === "HEAD" ? undefined : part);
}

const odd: Readonly<Record<Odd, readonly [status: number, type: string, body: string]>> = {
  "not-found": [404, "text/plain", "Not found"],
  forbidden: [403, "application/xml", "<Error><Code>AccessDenied</Code></Error>"],
  "server-error": [500, "text/plain", "Something broke"],
  page: [200, "text/html", "<!doctype html><title>Another app</title>"],
};

function sendOdd(kind: Odd, response: ServerResponse): void {
  const [status, type, body] = odd[kind];
  response.writeHead(status, { "Content-Type": type }).end(body);
}
