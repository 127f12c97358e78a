import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toDirectoryStore } from "./directory-store.ts";
import { toHttpStore } from "./http-store.ts";
import { toMemoryStore } from "./memory-store.ts";
import { toMountedStore } from "./mounted-store.ts";
import { toS3Store } from "./s3-store.ts";
import type { Fetched, Store } from "./store.ts";

// What every store promises, whatever stands behind it. Each is filled with the same files, as DaCapo names them.
const LONG_NAME = "WatershedPostProcessorParameters(id=2, bias=0.5, context=(32, 32, 32))";
const FILES: Readonly<Record<string, string>> = {
  "stats/training_stats/my run": "losses",
  "run/empty": "",
  [`run/validation.zarr/200/ds_vnc_crop_a/output/${LONG_NAME}/.zarray`]: "{}",
  "run/validation.zarr/200/ds_vnc_crop_a/output/100% & <more> 'quoted' #1?é/.zarray": "[]",
  "run/validation.zarr/30/prediction/0/0": "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009",
};

type Place = { readonly store: Store; write(path: string, text: string): Promise<void>; dispose(): Promise<void> };

async function toFolder(): Promise<Place & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "stores-"));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    // old enough that an equal time proves an equal file
    const written = new Date(Date.now() - 60_000 - 1000 * text.length);
    await utimes(join(folder, path), written, written);
  };
  for (const [path, text] of Object.entries(FILES)) await write(path, text);
  const store = toDirectoryStore(toFakeHandle(folder, "base"));
  return { folder, store, write, dispose: async () => rmSync(folder, { recursive: true }) };
}

function toDomError(name: string): DOMException {
  return new DOMException(name, name);
}

/** A FileSystemDirectoryHandle over a real folder, as far as the store uses one. */
function toFakeHandle(folder: string, name: string): FileSystemDirectoryHandle {
  const find = async (child: string) =>
    stat(join(folder, child)).catch(() => {
      throw toDomError("NotFoundError");
    });
  const handle = {
    kind: "directory",
    name,
    async getDirectoryHandle(child: string) {
      if ((await find(child)).isDirectory()) return toFakeHandle(join(folder, child), child);
      throw toDomError("TypeMismatchError");
    },
    async getFileHandle(child: string) {
      const { mtimeMs } = await find(child);
      if ((await find(child)).isDirectory()) throw toDomError("TypeMismatchError");
      const getFile = async () => new File([await readFile(join(folder, child))], child, { lastModified: mtimeMs });
      return { kind: "file", name: child, getFile };
    },
    async *entries() {
      const children = await readdir(folder, { withFileTypes: true });
      for (const child of children) yield [child.name, { kind: child.isDirectory() ? "directory" : "file" }];
    },
  };
  return handle as unknown as FileSystemDirectoryHandle;
}

type ServerTraits = { readonly ranges: boolean; readonly etags: boolean; readonly listing: "json" | "html" | "s3" };

/** A static file server with the manners of: a full one, Python's http.server, or an S3 bucket. */
async function toServed(traits: ServerTraits): Promise<Place & { readonly url: string }> {
  const { folder, write, dispose } = await toFolder();
  const server: Server = createServer((request, response) => {
    answer(folder, traits, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  const store = traits.listing === "s3" ? toS3Store({ bucketUrl: url, key: "" }) : toHttpStore(url);
  return { url, store, write, dispose: async () => void (await Promise.all([close(), dispose()])) };
}

async function answer(
  folder: string,
  traits: ServerTraits,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "", "http://localhost");
  if (url.searchParams.get("list-type") === "2") return answerBucket(folder, url.searchParams, response);
  const path = join(folder, decodeURIComponent(url.pathname));
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() && traits.listing !== "s3") return answerDirectory(path, traits, response);
  if (!found?.isFile()) return void response.writeHead(404, { "content-type": "text/html" }).end("<html>not found");
  const bytes = await readFile(path);
  const headers: Record<string, string> = {
    "last-modified": found.mtime.toUTCString(),
    "content-type": "application/octet-stream",
  };
  if (traits.etags) headers.etag = `"${found.mtimeMs}-${found.size}"`;
  const isSame = traits.etags
    ? request.headers["if-none-match"] === headers.etag
    : request.headers["if-modified-since"] === headers["last-modified"];
  if (isSame) return void response.writeHead(304, headers).end();
  const range = traits.ranges ? /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "") : null;
  if (!range) return void response.writeHead(200, { ...headers, "content-length": bytes.length }).end(bytes);
  const begin = range[1] === "" ? Math.max(0, bytes.length - Number(range[2])) : Number(range[1]);
  if (begin >= bytes.length) return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
  const end = range[1] === "" || range[2] === "" ? bytes.length : Math.min(bytes.length, Number(range[2]) + 1);
  const part = { "content-range": `bytes ${begin}-${end - 1}/${bytes.length}`, "content-length": end - begin };
  response.writeHead(206, { ...headers, ...part }).end(bytes.subarray(begin, end));
}

async function answerDirectory(path: string, traits: ServerTraits, response: ServerResponse): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true });
  if (traits.listing === "json") {
    const items = entries.map((entry) => ({ name: entry.name, type: entry.isDirectory() ? "directory" : "file" }));
    return void response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ directory: true, entries: items }));
  }
  const links = entries.map(
    (entry) => `<li><a href="${encodeURIComponent(entry.name)}${entry.isDirectory() ? "/" : ""}">x</a></li>`,
  );
  response
    .writeHead(200, { "content-type": "text/html; charset=utf-8" })
    .end(`<title>Directory listing for /x/</title>${links.join("\n")}`);
}

/** Pages of two, so that continuation is met. */
async function answerBucket(folder: string, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const prefix = query.get("prefix") ?? "";
  const entries = await readdir(join(folder, prefix), { withFileTypes: true }).catch(() => []);
  const begin = Number(query.get("continuation-token") ?? 0);
  const toXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const items = entries.slice(begin, begin + 2).map((entry) => {
    const key = toXml(prefix + entry.name);
    return entry.isDirectory()
      ? `<CommonPrefixes><Prefix>${key}/</Prefix></CommonPrefixes>`
      : `<Contents><Key>${key}</Key><Size>1</Size></Contents>`;
  });
  const next = begin + 2 < entries.length ? `<NextContinuationToken>${begin + 2}</NextContinuationToken>` : "";
  const body = `<?xml version="1.0"?>\n<ListBucketResult xmlns="x"><Prefix>${toXml(prefix)}</Prefix>${next}${items.join("")}</ListBucketResult>`;
  response.writeHead(200, { "content-type": "application/xml" }).end(body);
}

async function toMemory(): Promise<Place> {
  const encode = (text: string) => ({
    bytes: new TextEncoder().encode(text),
    lastModified: new Date(1_700_000_000_000),
  });
  const files = new Map(Object.entries(FILES).map(([path, text]) => [path, encode(text)]));
  return {
    store: toMemoryStore(files),
    write: async (path, text) => void files.set(path, encode(text)),
    dispose: async () => undefined,
  };
}

async function toMounted(): Promise<Place> {
  const { store, write, dispose } = await toMemory();
  const parent = toMountedStore("inner", store);
  return { store: parent.within("inner"), write, dispose };
}

const full = { ranges: true, etags: true, listing: "json" } as const;
const places: Readonly<Record<string, () => Promise<Place>>> = {
  memory: toMemory,
  "mounted folder": toMounted,
  "local folder": toFolder,
  "http, full": () => toServed(full),
  "http, no ranges, times only": () => toServed({ ranges: false, etags: false, listing: "html" }),
  "S3 bucket": () => toServed({ ...full, listing: "s3" }),
};

function toText(fetched: Fetched): string {
  return fetched.status === "found" ? new TextDecoder().decode(fetched.bytes) : fetched.status;
}

describe.each(Object.entries(places))("a run read from: %s", (_, open) => {
  let place: Place;
  beforeAll(async () => {
    place = await open();
  });
  afterAll(() => place.dispose());

  test("reads every file under the name that DaCapo gave it", async () => {
    for (const [path, text] of Object.entries(FILES)) expect(toText(await place.store.read(path)), path).toBe(text);
  });

  test("what is not there is absent, also below a file and instead of a directory", async () => {
    const { store } = place;
    expect(await store.read("run/nothing")).toEqual({ status: "absent" });
    expect(await store.read("run/empty/below")).toEqual({ status: "absent" });
    expect(await store.readRange("run/nothing", { offset: 0, length: 4 })).toEqual({ status: "absent" });
    expect(await store.readRange("run/nothing", { suffixLength: 4 })).toEqual({ status: "absent" });
  });

  test("reads ranges, cut to the file", async () => {
    const path = "run/validation.zarr/30/prediction/0/0";
    const range = async (query: Parameters<Store["readRange"]>[1]) => {
      const fetched = await place.store.readRange(path, query);
      return fetched.status === "found" ? [...fetched.bytes] : fetched.status;
    };
    expect(await range({ offset: 2, length: 3 })).toEqual([2, 3, 4]);
    expect(await range({ offset: 8, length: 100 })).toEqual([8, 9]);
    expect(await range({ offset: 10, length: 1 })).toEqual([]);
    expect(await range({ suffixLength: 2 })).toEqual([8, 9]);
    expect(await range({ suffixLength: 100 })).toHaveLength(10);
  });

  test("an empty file is found and empty, also by range", async () => {
    expect(toText(await place.store.readRange("run/empty", { offset: 0, length: 1 }))).toBe("");
    expect(toText(await place.store.readRange("run/empty", { suffixLength: 22 }))).toBe("");
  });

  test("tells the size of the whole file", async () => {
    const fetched = await place.store.readRange("stats/training_stats/my run", { offset: 0, length: 1 });
    expect(fetched.status === "found" && fetched.stamp.size).toBe(6);
  });

  test("answers unchanged until the file is written again", async () => {
    const path = "stats/validation_scores/polled";
    await place.write(path, "one");
    const first = await place.store.read(path);
    if (first.status !== "found") throw new Error(first.status);
    expect(await place.store.read(path, { unless: first.stamp })).toEqual({ status: "unchanged" });
    expect(await place.store.readRange(path, { offset: 0, length: 1 }, { unless: first.stamp })).toEqual({
      status: "unchanged",
    });
    await place.write(path, "one two");
    expect(toText(await place.store.read(path, { unless: first.stamp }))).toBe("one two");
  });

  test("lists names as DaCapo wrote them, files and directories apart", async () => {
    const { store } = place;
    const folder = "run/validation.zarr/200/ds_vnc_crop_a/output";
    expect(await store.list(folder)).toEqual({
      files: [],
      directories: ["100% & <more> 'quoted' #1?é", LONG_NAME].sort(),
    });
    expect(await store.list("run")).toEqual({ files: ["empty"], directories: ["validation.zarr"] });
    expect((await store.list(""))?.directories).toEqual(["run", "stats"]);
    expect(await store.list("run/nothing")).toBeUndefined();
  });

  test("can be rooted deeper", async () => {
    const inner = place.store.within("run").within("validation.zarr/200/ds_vnc_crop_a");
    expect(toText(await inner.read(`output/${LONG_NAME}/.zarray`))).toBe("{}");
    expect((await inner.list(""))?.directories).toEqual(["output"]);
    expect(inner.urlOf("a b")).toBe(place.store.urlOf("run/validation.zarr/200/ds_vnc_crop_a/a b"));
  });

  test.each(["../secret", "run/../../secret", "/etc/passwd", "run//empty", "run/./empty", "a\\b", "a\0b"])(
    "refuses the path %j",
    async (path) => {
      const refusal = { tag: "bad-address" };
      await expect((async () => place.store.read(path))()).rejects.toMatchObject(refusal);
      await expect((async () => place.store.list(path))()).rejects.toMatchObject(refusal);
      expect(() => place.store.within(path)).toThrow();
    },
  );

  test("refuses more bytes than allowed, and odd ranges", async () => {
    const read = place.store.read("stats/training_stats/my run", { maxBytes: 5 });
    await expect(read).rejects.toMatchObject({ tag: "too-large" });
    const odd = (async () => place.store.readRange("run/empty", { offset: -1, length: 1.5 }))();
    await expect(odd).rejects.toMatchObject({ tag: "bad-address" });
  });

  test("stops when aborted", async () => {
    const signal = AbortSignal.abort();
    await expect(place.store.read("stats/training_stats/my run", { signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  test("tells its progress", async () => {
    const seen: number[] = [];
    await place.store.read("stats/training_stats/my run", { onProgress: (loaded) => seen.push(loaded) });
    expect(seen.at(-1)).toBe(6);
  });
});
