import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Route } from "@playwright/test";
import { againstLimit, type Benchmark } from "./benchmark.ts";
import { demoFolder, withBuiltPage } from "./built-page.ts";

const demoRun = "vnc_affs";
const limitKilobytes = 220;
const quietMilliseconds = 1500;

/** A script that the page or one of its workers asked for, in bytes after gzip. */
export type Script = { readonly name: string; readonly gzipped: number; readonly milliseconds: number };

/** neuroglancer and what it imports, which loads with it and for nothing else of the first screen, by the names that the build gives them. */
const isViewer = (url: string) =>
  /\/assets\/(viewer|open-array|read-block|coordinate-space)-[^/]*\.js$/.test(new URL(url).pathname);

/**
 * Every script that is asked for while neuroglancer's own chunk is kept waiting, until the chart of `panel` is drawn and
 * nothing more is asked for: what the page needs before, or without, neuroglancer.
 */
async function collectScripts(browser: Browser, url: string): Promise<readonly Script[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const scripts: Script[] = [];
    const held: Route[] = [];
    const start = performance.now();
    await context.route(/\.js$/, async (route) => {
      if (isViewer(route.request().url())) {
        held.push(route);
        return;
      }
      const response = await route.fetch();
      const gzipped = gzipSync(await response.body(), { level: 9 }).length;
      scripts.push({
        name: basename(new URL(route.request().url()).pathname),
        gzipped,
        milliseconds: performance.now() - start,
      });
      await route.fulfill({ response });
    });
    await waitForChart(context, url);
    await waitUntilQuiet(scripts);
    if (held.length === 0)
      throw new Error("The page did not ask for neuroglancer: its chunk is no longer called viewer-*.js.");
    await Promise.all(held.map((route) => route.abort()));
    return scripts;
  } finally {
    await context.close();
  }
}

async function waitForChart(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(url);
  await page.locator(".chart-plot svg path").first().waitFor({ state: "attached", timeout: 60_000 });
}

async function waitUntilQuiet(scripts: readonly Script[]): Promise<void> {
  for (let seen = -1; seen !== scripts.length; ) {
    seen = scripts.length;
    await new Promise((done) => setTimeout(done, quietMilliseconds));
  }
}

async function run() {
  return withBuiltPage(demoFolder, async ({ browser, server }) => {
    const scripts = await collectScripts(browser, `${server.url}?run=data/0/${demoRun}`);
    console.error(toText(scripts));
    const kilobytes = scripts.reduce((sum, { gzipped }) => sum + gzipped, 0) / 1000;
    return [againstLimit("JavaScript before neuroglancer, workers included, gzipped", "kB", kilobytes, limitKilobytes)];
  });
}

function toText(scripts: readonly Script[]): string {
  return [...scripts]
    .sort((a, b) => b.gzipped - a.gzipped)
    .map(
      ({ name, gzipped, milliseconds }) =>
        `${(gzipped / 1000).toFixed(1).padStart(8)} kB  ${milliseconds.toFixed(0).padStart(6)} ms  ${name}`,
    )
    .join("\n");
}

export const javascriptWeight: Benchmark = { name: "javascript-weight", run };
