import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { openServedDirectory } from "#serve/served-directory.ts";
import { type RunningServer, startServer } from "#serve/server.ts";
import { againstPeer, type Benchmark, median } from "./benchmark.ts";
import { launchBrowser } from "./browser.ts";
import { buildStock } from "./build-stock.ts";
import { likeness, type Timeline, timePicture } from "./picture-timeline.ts";
import { cacheFolder } from "./training-pickle-parse.ts";
import { volumeDataset, volumePath, volumeRun, volumeShape, volumeVoxelSizeNm, writeVolumeRun } from "./volume-run.ts";

const root = resolve(import.meta.dirname, "..");
const rounds = 11;
const ratioLimit = 1.1;

/** The same slice for our page, in neuroglancer's keys: one voxel a pixel, as there. */
function toOurView(): unknown {
  const [depth, height, width] = volumeShape;
  const [z, y, x] = volumeVoxelSizeNm.map((size) => [size * 1e-9, "m"]);
  return { dimensions: { x, y, z }, position: [width / 2, height / 2, depth / 2], crossSectionScale: 1, layout: "xy" };
}

/** What stock neuroglancer needs to show the same slice: voxels as units, the whole width in view. */
function toStockState(origin: string): unknown {
  const [depth, height, width] = volumeShape;
  return {
    dimensions: { d0: [1, ""], d1: [1, ""], d2: [1, ""] },
    displayDimensions: ["d2", "d1", "d0"],
    position: [depth / 2, height / 2, width / 2],
    crossSectionScale: 1,
    layers: [{ type: "image", name: "raw", source: `zarr2://${origin}/data/0/${volumePath}/` }],
    layout: "xy",
  };
}

async function serveBoth(base: string): Promise<{ ours: RunningServer; stock: RunningServer }> {
  const stockFolder = join(cacheFolder, "stock");
  await buildStock(stockFolder);
  const served = { directories: [await openServedDirectory(base)], demo: false };
  const options = { served, host: "127.0.0.1", port: 0, embedOrigins: [] };
  const ours = await startServer({ ...options, appFolder: join(root, "dist") });
  const stock = await startServer({ ...options, appFolder: stockFolder });
  return { ours, stock };
}

async function run() {
  if (!existsSync(join(root, "dist/index.html"))) {
    console.error("The app is not built (npm run build): its first slice is not measured.");
    return undefined;
  }
  const browser = await launchBrowser();
  if (browser === undefined) return undefined;
  const base = join(cacheFolder, "runs");
  await writeVolumeRun(base, join(root, "demo"));
  const { ours, stock } = await serveBoth(base);
  try {
    const view = encodeURIComponent(JSON.stringify(toOurView()));
    const oursUrl = `http://127.0.0.1:${ours.port}/?run=data/0/${volumeRun}&dataset=${volumeDataset}#!${view}`;
    const origin = `http://127.0.0.1:${stock.port}`;
    const stockUrl = `${origin}/#!${encodeURIComponent(JSON.stringify(toStockState(origin)))}`;
    const timelines: { ours: Timeline; stock: Timeline }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      timelines.push({ ours: await timePicture(browser, oursUrl), stock: await timePicture(browser, stockUrl) });
    }
    for (const { ours, stock } of timelines) checkSameSlice(ours, stock);
    console.error(`ms, ours/stock: ${timelines.map(toText).join("  ")}`);
    const times = (side: "ours" | "stock") => median(timelines.map((timeline) => timeline[side].milliseconds));
    const name = "first correct slice of 512 x 512 x 64, against stock neuroglancer";
    return [againstPeer(name, "ms", times("ours"), times("stock"), ratioLimit)];
  } finally {
    await browser.close();
    await Promise.all([ours.close(), stock.close()]);
  }
}

const toText = ({ ours, stock }: { readonly ours: Timeline; readonly stock: Timeline }): string =>
  `${ours.milliseconds.toFixed(0)}/${stock.milliseconds.toFixed(0)}`;

function checkSameSlice(ours: Timeline, stock: Timeline): void {
  const alike = likeness(ours.picture, stock.picture);
  if (!(alike > 0.9)) throw new Error(`The two pages show different slices (likeness ${alike.toFixed(2)}).`);
}

export const firstSlice: Benchmark = { name: "first-slice", run };
