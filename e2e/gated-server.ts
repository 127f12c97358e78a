import { readFile, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";

/** A file server of another origin, without listings, some of whose answers wait until they are let through. */
export type GatedServer = {
  /** With a slash at the end. */
  readonly origin: string;
  /** Answers to paths that match wait from now on. */
  hold(pattern: RegExp): void;
  /** How many answers wait. */
  waiting(): number;
  release(): void;
  stop(): Promise<void>;
};

export async function startGatedServer(folder: string): Promise<GatedServer> {
  let gate: RegExp | undefined;
  let open: (() => void)[] = [];
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://any").pathname).slice(1);
    if (gate?.test(path)) await new Promise<void>((resolve) => open.push(resolve));
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "*");
    response.setHeader("Access-Control-Expose-Headers", "*");
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    const file = join(folder, path);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) return void response.writeHead(404).end();
    response.setHeader("Last-Modified", found.mtime.toUTCString());
    const bytes = await readFile(file);
    response.writeHead(200, { "Content-Length": bytes.length }).end(request.method === "HEAD" ? undefined : bytes);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  function release(): void {
    gate = undefined;
    for (const next of open) next();
    open = [];
  }
  return {
    origin: `http://127.0.0.1:${port}/`,
    hold(pattern) {
      gate = pattern;
    },
    waiting: () => open.length,
    release,
    stop: () =>
      new Promise<void>((resolve) => {
        release();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
