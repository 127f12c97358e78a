import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { createInlineStatsReader } from "./inline-stats-reader.ts";
import type { MemoryFiles } from "./memory-store.ts";
import { toMemoryStore } from "./memory-store.ts";
import { FileStatsStore, type StatsReading } from "./stats-store.ts";
import type { Store } from "./store.ts";

const PICKLE = new Uint8Array(readFileSync("demo/stats/training_stats/vnc_affs"));
const PICKLE_PATH = "training_stats/vnc_affs";
const JSON_PATH = "training_stats/vnc_affs.json";
const [EARLY, LATE] = [new Date("2026-01-01T00:00:00Z"), new Date("2026-01-02T00:00:00Z")];

function toDocuments(count: number): Uint8Array {
  const documents = Array.from({ length: count }, (_, iteration) => ({
    run_name: "vnc_affs",
    iteration,
    loss: 0.5,
    time: 1,
  }));
  return new TextEncoder().encode(JSON.stringify(documents));
}

function lengthOf(reading: StatsReading<{ readonly iterations: Float64Array }>): number | string {
  return reading.status === "found" ? reading.value.iterations.length : reading.status;
}

describe.each(["listed", "not listed"])("the losses of a run, %s", (listing) => {
  let files: MemoryFiles;
  let asked: string[];
  let listed: number;
  let store: FileStatsStore;

  beforeEach(() => {
    files = new Map();
    asked = [];
    listed = 0;
    const memory = toMemoryStore(files);
    const watched: Store = {
      ...{
        kind: memory.kind,
        label: memory.label,
        urlOf: (path: string) => path,
        within: (path: string) => memory.within(path),
      },
      read: (path, options) => {
        asked.push(path);
        return memory.read(path, options);
      },
      readRange: (path, range, options) => {
        asked.push(path);
        return memory.readRange(path, range, options);
      },
      list: async (path) => {
        listed += 1;
        return listing === "listed" ? memory.list(path) : undefined;
      },
    };
    store = new FileStatsStore(watched, createInlineStatsReader());
  });

  test("none are absent", async () => {
    expect(await store.retrieveTrainingStats("vnc_affs")).toEqual({ status: "absent" });
  });

  test("that are absent are not listed for again, and found when they come", async () => {
    for (let look = 0; look < 3; look += 1) await store.retrieveTrainingStats("vnc_affs");
    expect(listed).toBe(1);
    files.set(PICKLE_PATH, { bytes: PICKLE, lastModified: LATE });
    expect(lengthOf(await store.retrieveTrainingStats("vnc_affs"))).toBe(1000);
  });

  test("are read from the only file there is, which then is the only one asked for", async () => {
    files.set(PICKLE_PATH, { bytes: PICKLE, lastModified: EARLY });
    const first = await store.retrieveTrainingStats("vnc_affs");
    expect(lengthOf(first)).toBe(1000);
    asked.length = 0;
    const unless = first.status === "found" ? first.stamp : {};
    expect(await store.retrieveTrainingStats("vnc_affs", { unless })).toEqual({ status: "unchanged" });
    expect(asked).toEqual([PICKLE_PATH]);
  });

  test("are read from the newer of two files, whichever that is from one look to the next", async () => {
    files.set(PICKLE_PATH, { bytes: PICKLE, lastModified: LATE });
    files.set(JSON_PATH, { bytes: toDocuments(7), lastModified: EARLY });
    const first = await store.retrieveTrainingStats("vnc_affs");
    expect(first).toMatchObject({ status: "found", format: "pickle" });
    const unless = first.status === "found" ? first.stamp : {};
    expect(await store.retrieveTrainingStats("vnc_affs", { unless })).toEqual({ status: "unchanged" });
    files.set(JSON_PATH, { bytes: toDocuments(8), lastModified: new Date("2026-01-03T00:00:00Z") });
    const second = await store.retrieveTrainingStats("vnc_affs", { unless });
    expect(second).toMatchObject({ status: "found", format: "json" });
    expect(lengthOf(second)).toBe(8);
  });

  test("are read from the pickle where no times are told", async () => {
    files.set(PICKLE_PATH, { bytes: PICKLE });
    files.set(JSON_PATH, { bytes: toDocuments(7) });
    expect(await store.retrieveTrainingStats("vnc_affs")).toMatchObject({ status: "found", format: "pickle" });
  });

  test("caught while they are written are torn, empty ones too; whole again they are found", async () => {
    for (const length of [0, 1, 100, PICKLE.length - 1]) {
      files.set(PICKLE_PATH, { bytes: PICKLE.slice(0, length), lastModified: EARLY });
      expect(await store.retrieveTrainingStats("vnc_affs"), String(length)).toMatchObject({
        status: "torn",
        stamp: { size: length },
      });
    }
    files.set(PICKLE_PATH, { bytes: PICKLE, lastModified: EARLY });
    expect(lengthOf(await store.retrieveTrainingStats("vnc_affs"))).toBe(1000);
  });

  test("deleted for a moment, as DaCapo does, are absent for that moment and found again", async () => {
    files.set(PICKLE_PATH, { bytes: PICKLE, lastModified: EARLY });
    const first = await store.retrieveTrainingStats("vnc_affs");
    const unless = first.status === "found" ? first.stamp : {};
    files.delete(PICKLE_PATH);
    expect(await store.retrieveTrainingStats("vnc_affs", { unless })).toEqual({ status: "absent" });
    files.set(PICKLE_PATH, { bytes: PICKLE.slice(), lastModified: LATE });
    expect(lengthOf(await store.retrieveTrainingStats("vnc_affs", { unless }))).toBe(1000);
  });

  test("that are no pickle are an error, not torn", async () => {
    files.set(PICKLE_PATH, { bytes: new TextEncoder().encode("hello world"), lastModified: EARLY });
    await expect(store.retrieveTrainingStats("vnc_affs")).rejects.toMatchObject({ tag: "malformed" });
  });

  test.each([
    ["no pickle", new TextEncoder().encode("hello world"), "malformed"],
    ["a pickle cut off", PICKLE.slice(0, 100), "torn"],
  ])("in a file that is %s: told at every look, parsed once, and read when it is replaced", async (_, bytes, tag) => {
    files.set(PICKLE_PATH, { bytes, lastModified: EARLY });
    let parsed = 0;
    const inline = createInlineStatsReader();
    const read: typeof inline.read = (...request) => {
      parsed += 1;
      return inline.read(...request);
    };
    const counted = new FileStatsStore(toMemoryStore(files), { read });
    const look = () =>
      counted.retrieveTrainingStats("vnc_affs").then(
        (reading) => reading.status,
        (error) => error.tag,
      );
    expect([await look(), await look(), await look()]).toEqual([tag, tag, tag]);
    expect(parsed).toBe(1);
    files.set(PICKLE_PATH, { bytes: PICKLE, lastModified: LATE });
    expect(await look()).toBe("found");
  });

  test("have the address of the file they are read from, or of DaCapo's own", async () => {
    expect(store.urlOf("training", "vnc_affs")).toBe(PICKLE_PATH);
    files.set(JSON_PATH, { bytes: toDocuments(7), lastModified: EARLY });
    await store.retrieveTrainingStats("vnc_affs");
    expect(store.urlOf("training", "vnc_affs")).toBe(JSON_PATH);
  });

  test("report progress from 0 to 1 that never goes back", async () => {
    files.set(PICKLE_PATH, { bytes: PICKLE, lastModified: EARLY });
    const parts: number[] = [];
    await store.retrieveTrainingStats("vnc_affs", { onProgress: (part) => parts.push(part) });
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(parts.every((part) => part >= 0 && part <= 1)).toBe(true);
  });
});
