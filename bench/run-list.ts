import type { Browser, Page } from "@playwright/test";
import { traceMainThread } from "../e2e/main-thread.ts";
import { memoryOf, writeManyRuns } from "../e2e/many-runs.ts";
import { againstLimit, type Benchmark, counted } from "./benchmark.ts";
import { withBuiltPage } from "./built-page.ts";

const count = 1000;
const turns = 40;
const timeoutMs = 180_000;

/** From the address to a list whose rows are read and can be opened, in seconds; all of them besides. */
async function openList(page: Page, url: string): Promise<{ readonly interactive: number; readonly all: number }> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  await page.goto(url);
  const table = page.getByRole("table", { name: "Runs" });
  await table.locator('tr[aria-busy="false"] .dv-runs-open').first().click({ trial: true });
  const interactive = seconds();
  await page.getByText(new RegExp(` of ${count} read`)).waitFor({ state: "hidden", timeout: timeoutMs });
  return { interactive, all: seconds() };
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
    const { interactive, all } = await openList(page, url);
    const tasks = await traceMainThread(browser, page, () => scroll(page));
    return { interactive, all, longest: tasks[0] ?? Number.NaN, megabytes: (await memoryOf(page)) / 1e6 };
  } finally {
    await context.close();
  }
}

async function run() {
  const base = await writeManyRuns(count);
  try {
    return await withBuiltPage(base.path, async ({ browser, server }) => {
      const { interactive, all, longest, megabytes } = await measure(browser, `${server.url}?runs=data/0`);
      return [
        againstLimit("list of 1,000 runs, from the address until it can be used", "s", interactive, 2),
        counted("list of 1,000 runs, until all are read", "s", all),
        againstLimit("list of 1,000 runs, longest task while it is scrolled", "ms", longest, 50),
        againstLimit("list of 1,000 runs, memory of the page", "MB", megabytes, 250),
      ];
    });
  } finally {
    await base.dispose();
  }
}

export const runList: Benchmark = { name: "run-list", run };
