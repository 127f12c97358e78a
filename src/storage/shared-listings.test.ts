import { describe, expect, it } from "vitest";
import { toMemoryStore } from "./memory-store.ts";
import { withSharedListings } from "./shared-listings.ts";
import type { Store } from "./store.ts";

function counted(): { store: Store; lists: string[] } {
  const lists: string[] = [];
  const files = new Map([["stats/training_stats/run_a", { bytes: new Uint8Array(1) }]]);
  const count = (inner: Store, root: string): Store => ({
    kind: inner.kind,
    label: inner.label,
    urlOf: (path) => inner.urlOf(path),
    read: (path, options) => inner.read(path, options),
    readRange: (path, range, options) => inner.readRange(path, range, options),
    within: (path) => count(inner.within(path), `${root}${path}/`),
    list(path, options) {
      lists.push(`${root}${path}`);
      return inner.list(path, options);
    },
  });
  return { store: count(toMemoryStore(files, "memory"), ""), lists };
}

describe("shared listings", () => {
  it("ask once for a folder, however many ask and by whichever way", async () => {
    const { store, lists } = counted();
    const shared = withSharedListings(store, 1000, () => 0);
    const [first, second] = await Promise.all([
      shared.list("stats/training_stats"),
      shared.within("stats").list("training_stats"),
    ]);
    expect(first?.files).toEqual(["run_a"]);
    expect(second).toEqual(first);
    expect(lists).toEqual(["stats/training_stats"]);
  });

  it("ask again once they are old", async () => {
    const { store, lists } = counted();
    let time = 0;
    const shared = withSharedListings(store, 1000, () => time);
    await shared.list("stats");
    time = 1000;
    await shared.list("stats");
    expect(lists).toEqual(["stats", "stats"]);
  });

  it("are not remembered where they failed", async () => {
    const { store } = counted();
    let fails = true;
    const shared = withSharedListings(
      { ...store, list: async () => (fails ? Promise.reject(new Error("away")) : { files: [], directories: [] }) },
      1000,
      () => 0,
    );
    await expect(shared.list("stats")).rejects.toThrow("away");
    fails = false;
    await expect(shared.list("stats")).resolves.toEqual({ files: [], directories: [] });
  });
});

it("nobody asks for what was told with a folder above", async () => {
  const inner = { files: [".zarray"], directories: [] };
  const told = new Map([["prediction", inner]]);
  const dataset = { files: [], directories: ["prediction"], below: told };
  const { store, lists } = counted();
  const shared = withSharedListings(
    { ...store, list: async () => ({ ...dataset, below: new Map([["ds_a", dataset]]) }) },
    1,
  );
  await shared.list("run/200", { depth: 3 });
  expect(await shared.list("run/200/ds_a")).toEqual(dataset);
  expect(await shared.within("run").list("200/ds_a/prediction")).toEqual(inner);
  expect(lists).toEqual([]);
});
