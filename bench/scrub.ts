import type { Browser, Page } from "@playwright/test";
import { againstLimit, type Benchmark, median } from "./benchmark.ts";
import { demoFolder, withBuiltPage } from "./built-page.ts";
import { untilSettled } from "./open-run.ts";
import { prepareFrames, recordFrames } from "./swap-frames.ts";

/** Whose five iterations are scrubbed through; the middle of its section lies in every volume. */
const demoRun = "vnc_affs";
const steps = 5;
/** Of what the prediction alone shows: a frame darker than this lacks it. */
const blankBelow = 0.3;

type Scrub = { readonly frames: number; readonly blank: number; readonly inputs: number; readonly chunks: number };

async function open(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await prepareFrames(page);
  await page.goto(url);
  await untilSettled(page);
  return page;
}

async function hideAllBut(page: Page, name: string): Promise<void> {
  for (const other of ["raw", "gt", "prediction", "segmentation", "best"].filter((layer) => layer !== name)) {
    const eye = page.getByRole("button", { name: new RegExp(`^Hide ${other} `) });
    if ((await eye.count()) > 0) await eye.first().click();
  }
  await untilSettled(page);
}

/** Steps from the first iteration to the last and round, each as soon as the one before it is drawn. */
async function step(page: Page): Promise<void> {
  for (let i = 0; i < steps; i += 1) {
    const before = await page.getByRole("list", { name: "Layers" }).textContent();
    await page.keyboard.press(i < steps - 1 ? "k" : "j");
    await page.waitForFunction(
      (text) => document.querySelector('ul[aria-label="Layers"]')?.textContent !== text,
      before,
    );
    await untilSettled(page);
  }
}

async function scrub(browser: Browser, url: string): Promise<Scrub> {
  const page = await open(browser, url);
  try {
    await page.locator("body").press("Home");
    await untilSettled(page);
    await hideAllBut(page, "prediction");
    const shown = median(await recordFrames(page, async () => undefined));
    let [inputs, chunks] = [0, 0];
    page.on("request", (request) => {
      if (request.url().includes("/inputs/")) inputs += 1;
      else if (request.url().includes(".zarr/")) chunks += 1;
    });
    const frames = await recordFrames(page, () => step(page));
    const blank = frames.filter((brightness) => brightness < blankBelow * shown).length;
    await checkWatch(page, shown);
    return { frames: frames.length, blank, inputs, chunks };
  } finally {
    await page.context().close();
  }
}

/** A watch that could not see a missing layer would count no blank frame: with the prediction hidden all of them must be. */
async function checkWatch(page: Page, shown: number): Promise<void> {
  await page.getByRole("button", { name: /^Hide prediction / }).click();
  await untilSettled(page);
  const hidden = median(await recordFrames(page, async () => undefined));
  if (!(hidden < blankBelow * shown))
    throw new Error(`A frame without the prediction (${hidden}) is not told from one with it (${shown}).`);
}

async function run() {
  const view = encodeURIComponent(JSON.stringify({ layout: "xy" }));
  return withBuiltPage(demoFolder, async ({ browser, server }) => {
    const url = `${server.url}?run=data/0/${demoRun}&dataset=vnc_crop_a&iteration=200#!${view}`;
    const { frames, blank, inputs, chunks } = await scrub(browser, url);
    console.error(`${frames} frames over ${steps} swaps; ${chunks} files of predictions and outputs were read.`);
    if (chunks === 0) throw new Error("No volume of another iteration was read.");
    return [
      againstLimit(`blank frames over ${steps} swaps of an iteration`, "frames", blank, 0),
      againstLimit(`files of raw and gt read over ${steps} swaps`, "files", inputs, 0),
    ];
  });
}

export const scrubbing: Benchmark = { name: "scrub", run };
