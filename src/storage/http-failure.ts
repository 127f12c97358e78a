import { StorageError } from "./errors.ts";

/** What the platform gives: injected, so that tests decide what fails. */
export type HttpEnvironment = {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Origin of the page or worker; `undefined` outside a browser, where there is no CORS. */
  readonly origin: string | undefined;
  readonly isOnline: () => boolean;
};

export function toBrowserEnvironment(): HttpEnvironment {
  const origin = "location" in globalThis ? globalThis.location?.origin : undefined;
  return {
    fetch: (url, init) => globalThis.fetch(url, init),
    origin: origin === "null" || origin?.startsWith("http") ? origin : undefined,
    isOnline: () => globalThis.navigator?.onLine !== false,
  };
}

export function isCrossOrigin(url: string, environment: HttpEnvironment): boolean {
  return environment.origin !== undefined && new URL(url).origin !== environment.origin;
}

/** A browser hides why a fetch failed. What can be told apart: no network, mixed content, CORS, and nobody there. */
export async function diagnose(url: string, environment: HttpEnvironment, cause: unknown): Promise<StorageError> {
  const known = { subject: url, cause };
  if (isMixedContent(url, environment)) {
    const message = `This page is served over https, so the browser refuses to read ${url} over http.`;
    return new StorageError({
      ...known,
      tag: "mixed-content",
      message,
      hint: "Serve the runs over https, or open the viewer over http.",
    });
  }
  if (!environment.isOnline()) {
    const message = `${url} cannot be reached: this computer is offline.`;
    return new StorageError({ ...known, tag: "unreachable", message, hint: "Check the network connection." });
  }
  if (isCrossOrigin(url, environment) && (await answersAtAll(url, environment)))
    return toCorsError(url, environment, cause);
  const message = `No server answered at ${url}.`;
  return new StorageError({
    ...known,
    tag: "unreachable",
    message,
    hint: "Check the address, and that the server runs and can be reached from here.",
  });
}

function isMixedContent(url: string, environment: HttpEnvironment): boolean {
  const { protocol, hostname } = new URL(url);
  const isLoopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === "http:" && environment.origin?.startsWith("https:") === true && !isLoopback;
}

/** A request without CORS succeeds, opaquely, wherever a server answers. */
async function answersAtAll(url: string, environment: HttpEnvironment): Promise<boolean> {
  try {
    await environment.fetch(url, {
      mode: "no-cors",
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(10_000),
    });
    return true;
  } catch {
    return false;
  }
}

function toCorsError(url: string, environment: HttpEnvironment, cause: unknown): StorageError {
  return new StorageError({
    tag: "cors",
    subject: url,
    message: `The server of ${url} answers, but does not allow pages from ${environment.origin} to read it (CORS).`,
    hint: "Add the header below to the server's answers, or serve the viewer from the same origin.",
    setting: [
      `Access-Control-Allow-Origin: ${environment.origin}`,
      "Access-Control-Allow-Headers: Range, If-None-Match, If-Modified-Since",
      "Access-Control-Expose-Headers: ETag, Content-Range, Content-Length, Last-Modified",
    ].join("\n"),
    cause,
  });
}

/** The error for an answer that is neither data nor "not there". */
export function toStatusError(url: string, status: number): StorageError {
  if (status === 401 || status === 403) {
    const message = `The server refused to give ${url} (status ${status}).`;
    return new StorageError({
      tag: "forbidden",
      subject: url,
      message,
      hint: "Log in there, or ask for read access to this folder.",
    });
  }
  const message = `The server failed to give ${url} (status ${status}).`;
  return new StorageError({
    tag: "server-error",
    subject: url,
    message,
    hint: "Try again; if it stays, look at the server's log.",
  });
}

export function toHtmlError(url: string): StorageError {
  return new StorageError({
    tag: "wrong-content",
    subject: url,
    message: `${url} gave a web page where data was expected.`,
    hint: "The server may ask for a login, or answer every unknown address with its own page.",
  });
}

export function toShortReadError(
  url: string,
  loaded: number,
  total: number | undefined,
  cause?: unknown,
): StorageError {
  const message = `${url} broke off after ${loaded}${total === undefined ? "" : ` of ${total}`} bytes.`;
  return new StorageError({
    tag: "short-read",
    subject: url,
    message,
    hint: "It may be being written; try again.",
    cause,
  });
}
