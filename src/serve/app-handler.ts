import type { IncomingMessage, ServerResponse } from "node:http";
import sirv from "sirv";
import { sendJson, sendText } from "./respond.ts";

export type AppOptions = {
  /** The folder of the built app; it may be built anew while it is served. */
  readonly folder: string;
  readonly embedOrigins: readonly string[];
  /** Whether the server is reached over a loopback address only: pages of this machine may then embed the viewer. */
  readonly loopback: boolean;
};

const loopbackSources = ["http://localhost:*", "https://localhost:*", "http://127.0.0.1:*", "https://127.0.0.1:*"];

/** Who may show the viewer in a frame. */
export function toFrameAncestors({ embedOrigins, loopback }: AppOptions): string {
  return ["frame-ancestors 'self'", ...(loopback ? loopbackSources : []), ...embedOrigins].join(" ");
}

/**
 * Isolated, so that threads may share memory. Arrays of other origins are fetched with CORS, which this leaves as it is. In a frame the
 * host decides: the viewer is not isolated in a page that is not, and may lie in one that is.
 */
const isolation: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "credentialless",
  "Cross-Origin-Resource-Policy": "cross-origin",
};

/** Answers every request that is not for data: the app's own files, and `embed.json`, which lists who may embed it. */
export function createAppHandler(
  options: AppOptions,
): (path: string, request: IncomingMessage, response: ServerResponse) => void {
  const policy = toFrameAncestors(options);
  const files = sirv(options.folder, { dev: true, etag: true, gzip: true, setHeaders: setCaching });
  return (path, request, response) => {
    for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (request.method !== "GET" && request.method !== "HEAD")
      return sendText(response, 405, "Only GET and HEAD.", { Allow: "GET, HEAD" });
    if (path === "/embed.json") return sendJson(request, response, { origins: options.embedOrigins });
    // a file may vanish between sirv's look and its read, and nobody else hears that stream's error
    response.on("pipe", (file) => file.on("error", () => response.destroy()));
    files(request, response, () => sendText(response, 404, "Nothing here: the viewer's page is at /."));
  };
}

/** Files under assets/ have their hash in their name. */
function setCaching(response: ServerResponse, path: string): void {
  response.setHeader("Cache-Control", path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
}
