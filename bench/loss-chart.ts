import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { againstLimit, againstPeer, type Benchmark, type BenchRow, median } from "./benchmark.ts";
import { demoFolder, withBuiltPage } from "./built-page.ts";
import { listRenderers, readPeak, resetPeak } from "./process-memory.ts";
import {
  cacheFolder,
  memoryLimitMegabytes,
  ratioLimit,
  timeCPython,
  writeTrainingPickle,
} from "./training-pickle-parse.ts";
import { trainingRun, trainingStatsPath, writeTrainingRun } from "./training-run.ts";
import { measureZooms } from "./zoom-times.ts";

const rounds = 3;
const zoomLimitMs = 33;
const line = ".chart-plot path.chart-line";

type Drawn = { readonly milliseconds: number; readonly megabytes: number | undefined };

/** A page that shows the chart's place, and waits for the pickle, which is on its way but held back. */
async function openWaiting(browser: Browser, url: string): Promise<{ page: Page; release: () => void }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  let release = (): void => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  await page.route(`**/${trainingStatsPath}`, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(url);
  await page.getByRole("tab", { name: "Loss" }).click();
  await page.getByRole("status", { name: "Reading the training stats" }).waitFor();
  return { page, release };
}

/**
 * From the last byte of the pickle at the page until the frame with the whole curve was presented. The page looks once
 * a frame, and waits for one more.
 */
function timeToChart(page: Page): Promise<number> {
  return page.evaluate(
    async ({ selector, path }) => {
      const frame = () => new Promise<number>((done) => requestAnimationFrame(done));
      while (document.querySelector(selector) === null) await frame();
      await frame();
      const painted = performance.now();
      const [entry] = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(path));
      return painted - (entry as PerformanceResourceTiming).responseEnd;
    },
    { selector: line, path: trainingStatsPath },
  );
}

/** Of the process that the page is in: how much its peak exceeds what it held before the bytes came. */
async function watchMemory(browser: Browser, before: readonly number[]): Promise<() => Promise<number | undefined>> {
  const own = (await listRenderers(browser)).filter((pid) => !before.includes(pid));
  if (process.platform !== "linux" || own.length === 0) return () => Promise.resolve(undefined);
  const start = await Promise.all(own.map(resetPeak));
  return async () => {
    const peaks = await Promise.all(own.map(readPeak));
    return Math.max(...peaks.map((peak, index) => peak - (start[index] ?? 0)));
  };
}

async function drawChart(browser: Browser, url: string): Promise<Drawn & { readonly page: Page }> {
  const others = await listRenderers(browser);
  const { page, release } = await openWaiting(browser, url);
  await page.waitForTimeout(3000); // neuroglancer's own start is no part of the chart
  const peak = await watchMemory(browser, others);
  const drawn = timeToChart(page);
  release();
  const milliseconds = await drawn;
  return { milliseconds, megabytes: await peak(), page };
}

const percentile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(part * (values.length - 1))] ?? Number.NaN;

async function run(): Promise<readonly BenchRow[] | undefined> {
  const base = join(cacheFolder, "training");
  const pickle = await writeTrainingPickle();
  await writeTrainingRun(base, demoFolder, pickle);
  return withBuiltPage(base, async ({ browser, server }) => {
    const drawn: Drawn[] = [];
    const peers: number[] = [];
    let zooms: readonly number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { page, ...measured } = await drawChart(browser, `${server.url}?run=data/0/${trainingRun}`);
      drawn.push(measured);
      const peer = timeCPython(pickle);
      if (peer !== undefined) peers.push(peer);
      if (round === rounds - 1) zooms = await measureZooms(page);
      await page.context().close();
    }
    return [...toChartRows(drawn, peers), ...toZoomRows(zooms)];
  });
}

function toChartRows(drawn: readonly Drawn[], peers: readonly number[]): readonly BenchRow[] {
  const name = "training pickle, 1,000,000 iterations: bytes to drawn chart";
  const milliseconds = median(drawn.map((one) => one.milliseconds));
  const megabytes = drawn.flatMap((one) => one.megabytes ?? []);
  if (peers.length === 0) console.error("python3 is not here: the drawn chart is not compared with CPython.");
  if (megabytes.length === 0) console.error("The page's memory can be read on Linux only: it is left out.");
  return [
    ...(peers.length === 0
      ? []
      : [againstPeer(`${name}, against CPython's pickle.load`, "ms", milliseconds, median(peers), ratioLimit)]),
    ...(megabytes.length === 0
      ? []
      : [againstLimit(`${name}, growth of the page's process`, "MiB", Math.max(...megabytes), memoryLimitMegabytes)]),
  ];
}

function toZoomRows(zooms: readonly number[]): readonly BenchRow[] {
  const name = "change of zoom at 1,000,000 points, key to paint";
  return [
    againstLimit(`${name}: median of ${zooms.length}`, "ms", median(zooms), zoomLimitMs),
    againstLimit(`${name}: 95th percentile`, "ms", percentile(zooms, 0.95), zoomLimitMs),
  ];
}

export const lossChart: Benchmark = { name: "loss-chart", run };
