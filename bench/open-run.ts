import type { Browser, Page } from "@playwright/test";

const timeoutMs = 120_000;

/** Until nothing is loading and all that is visible has been drawn. */
export async function untilSettled(page: Page): Promise<void> {
  await page.locator('section[aria-label="Volumes"][aria-busy="false"]').waitFor({ timeout: timeoutMs });
}

/** A page in a context of its own, which its caller closes, with a run open and at rest. */
export async function openRun(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(timeoutMs);
  await page.goto(url);
  await untilSettled(page);
  return page;
}

/** Until the page has asked for nothing for so long. */
export async function untilQuiet(page: Page, milliseconds: number): Promise<void> {
  let asked = Date.now();
  const listen = () => {
    asked = Date.now();
  };
  page.on("request", listen);
  while (Date.now() - asked < milliseconds) await page.waitForTimeout(100);
  page.off("request", listen);
}
