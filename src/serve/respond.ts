import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Whether an `If-None-Match` header holds the tag; a proxy that compresses may have made it weak. */
export function isKnown(header: string | undefined, etag: string): boolean {
  return (
    header !== undefined &&
    (header.trim() === "*" || header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag))
  );
}

/** Tagged by its content, so that an unchanged directory costs a poll no bytes. */
export function sendJson(request: IncomingMessage, response: ServerResponse, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  response.setHeader("ETag", etag);
  if (isKnown(request.headers["if-none-match"], etag)) return void response.writeHead(304).end();
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", ...more }).end(`${text}\n`);
}
