import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MemoryFiles, toMemoryStore } from "./memory-store.ts";
import { LocalWeightsStore } from "./weights-store.ts";
import { parseZipTail } from "./zip-directory.ts";

const encode = (text: string) => ({ bytes: new TextEncoder().encode(text) });

function open(files: Readonly<Record<string, string>>): LocalWeightsStore {
  const entries: MemoryFiles = new Map(
    Object.entries(files).map(([path, text]) => [`run/checkpoints/${path}`, encode(text)]),
  );
  return new LocalWeightsStore(toMemoryStore(entries));
}

describe("checkpoints", () => {
  test("that are not numbers, as a COSEM start leaves them, are ignored", async () => {
    const weights = open({
      "iterations/100": "",
      "iterations/2000": "",
      "iterations/900": "",
      "iterations/cosem_start": "",
      "iterations/1e3": "",
    });
    expect(await weights.listIterations("run")).toEqual([100, 900, 2000]);
    expect(await weights.latestIteration("run")).toBe(2000);
  });

  test("best pointers are found in either order, and only if their checkpoint is there", async () => {
    const pointer = (iteration: unknown) => JSON.stringify({ iteration });
    const weights = open({
      "iterations/500": "",
      "crop_a/voi.json": pointer(500),
      "voi/crop_b.json": pointer(500),
      "vnc/crop_c/voi.json": pointer(500),
      "crop_d/voi.json": pointer(700),
      "crop_e/voi.json": '{"iteration": ',
      "crop_f/voi.json": pointer("../../etc"),
    });
    const best = (dataset: string) => weights.retrieveBest("run", dataset, "voi");
    expect(await best("crop_a")).toBe(500);
    expect(await best("crop_b")).toBe(500);
    expect(await best("vnc/crop_c")).toBe(500);
    for (const dataset of ["crop_d", "crop_e", "crop_f", "crop_g"])
      expect(await best(dataset), dataset).toBeUndefined();
  });

  test("one that is not there is absent, an empty one is being written", async () => {
    expect(await open({ "iterations/1": "" }).readDirectory("run", 1)).toEqual({ status: "incomplete" });
    expect(await open({}).readDirectory("run", 1)).toEqual({ status: "absent" });
  });
});

/** A zip of empty stored files, as long as its names. */
function toZip(names: readonly string[]): Uint8Array {
  const records: number[] = [];
  const u16 = (n: number) => [n & 255, n >> 8];
  const u32 = (n: number) => [...u16(n & 0xffff), ...u16(n >>> 16)];
  for (const name of names) {
    const text = [...new TextEncoder().encode(name)];
    records.push(...u32(0x02014b50), ...Array(24).fill(0), ...u16(text.length), ...Array(16).fill(0), ...text);
  }
  const count = u16(names.length);
  return new Uint8Array([
    ...records,
    ...u32(0x06054b50),
    0,
    0,
    0,
    0,
    ...count,
    ...count,
    ...u32(records.length),
    ...u32(0),
    0,
    0,
  ]);
}

describe("the directory at the end of a zip", () => {
  test("names its files, and says when it begins before the given tail", () => {
    const zip = toZip(["500/data.pkl", "500/data/0"]);
    const found = parseZipTail(zip, zip.length);
    expect(found.status === "complete" && found.entries.map(({ name }) => name)).toEqual([
      "500/data.pkl",
      "500/data/0",
    ]);
    expect(parseZipTail(zip.subarray(-40), zip.length)).toEqual({ status: "longer", suffixLength: zip.length });
    expect(parseZipTail(zip)).toMatchObject({ status: "complete", size: zip.length });
  });

  test("is never found in a file that is cut or longer than its directory says", () => {
    const zip = toZip(["500/data.pkl", "500/data/0"]);
    for (let length = 0; length < zip.length; length++)
      expect(parseZipTail(zip.subarray(0, length), length).status).toBe("incomplete");
    expect(parseZipTail(zip, zip.length + 1).status).toBe("incomplete");
  });

  test("survives any bytes", () => {
    const zip = toZip(["a/data.pkl", "a/data/0", "a/version"]);
    const changes = fc.array(fc.tuple(fc.nat(zip.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 8 });
    fc.assert(
      fc.property(changes, fc.uint8Array({ maxLength: 80 }), (edits, noise) => {
        const bytes = zip.slice();
        for (const [at, value] of edits) bytes[at] = value;
        for (const tail of [bytes, noise])
          expect(["complete", "longer", "incomplete"]).toContain(parseZipTail(tail, tail.length).status);
      }),
      { numRuns: 2000 },
    );
  });
});
