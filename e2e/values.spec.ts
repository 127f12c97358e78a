import { expect } from "@playwright/test";
import goldens from "../src/storage/fixtures/zarr-goldens.json" with { type: "json" };
import type { Dashboard } from "./dashboard.ts";
import { type SharedRun, test, toSharedPath } from "./hosted-story.ts";
import { type FixtureRun, toRunPath } from "./story.ts";

// What zarr-python reads (scripts/write-zarr-goldens.py), against what the layers on the screen hold.
type Golden = { readonly dtype: string; readonly shape: readonly number[]; readonly sha256: string };
const golden: Readonly<Record<string, Golden>> = { ...goldens.arrays.runs, ...goldens.arrays.runs_legacy035 };

type Wanted<Run> = { readonly run: Run; readonly iterations: readonly number[]; readonly layers: readonly string[] };

const all = ["raw", "gt", "prediction", "segmentation", "best"];
const shipped: readonly Wanted<FixtureRun>[] = [
  { run: "vnc_affs", iterations: [200, 1000], layers: all },
  { run: "vnc_mito_distance", iterations: [250, 1250], layers: all },
  { run: "vnc_mito_distance_head", iterations: [30, 60], layers: all.slice(0, 4) }, // no finite score: no best
  { run: "vnc_rawgt_distance", iterations: [20, 60], layers: all },
];
const shared: readonly Wanted<SharedRun>[] = [
  { run: "vnc_membrane_distance", iterations: [100, 600], layers: all },
  { run: "vnc_classes_onehot", iterations: [80, 240], layers: all },
  { run: "vnc_affs_transposed", iterations: [30, 60], layers: all },
  { run: "legacy035_vnc_distance", iterations: [80, 200], layers: all },
];

test.use({ viewport: { width: 500, height: 400 } });

for (const wanted of shipped) {
  test(`every layer of ${wanted.run} holds what zarr-python reads there`, async ({ open }) => {
    await compareAll(await open(`run=${toRunPath(wanted.run)}`), wanted);
  });
}

for (const wanted of shared) {
  test(`every layer of ${wanted.run}, where it is present, holds what zarr-python reads there`, async ({
    open,
    sharedViewer,
  }) => {
    await compareAll(await open(`run=${toSharedPath(wanted.run)}`, sharedViewer.origin), wanted);
  });
}

async function compareAll(dashboard: Dashboard, { iterations, layers }: Wanted<string>): Promise<void> {
  const { runs } = await dashboard.settled();
  const read = new Set<string>();
  for (const dataset of runs[0]?.datasets ?? [])
    for (const iteration of iterations) {
      await dashboard.ask("select", { dataset, iteration });
      const state = await dashboard.settled();
      expect(state.layers.map(({ name }) => name)).toEqual(layers);
      for (const { name, source } of state.layers.filter((layer) => !read.has(layer.source))) {
        read.add(source);
        await compare(dashboard, name, source);
      }
    }
  expect(read.size, "arrays read").toBeGreaterThanOrEqual(2 * layers.length);
}

async function compare(dashboard: Dashboard, layer: string, source: string): Promise<void> {
  const path = decodeURIComponent(new URL(source).pathname).replace(/^\/data\/\d+\//, "");
  const expected = golden[path];
  if (expected === undefined) throw new Error(`${path} has no golden value.`);
  const { dtype, shape, sha256 } = await dashboard.read(layer, [0, 0, 0], expected.shape.slice(-3));
  const { dtype: d, shape: s, sha256: hash } = expected;
  expect({ path, dtype, shape, sha256 }).toEqual({ path, dtype: d, shape: s, sha256: hash });
}
