import { describe, expect, test } from "vitest";
import { StorageError } from "#storage/errors.ts";
import { toMemoryStore } from "#storage/memory-store.ts";
import { createWorkerReader } from "./worker-reader.ts";

/** A Blosc header that says how long the frame is, and its bytes. */
function frame(length: number, told = length): Uint8Array {
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(12, told, true);
  return bytes;
}

const place = { url: "http://host/run/raw", blosc: true };
const store = toMemoryStore(
  new Map([
    ["0/0/0", { bytes: frame(40) }],
    ["0/0/1", { bytes: frame(40, 100) }],
    ["c/0", { bytes: frame(40, 100) }],
  ]),
);

describe("a worker that reads chunks for itself", () => {
  test("tells a chunk from none", async () => {
    const reader = createWorkerReader(place, store);
    expect(await reader.read("0/0/0", {})).toMatchObject({ status: "found", bytes: frame(40) });
    expect(await reader.read("0/0/2", {})).toEqual({ status: "absent" });
  });

  test("leaves a torn chunk to the page, but not a part of a larger file", async () => {
    const reader = createWorkerReader(place, store);
    expect(await reader.read("0/0/1", {})).toBeUndefined();
    const part = await reader.read("c/0", { byteRange: { offset: 0, length: 8 } });
    expect(part).toMatchObject({ status: "found", bytes: frame(40, 100).slice(0, 8) });
  });

  test("leaves every failure to the page, and what is not wanted any more to nobody", async () => {
    const error = new StorageError({ tag: "forbidden", subject: "x", message: "No.", hint: "" });
    const reader = createWorkerReader(
      place,
      Object.assign(toMemoryStore(new Map()), { read: () => Promise.reject(error) }),
    );
    expect(await reader.read("0/0/0", {})).toBeUndefined();
    await expect(reader.read("0/0/0", { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
  });
});
