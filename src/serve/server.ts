import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createAppHandler } from "./app-handler.ts";
import { handleData, type Served } from "./data-handler.ts";
import { sendText } from "./respond.ts";

export type ServerOptions = {
  readonly appFolder: string;
  readonly served: Served;
  /** `localhost` listens on both loopback addresses. */
  readonly host: string;
  /** Undefined: 8377, or the next free one; 0: any. */
  readonly port: number | undefined;
  readonly embedOrigins: readonly string[];
};

export type RunningServer = { readonly port: number; readonly close: () => Promise<void> };

/** The server could not listen where it was asked to. */
export class ListenError extends Error {
  readonly tag: "taken" | "no-such-host" | "refused";
  constructor(tag: ListenError["tag"], message: string, cause: unknown) {
    super(message, { cause });
    this.name = "ListenError";
    this.tag = tag;
  }
}

export const defaultPort = 8377;
const triedPorts = 100;

/** Starts to answer. @throws ListenError */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const answer = createListener(options);
  const addresses = options.host === "localhost" ? ["127.0.0.1", "::1"] : [options.host];
  if (options.port !== undefined) return listenOnAll(addresses, options.port, answer);
  for (let port = defaultPort; port < defaultPort + triedPorts; port++) {
    const running = await listenOnAll(addresses, port, answer).catch(unlessTaken);
    if (running) return running;
  }
  throw new ListenError(
    "taken",
    `The ports ${defaultPort} to ${defaultPort + triedPorts - 1} are all taken: name a free one with --port.`,
    undefined,
  );
}

function createListener({ appFolder, served, host, embedOrigins }: ServerOptions): RequestListener {
  const handleApp = createAppHandler({ folder: appFolder, embedOrigins, loopback: isLoopback(host) });
  return (request, response) => {
    const path = (request.url ?? "/").replace(/[?#].*$/s, "");
    if (!path.startsWith("/data/")) return handleApp(path, request, response);
    handleData(served, path, request, response).catch((cause: unknown) => sendFailure(cause, request, response));
  };
}

/** A file that may not be read, or a disk that fails, costs this one answer. */
function sendFailure(cause: unknown, request: IncomingMessage, response: ServerResponse): void {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  if (response.headersSent) response.destroy();
  else if (code === "EACCES" || code === "EPERM") sendText(response, 403, "The server's user may not read this file.");
  else sendText(response, 500, `The server could not read this file (${code}).`);
  if (code === "") console.error(`${request.method} ${request.url}:`, cause);
}

export const isLoopback = (host: string) => host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

/** Listens on the first address, and on the others where the machine has them; all or none, on one port. */
async function listenOnAll(
  addresses: readonly string[],
  port: number,
  answer: RequestListener,
): Promise<RunningServer> {
  const [first = "", ...others] = addresses;
  const servers = [await listen(first, port, answer)];
  const bound = portOf(servers[0]);
  try {
    for (const address of others)
      servers.push(...(await listen(address, bound, answer).then((server) => [server], unlessMissing)));
  } catch (cause) {
    await Promise.all(servers.map(close));
    throw cause;
  }
  return { port: bound, close: async () => void (await Promise.all(servers.map(close))) };
}

function listen(host: string, port: number, answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(toListenError(cause, host, port)));
    server.listen({ host, port, exclusive: true }, () => resolve(server.removeAllListeners("error")));
  });
}

function toListenError(cause: NodeJS.ErrnoException, host: string, port: number): ListenError {
  if (cause.code === "EADDRINUSE")
    return new ListenError(
      "taken",
      `Port ${port} is taken: give another with --port, or leave --port out to find a free one.`,
      cause,
    );
  if (cause.code === "EACCES")
    return new ListenError(
      "refused",
      `Port ${port} may not be opened by this user: give one above 1023 with --port.`,
      cause,
    );
  return new ListenError(
    "no-such-host",
    `This machine has no address ${host}: give --host localhost, or 0.0.0.0 for every address.`,
    cause,
  );
}

function unlessTaken(cause: unknown): undefined {
  if (!(cause instanceof ListenError) || cause.tag !== "taken") throw cause;
}

function unlessMissing(cause: unknown): Server[] {
  if (cause instanceof ListenError && cause.tag === "no-such-host") return [];
  throw cause;
}

function portOf(server: Server | undefined): number {
  const address = server?.address();
  return typeof address === "object" && address ? address.port : 0;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
