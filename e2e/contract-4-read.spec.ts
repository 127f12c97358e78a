import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openDashboard } from "./dashboard.ts";
import { affs, test } from "./hosting.ts";
import { createBase, toAttributes, writeInputs, writeVolumes } from "./run-writer.ts";
import { expect, toRunPath } from "./story.ts";
import { startViewer } from "./viewer-process.ts";

// The public contract, section 4: what a host reads is what zarr-python reads.

const root = resolve(import.meta.dirname, "..");

type Golden = { readonly dtype: string; readonly shape: readonly number[]; readonly sha256: string };

async function goldens(): Promise<Readonly<Record<string, Golden>>> {
  const text = await readFile(join(root, "src/storage/fixtures/zarr-goldens.json"), "utf8");
  return (JSON.parse(text) as { arrays: { runs: Record<string, Golden> } }).arrays.runs;
}

for (const run of ["vnc_affs", "vnc_mito_distance", "vnc_rawgt_distance"] as const) {
  test(`read gives what zarr-python reads, for every layer of ${run}`, async ({ open }) => {
    const known = await goldens();
    const dashboard = await open(`run=${toRunPath(run)}`);
    const { runs } = await dashboard.settled();
    for (const dataset of runs[0]?.datasets ?? []) {
      await dashboard.ask("select", { dataset, iteration: "latest" });
      const { layers } = await dashboard.settled();
      expect(layers.length).toBeGreaterThanOrEqual(4);
      for (const { name, source } of layers) {
        const path = decodeURIComponent(source).split(/\/data\/\d+\//)[1] ?? "";
        const golden = known[path];
        if (golden === undefined) throw new Error(`No value is known of ${path}.`);
        const end = golden.shape.slice(-3);
        const block = await dashboard.read(name, [0, 0, 0], end);
        expect(block, path).toMatchObject({ dtype: golden.dtype, shape: golden.shape, sha256: golden.sha256 });
      }
    }
  });
}

test("read after select reads the new choice, without waiting for anything", async ({ open }) => {
  const known = await goldens();
  const dashboard = await open(affs);
  await dashboard.settled();
  for (const iteration of [200, 600, 400]) {
    await dashboard.ask("select", { iteration, dataset: "vnc_crop_a" });
    const block = await dashboard.read("prediction", [0, 0, 0], [7, 120, 120]);
    expect(block.sha256).toBe(known[`vnc_affs/validation.zarr/${iteration}/vnc_crop_a/prediction`]?.sha256);
  }
});

test("requests are answered when they can be, however early they come", async ({ open }) => {
  const dashboard = await open(affs);
  const select = dashboard.ask("select", { iteration: 400 });
  const view = dashboard.ask("setView", { view: { layout: "xy" } });
  const block = dashboard.ask("read", { layer: "gt", begin: [0, 0, 0], end: [1, 1, 1] });
  const picture = dashboard.ask("screenshot");
  expect(await select).toMatchObject({ type: "state", state: { selection: { iteration: 400 } } });
  expect(await view).toMatchObject({ type: "state", state: { view: { layout: "xy" } } });
  expect(await block).toMatchObject({ type: "block", data: { buffer: 4 } });
  expect(await picture).toMatchObject({ type: "image", image: { type: "image/png" } });
});

test("read refuses what is outside, empty, over 64 MiB or of no layer", async ({ open, page, host }) => {
  const dashboard = await open(affs);
  await dashboard.settled();
  const refuses = async (fields: Record<string, unknown>, code: string) => {
    const reply = await dashboard.ask("read", { layer: "raw", begin: [0, 0, 0], end: [1, 1, 1], ...fields });
    expect(reply).toMatchObject({ type: "error", code });
    expect(reply.id, "the request's id").toBeDefined();
    expect(String(reply.message)).toMatch(/^[A-Z].*\.$/);
    expect(reply.subject).not.toBe("");
  };
  await refuses({ end: [1, 1, 100_000] }, "bad-range");
  await refuses({ begin: [-1, 0, 0] }, "bad-range");
  await refuses({ begin: [1, 1, 1] }, "bad-range");
  await refuses({ begin: [0.5, 0, 0] }, "bad-message");
  await refuses({ begin: [0, 0] }, "bad-range");
  await refuses({ begin: "all" }, "bad-message");
  await refuses({ layer: "nothing" }, "no-layer");
  await refuses({ layer: "__proto__" }, "no-layer");

  const runs = await createBase();
  await writeInputs(runs, "large", "a");
  await writeVolumes(runs, "large", 100, "ds_a", ["threshold_127"]);
  const attributes = toAttributes(["z", "y", "x"], [40, 4, 4]);
  await runs.remove("large/validation.zarr/inputs/a/raw");
  const large = { dtype: "|u1", shape: [512, 512, 512], chunks: [64, 64, 64], attributes } as const;
  await runs.writeArray("large/validation.zarr/inputs/a/raw", large);
  const server = await startViewer([runs.path]);
  const other = await openDashboard(page, host.origin, server.origin, "run=data/0/large");
  await other.settled();
  const all = await other.ask("read", { layer: "raw", begin: [0, 0, 0], end: [512, 512, 512] });
  expect(all).toMatchObject({ type: "error", code: "bad-range", subject: "raw" });
  expect(String(all.message)).toContain("64");
  const half = await other.ask("read", { layer: "raw", begin: [0, 0, 0], end: [256, 512, 512] });
  expect(half).toMatchObject({ type: "block", shape: [256, 512, 512], data: { buffer: 2 ** 26 } });
  await server.stop();
  await runs.dispose();
});
