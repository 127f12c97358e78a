import { describe, expect, test } from "vitest";
import { createModelCache } from "./model-cache.ts";

/** A browser's cache, as far as it is used. */
function createCaches() {
  const entries = new Map<string, Response>();
  const urlOf = (key: string | Request) => (typeof key === "string" ? key : key.url);
  const cache = {
    match: async (key: string | Request) => entries.get(urlOf(key))?.clone(),
    put: async (key: string, response: Response) => void entries.set(key, response),
    keys: async () => [...entries.keys()].map((url) => new Request(url)),
    delete: async (key: Request) => entries.delete(key.url),
  };
  return { entries, storage: { open: async () => cache } as unknown as CacheStorage };
}

const url = "https://data.example.org/my run/checkpoints/iterations/1000";
const parts = [
  { offset: 0, bytes: Uint8Array.of(1, 2, 3) },
  { offset: 100, bytes: Uint8Array.of(4, 5) },
];

describe("the cache of fetched models", () => {
  test("gives the parts of the version that was kept", async () => {
    const { storage } = createCaches();
    const cache = createModelCache(storage);
    await cache?.put(url, { stamp: { etag: '"a"' }, fileBytes: 200, parts });
    expect(await cache?.get(url)).toEqual({ stamp: { etag: '"a"' }, fileBytes: 200, parts });
    expect(await cache?.get(`${url}0`)).toBeUndefined();
  });

  test("takes what is damaged for nothing", async () => {
    const { storage, entries } = createCaches();
    const cache = createModelCache(storage);
    await cache?.put(url, { stamp: {}, fileBytes: 200, parts });
    const [[key, response] = ["", new Response()]] = entries;
    entries.set(key, new Response(Uint8Array.of(1, 2), { headers: response.headers }));
    expect(await cache?.get(url)).toBeUndefined();
    entries.set(key, new Response(Uint8Array.of(1, 2), { headers: { "x-kept": "{" } }));
    expect(await cache?.get(url)).toBeUndefined();
  });

  test("forgets the oldest where there is no room, and never keeps what has no room at all", async () => {
    const { storage, entries } = createCaches();
    const cache = createModelCache(storage, 5);
    for (const name of ["a", "b"]) await cache?.put(`${url}/${name}`, { stamp: {}, fileBytes: 9, parts });
    expect([...entries.keys()].map((key) => key.at(-1))).toEqual(["b"]);
    await cache?.put(`${url}/c`, { stamp: {}, fileBytes: 9, parts: [{ offset: 0, bytes: new Uint8Array(6) }] });
    expect([...entries.keys()].map((key) => key.at(-1))).toEqual(["b"]);
  });

  test("is none where the browser has none", () => {
    expect(createModelCache(undefined)).toBeUndefined();
  });
});
