import type { Page, Request } from "@playwright/test";
import { openScreen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";

// A run without volumes, so that the page's clock can be moved on without the volumes noticing.
const query = `run=${toRunPath("vnc_affs_no_validation")}`;
const losses = /\/stats\/training_stats\/vnc_affs_no_validation$/;

test.use({ viewport: { width: 900, height: 600 } });
test.beforeEach(({ page }) => page.clock.install());

/** Requests for data from now on. */
function collectRequests(page: Page): Request[] {
  const requests: Request[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/data/")) requests.push(request);
  });
  return requests;
}

const minutes = 60_000;

async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
      document.dispatchEvent(new Event("visibilitychange"));
    },
    hidden ? "hidden" : "visible",
  );
}

test("nothing is asked for while paused, and again when resumed", async ({ page }) => {
  const screen = await openScreen(page, query);
  await screen.header.getByRole("button", { name: "Pause looking for new results" }).click();
  const requests = collectRequests(page);
  await page.clock.fastForward(30 * minutes);
  await page.getByRole("tab", { name: "Loss" }).click(); // a round through the page
  expect(requests).toEqual([]);
  const answered = page.waitForResponse(losses);
  await screen.header.getByRole("button", { name: "Look for new results again" }).click();
  await page.clock.fastForward(11_000);
  await answered;
});

test("nothing is asked for while the tab is hidden, and at once when it is seen again", async ({ page }) => {
  await openScreen(page, query);
  await setHidden(page, true);
  const requests = collectRequests(page);
  await page.clock.fastForward(30 * minutes);
  await page.getByRole("tab", { name: "Loss" }).click();
  expect(requests).toEqual([]);
  const answered = page.waitForResponse(losses);
  await setHidden(page, false);
  await answered;
});

test("a server that goes away is told, asked less often, and found again", async ({ page, context }) => {
  const screen = await openScreen(page, query);
  const chart = (await screen.tab("Loss")).getByRole("img").first();
  await expect(chart).toBeVisible();
  await context.setOffline(true);
  await page.clock.fastForward(11_000);
  await expect(screen.header).toContainText("1 failed check");
  await page.clock.fastForward(11_000); // too early: twice the interval is waited
  await page.clock.fastForward(11_000);
  await expect(screen.header).toContainText("2 failed checks");
  await expect(screen.header).toContainText("60 / 400"); // what was read stays
  await expect(chart).toBeVisible();
  await expect(await screen.tab("Problems")).toContainText("offline");
  await context.setOffline(false);
  await page.clock.fastForward(5 * minutes);
  await expect(screen.header).not.toContainText("failed check");
  await expect(await screen.tab("Problems")).not.toContainText("offline");
});
