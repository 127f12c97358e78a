import { isAbort, isStorageError, type StorageError } from "./errors.ts";
import { diagnose, type HttpEnvironment, isCrossOrigin, toStatusError } from "./http-failure.ts";

export type HttpRequest = {
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
};

/** What is learnt about one server while reading from it; shared by all stores on it. */
export class HttpConnection {
  readonly environment: HttpEnvironment;
  /** False once the server was seen to refuse headers that need a preflight. */
  takesExtraHeaders = true;
  readonly #isBucket: boolean;
  #hasGivenData = false;
  readonly #pending = new Set<Promise<unknown>>();

  constructor(environment: HttpEnvironment, { isBucket = false } = {}) {
    this.environment = environment;
    this.#isBucket = isBucket;
  }

  /**
   * An answer with status 2xx, 304 or 416; `undefined` when the file is not there. Extra headers may be left out when
   * the server refuses them. The browser's cache is not used: a 304 must reach us, a chunk may be rewritten.
   * @throws StorageError
   */
  async request(url: string, request: HttpRequest): Promise<Response | undefined> {
    const answer = this.#attempt(url, request);
    this.#pending.add(answer);
    const forget = () => this.#pending.delete(answer);
    answer.then(forget, forget);
    try {
      return await answer;
    } catch (error) {
      if (isStorageError(error) && (await this.#meansAbsent(error))) return undefined;
      throw error;
    }
  }

  async #attempt(url: string, request: HttpRequest): Promise<Response | undefined> {
    const response = await this.#send(url, request);
    if (response.status === 404 || response.status === 410) return undefined;
    if (!response.ok && response.status !== 304 && response.status !== 416) throw toStatusError(url, response.status);
    this.#hasGivenData = true;
    return response;
  }

  async #send(url: string, request: HttpRequest): Promise<Response> {
    const { method = "GET", headers = {}, signal } = request;
    const simple = toSimpleHeaders(headers);
    const isSimple =
      !isCrossOrigin(url, this.environment) || Object.keys(simple).length === Object.keys(headers).length;
    const sent = isSimple || this.takesExtraHeaders ? headers : simple;
    try {
      return await this.environment.fetch(url, { method, cache: "no-store", signal: signal ?? null, headers: sent });
    } catch (cause) {
      if (isAbort(cause, signal)) throw cause;
      if (isSimple || sent === simple) throw await diagnose(url, this.environment, cause);
    }
    const plain = await this.#send(url, { method, signal, headers: simple });
    this.takesExtraHeaders = false;
    return plain;
  }

  /**
   * Servers set CORS headers on good answers only (nginx without `always`), and buckets without public listing say 403
   * for a missing key. Once another file came through, such a failure means: not there.
   */
  async #meansAbsent(error: StorageError): Promise<boolean> {
    if (error.tag !== "cors" && !(error.tag === "forbidden" && this.#isBucket)) return false;
    if (!this.#hasGivenData) await Promise.allSettled(this.#pending);
    return this.#hasGivenData;
  }
}

/** Those that a browser sends to another origin without asking there first (a preflight). */
function toSimpleHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => isSimpleHeader(name.toLowerCase(), value)),
  );
}

function isSimpleHeader(name: string, value: string): boolean {
  return name === "accept" || (name === "range" && /^bytes=\d+-\d*$/.test(value));
}
