import { checkRange, isSameStamp } from "./byte-range.ts";
import { parseListing } from "./directory-listing.ts";
import { isStorageError, StorageError } from "./errors.ts";
import { checkNotHtml, discardBody, readBody, toBodyLength, toSize } from "./http-body.ts";
import { HttpConnection } from "./http-connection.ts";
import { type HttpEnvironment, isCrossOrigin, toBrowserEnvironment } from "./http-failure.ts";
import type { ByteRange, Fetched, Listing, ListOptions, ReadOptions, Stamp, Store } from "./store.ts";
import { encodePath, joinPath, toSegments } from "./store-path.ts";

const MAX_LISTING_BYTES = 2 ** 26;

/** Files under an http(s) URL. `url` is percent-encoded; a query in it (a token) is kept on every request. */
export function toHttpStore(url: string, environment: HttpEnvironment = toBrowserEnvironment()): Store {
  return new HttpStore(new URL(url), new HttpConnection(environment));
}

export class HttpStore implements Store {
  readonly kind: "http" | "s3" = "http";
  readonly label: string;
  protected readonly root: URL;
  protected readonly connection: HttpConnection;

  constructor(root: URL, connection: HttpConnection) {
    this.root = new URL(root);
    this.root.hash = "";
    this.root.pathname = root.pathname.replace(/\/+$/, "");
    this.connection = connection;
    this.label = this.urlOf("");
  }

  urlOf(path: string): string {
    const url = new URL(this.root);
    url.pathname = `${this.root.pathname.replace(/\/$/, "")}${path === "" ? "" : `/${encodePath(path)}`}`;
    return url.href;
  }

  async read(path: string, options: ReadOptions = {}): Promise<Fetched> {
    const url = this.urlOf(path);
    const response = await this.#get(url, toConditions(options.unless), options);
    if (response === undefined) return { status: "absent" };
    const stamp = toStamp(response);
    if (isUnchanged(response, stamp, options)) return { status: "unchanged" };
    const bytes = await readBody(response, { ...options, url });
    checkNotHtml(bytes, response.headers, url);
    return { status: "found", bytes, stamp };
  }

  async readRange(path: string, range: ByteRange, options: ReadOptions = {}): Promise<Fetched> {
    checkRange(range, this.urlOf(path));
    const url = this.urlOf(path);
    const asked = await this.#toAskable(url, range, options);
    if (asked === undefined) return { status: "absent" };
    const headers = { ...toConditions(options.unless), Range: toRangeHeader(asked) };
    const response = await this.#get(url, headers, options);
    if (response === undefined) return { status: "absent" };
    const stamp = toStamp(response);
    if (isUnchanged(response, stamp, options)) return { status: "unchanged" };
    const bytes = await readRangeBody(response, url, asked, options);
    return { status: "found", bytes, stamp, ...(response.status === 200 && { ignoredRange: true as const }) };
  }

  async list(path: string, options: ListOptions = {}): Promise<Listing | undefined> {
    const url = new URL(this.urlOf(path));
    url.pathname = `${url.pathname.replace(/\/$/, "")}/`;
    try {
      const response = await this.#get(url.href, { Accept: toListingTypes(options.depth) }, options);
      if (response?.status !== 200) return undefined;
      const bytes = await readBody(response, { ...options, url: url.href, maxBytes: MAX_LISTING_BYTES });
      return parseListing(new TextDecoder().decode(bytes), response.headers.get("content-type") ?? "");
    } catch (error) {
      // servers without listings refuse the address of a directory in their own ways
      if (isStorageError(error, "forbidden", "cors", "server-error")) return undefined;
      throw error;
    }
  }

  within(path: string): Store {
    return new HttpStore(new URL(this.urlOf(joinPath(...toSegments(path)))), this.connection);
  }

  #get(url: string, headers: Readonly<Record<string, string>>, { signal }: ListOptions): Promise<Response | undefined> {
    return this.connection.request(url, { headers, signal });
  }

  /** Browsers ask other origins for permission before a suffix range, which many deny: the size is asked for instead. */
  async #toAskable(url: string, range: ByteRange, { signal }: ListOptions): Promise<ByteRange | undefined> {
    if (!("suffixLength" in range) || !isCrossOrigin(url, this.connection.environment)) return range;
    const response = await this.connection.request(url, { method: "HEAD", signal });
    const size = response && toBodyLength(response.headers);
    if (response === undefined || size === undefined) return response && range;
    const offset = Math.max(0, size - range.suffixLength);
    return { offset, length: size - offset };
  }
}

/** Our own server takes the depth from here; others ignore it. */
function toListingTypes(depth = 1): string {
  return `application/json${depth > 1 ? `;depth=${depth}` : ""}, text/html;q=0.9, */*;q=0.1`;
}

function isUnchanged(response: Response, stamp: Stamp, { unless }: ReadOptions): boolean {
  if (response.status !== 304 && !(unless && isSameStamp(unless, stamp))) return false;
  discardBody(response);
  return true;
}

function toConditions(unless: Stamp | undefined): Readonly<Record<string, string>> {
  if (unless?.etag !== undefined) return { "If-None-Match": unless.etag };
  if (unless?.lastModified !== undefined && !unless.recent) return { "If-Modified-Since": unless.lastModified };
  return {};
}

function toStamp({ headers, status }: Response): Stamp {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  const size =
    status === 200 ? toBodyLength(headers) : toSize(/\/(\d+)\s*$/.exec(headers.get("content-range") ?? "")?.[1]);
  const age = Date.parse(headers.get("date") ?? new Date().toUTCString()) - Date.parse(lastModified ?? "");
  return {
    ...(etag !== null && { etag }),
    ...(lastModified !== null && { lastModified }),
    ...(size !== undefined && { size }),
    ...(age < 2000 && { recent: true as const }),
  };
}

function toRangeHeader(range: ByteRange): string {
  if ("suffixLength" in range) return `bytes=-${Math.max(1, range.suffixLength)}`;
  return `bytes=${range.offset}-${range.offset + Math.max(1, range.length) - 1}`;
}

/** 206: the range; 200: the server ignores ranges and sends the whole file; 416: the file ends before the range. */
async function readRangeBody(
  response: Response,
  url: string,
  range: ByteRange,
  options: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (response.status === 416) {
    discardBody(response);
    return new Uint8Array(0);
  }
  const isWhole = response.status !== 206;
  if (!isWhole) checkRangeStart(response, url, range);
  const end = "suffixLength" in range ? undefined : range.length + (isWhole ? range.offset : 0);
  const bytes = await readBody(response, { ...options, url, ...(end !== undefined && { end }) });
  if (isWhole) checkNotHtml(bytes, response.headers, url);
  if ("suffixLength" in range) return range.suffixLength === 0 ? bytes.slice(0, 0) : bytes.slice(-range.suffixLength);
  return isWhole ? bytes.slice(range.offset) : bytes;
}

function checkRangeStart({ headers }: Response, url: string, range: ByteRange): void {
  const start = toSize(/^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1]);
  if (start === undefined || "suffixLength" in range || start === range.offset) return;
  throw new StorageError({
    tag: "wrong-content",
    subject: url,
    message: `${url} gave bytes from ${start} where those from ${range.offset} were asked for.`,
    hint: "A proxy between here and the server may be at fault.",
  });
}
