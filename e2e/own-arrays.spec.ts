import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { openFolder } from "#inference/fixtures/node-store.ts";
import { openArray } from "#storage/open-array.ts";
import { test as base } from "./hosting.ts";
import { type PlainServer, startPlainServer } from "./plain-server.ts";
import type { State } from "./state-schema.ts";
import { expect, toRunPath } from "./story.ts";
import { removeVolumes, toVolumes, type Volumes } from "./volume-writer.ts";

// Arrays of one's own: a run's network is run on what lies elsewhere, and `raw` is then what it sees.

const demo = resolve(import.meta.dirname, "..", "demo");

const test = base.extend<object, { readonly volumes: Volumes; readonly shelf: PlainServer }>({
  volumes: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
    async ({}, use) => {
      const raw = await openFolder(resolve(demo, "vnc_affs/validation.zarr/inputs/vnc_crop_b/raw"));
      const volumes = await toVolumes(raw);
      await use(volumes);
      await removeVolumes(volumes);
    },
    { scope: "worker" },
  ],
  shelf: [
    async ({ volumes }, use) => {
      const server = await startPlainServer({ "": volumes.folder });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});

const isDone = ({ settled, inference }: State) =>
  settled && inference?.status === "idle" && inference.blocksDone > 0 && inference.blocksQueued === 0;

type Asking = {
  ask(message: Record<string, unknown>): Promise<{ shape: number[]; dtype: string; data: ArrayBuffer }>;
};

/** Where the dataset's stored prediction begins in its raw, in voxels, and how large it is. */
const begin = [2, 20, 20];
const shape = [6, 88, 104];
const end = begin.map((from, axis) => from + (shape[axis] ?? 0));

async function readInference(page: Page): Promise<Float32Array> {
  const values = await page.evaluate(
    async ([from, to]) => {
      const block = await (window as unknown as Asking).ask({ type: "read", layer: "inference", begin: from, end: to });
      if (!block.dtype?.endsWith("f4")) throw new Error(`Instead of floats came: ${JSON.stringify(block)}`);
      return Array.from(new Float32Array(block.data));
    },
    [begin, end],
  );
  return Float32Array.from(values);
}

/** What DaCapo stored for that place. */
async function readStored(): Promise<Float32Array> {
  const array = await openArray(openFolder(resolve(demo, "vnc_affs/validation.zarr/1000/vnc_crop_b/prediction")), "");
  const block = await array?.read([0, 0, 0, 0], [5, ...shape]);
  return block?.data as Float32Array;
}

for (const [kind, path] of [
  ["a zarr array of whole numbers", "crop.zarr/raw"],
  ["the scale of an OME-Zarr pyramid that fits", "pyramid.ome.zarr"],
  ["an N5 array", "crop.n5/volumes/raw"],
] as const) {
  test(`infer on ${kind}: raw shows it, and the values are those of the dataset that it was made of`, async ({
    open,
    page,
    shelf,
  }) => {
    const dashboard = await open(`run=${toRunPath("vnc_affs")}&dataset=vnc_crop_b&iteration=1000`);
    await dashboard.settled();
    const raw = `${shelf.origin}${path}`;
    const reply = await dashboard.ask("infer", { model: { iteration: 1000 }, raw, device: "wasm" });
    expect(reply, JSON.stringify(reply)).toMatchObject({ type: "state", state: { inference: { model: "1000" } } });
    const { layers } = await dashboard.until(isDone, "all that is in view is computed");
    expect(layers.map(({ name, source }) => [name, source.startsWith(raw)])).toEqual([
      ["raw", true],
      ["inference", false],
    ]);
    const [computed, stored] = [await readInference(page), await readStored()];
    expect(computed.length).toBe(stored.length);
    expect(stored.reduce((most, value, i) => Math.max(most, Math.abs(value - (computed[i] ?? 9))), 0)).toBeLessThan(
      1e-4,
    );
    await dashboard.check();
  });
}

test("infer on an address without an array says what is there, and leaves the view alone", async ({ open, shelf }) => {
  const dashboard = await open(`run=${toRunPath("vnc_affs")}&dataset=vnc_crop_b&iteration=1000`);
  const before = await dashboard.settled();
  const raw = `${shelf.origin}crop.zarr/nothing`;
  const reply = await dashboard.ask("infer", { model: { iteration: 1000 }, raw, device: "wasm" });
  expect(reply).toMatchObject({ type: "error", code: "wrong-content", subject: raw });
  expect(String(reply.message)).toMatch(/^No zarr or N5 array is at http.*\.$/);
  expect((await dashboard.settled()).layers).toEqual(before.layers);
});
