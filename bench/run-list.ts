import type { Browser, Page } from "@playwright/test";
import { traceMainThread } from "../e2e/main-thread.ts";
import { memoryOf, writeManyRuns } from "../e2e/many-runs.ts";
import { againstLimit, type Benchmark, counted } from "./benchmark.ts";
import { withBuiltPage } from "./built-page.ts";
import { listRenderers, readPeak } from "./process-memory.ts";

const count = 1000;
const turns = 40;
const timeoutMs = 180_000;

type Opening = { readonly interactive: number; readonly first: number; readonly all: number };

/** Seconds from the address to a list whose runs can be found and opened, to its first rows as read, and to all of them. */
async function openList(page: Page, url: string): Promise<Opening> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  await page.goto(url);
  const table = page.getByRole("table", { name: "Runs" });
  await table.locator(".dv-runs-open").first().click({ trial: true });
  const interactive = seconds();
  await table.locator('tr[aria-busy="false"]').first().waitFor();
  const first = seconds();
  await page.getByText(new RegExp(` of ${count} read`)).waitFor({ state: "hidden", timeout: timeoutMs });
  return { interactive, first, all: seconds() };
}

async function scroll(page: Page): Promise<void> {
  const rows = page.getByRole("table", { name: "Runs" }).getByRole("row");
  await page.locator(".dv-runs-scroll").hover();
  for (let turn = 0; turn < turns; turn++) await page.mouse.wheel(0, 900);
  await rows.and(page.locator(`[aria-rowindex="${count + 1}"]`)).waitFor();
  for (let turn = 0; turn < turns; turn++) await page.mouse.wheel(0, -900);
  await rows.and(page.locator('[aria-rowindex="2"]')).waitFor();
}

async function measure(browser: Browser, url: string) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(timeoutMs);
    const opening = await openList(page, url);
    const peak = await peakOf(browser); // before the trace, which the process keeps too
    const tasks = await traceMainThread(browser, page, () => scroll(page));
    return {
      ...opening,
      longest: tasks[0] ?? Number.NaN,
      heap: (await memoryOf(page)) / 1e6,
      peak,
    };
  } finally {
    await context.close();
  }
}

/** MiB, the most that a process of a page and its workers has held since it began; only Linux tells. */
async function peakOf(browser: Browser): Promise<number> {
  if (process.platform !== "linux") return Number.NaN;
  return Math.max(...(await Promise.all((await listRenderers(browser)).map(readPeak))));
}

async function run() {
  const base = await writeManyRuns(count);
  try {
    return await withBuiltPage(base.path, async ({ browser, server }) => {
      const { interactive, first, all, longest, heap, peak } = await measure(browser, `${server.url}?runs=data/0`);
      return [
        againstLimit("list of 1,000 runs, from the address until it can be used", "s", interactive, 2),
        counted("list of 1,000 runs, until the first rows are read", "s", first),
        counted("list of 1,000 runs, until all are read", "s", all),
        againstLimit("list of 1,000 runs, longest task while it is scrolled", "ms", longest, 50),
        againstLimit("list of 1,000 runs, memory of the page", "MB", heap, 250),
        counted("list of 1,000 runs, most memory of the page's process, browser included", "MiB", peak),
      ];
    });
  } finally {
    await base.dispose();
  }
}

export const runList: Benchmark = { name: "run-list", run };
