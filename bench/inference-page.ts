import { statSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "@playwright/test";
import { traceMainThread } from "../e2e/main-thread.ts";
import { againstLimit, againstPeer, type Benchmark, type BenchRow, counted, median } from "./benchmark.ts";
import { demoFolder, withBuiltPage } from "./built-page.ts";
import { untilSettled } from "./open-run.ts";
import { keepPictures, type Picture, readPictures, type Sample } from "./picture-timeline.ts";

/** Iterations of one run: each is a network that the page has not seen before. */
const demoRun = "vnc_mito_distance";
const dataset = "vnc_crop_b";
const iterations = [500, 750, 1000];
const longestTaskMs = 50;
/** Adam keeps two numbers beside each weight: a third of a checkpoint is the network's. */
const shareOfFile = 0.4;
const bytesPerKilobyte = 1000;

type Start = {
  /** From the click to the first block on the screen, and until all that is in view was there. */
  readonly firstMs: number;
  readonly wholeMs: number;
  readonly tasksMs: readonly number[];
  readonly bytes: number;
};

async function measure(browser: Browser, origin: string, iteration: number): Promise<Start> {
  const view = encodeURIComponent(JSON.stringify({ layout: "xy" }));
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    await keepPictures(page);
    await page.goto(`${origin}?run=data/0/${demoRun}&dataset=${dataset}&iteration=${iteration}#!${view}`);
    await untilSettled(page);
    const section = await openNetwork(page);
    const fetched = countBytes(page, `/checkpoints/iterations/${iteration}`);
    let clicked = 0;
    const tasksMs = await traceMainThread(browser, page, async () => {
      clicked = await clickRun(section);
      const isWhole = () => /All that is in view is there: [1-9].*agrees, max/s.test(document.body.textContent ?? "");
      await page.waitForFunction(isWhole, undefined, { polling: 500, timeout: 120_000 });
      await untilSettled(page);
    });
    const drawn = toDrawn(await readPictures(page), clicked);
    return { ...drawn, tasksMs, bytes: await fetched() };
  } finally {
    await context.close();
  }
}

async function openNetwork(page: Page): Promise<Locator> {
  await page.getByRole("tab", { name: "Network" }).click();
  const section = page.getByRole("region", { name: "Run it here" });
  await section.getByRole("combobox", { name: "Device to run on" }).selectOption("processor");
  return section;
}

/** Resolves with the page's time of the click. */
async function clickRun(section: Locator): Promise<number> {
  const button = section.getByRole("button", { name: /^Run on / });
  return button.evaluate((element) => {
    (element as HTMLButtonElement).click();
    return performance.now();
  });
}

/** Bytes of bodies whose address ends in `end`, once they have all come. */
function countBytes(page: Page, end: string): () => Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    if (!request.url().endsWith(end)) return;
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  return async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Of the pixels that the network changed in the end, the share that has its last value. */
function progress(picture: Picture, before: Picture, last: Picture): number {
  const changed = last.flatMap((grey, i) => (Math.abs(grey - (before[i] ?? 0)) > 8 ? [i] : []));
  return changed.filter((i) => Math.abs((picture[i] ?? 0) - (last[i] ?? 0)) <= 2).length / changed.length;
}

/** Of a share that no picture of what is only pending has. */
const firstBlockShare = 0.1;

function toDrawn(samples: readonly Sample[], clicked: number): Pick<Start, "firstMs" | "wholeMs"> {
  const before = samples.findLast(({ time }) => time <= clicked)?.picture ?? [];
  const last = samples.at(-1)?.picture ?? [];
  const after = samples.filter(({ time }) => time > clicked);
  const at = (share: number) => {
    const found = after.findLastIndex(({ picture }) => progress(picture, before, last) < share) + 1;
    return (after[found]?.time ?? Number.NaN) - clicked;
  };
  return { firstMs: at(firstBlockShare), wholeMs: at(0.99) };
}

async function run() {
  return withBuiltPage(demoFolder, async ({ browser, server }) => {
    const starts: Start[] = [];
    for (const iteration of iterations) starts.push(await measure(browser, server.url, iteration));
    console.error(`ms to the first block: ${starts.map(({ firstMs }) => firstMs.toFixed(0)).join(", ")}`);
    return toRows(starts);
  });
}

function toRows(starts: readonly Start[]): readonly BenchRow[] {
  const file = join(demoFolder, demoRun, "checkpoints/iterations", String(iterations[0]));
  const [first] = starts;
  const of = (read: (start: Start) => number) => median(starts.map(read));
  const longest = Math.max(...starts.flatMap(({ tasksMs }) => tasksMs));
  return [
    counted(
      "click to the first block drawn (processor, checkpoint and its network new to the page)",
      "ms",
      of(({ firstMs }) => firstMs),
    ),
    counted(
      "click to all that is in view",
      "ms",
      of(({ wholeMs }) => wholeMs),
    ),
    againstLimit("longest task of the main thread while the network ran", "ms", longest, longestTaskMs),
    againstPeer(
      "bytes fetched of a checkpoint, against its file",
      "kB",
      (first?.bytes ?? Number.NaN) / bytesPerKilobyte,
      statSync(file).size / bytesPerKilobyte,
      shareOfFile,
    ),
  ];
}

export const inferencePage: Benchmark = { name: "inference-page", run };
