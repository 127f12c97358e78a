import { openScreen, toScreen } from "./screen.ts";
import { expect, fixtureRuns, test } from "./story.ts";
import { startViewer } from "./viewer-process.ts";

test.use({ viewport: { width: 1000, height: 600 } });

test("the start page lists the runs that are served, and opens one by a click", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "DaCapo run viewer" })).toBeVisible();
  const served = page.getByRole("region", { name: "Served here" });
  await expect(served.getByRole("listitem")).toHaveCount(2);
  const runs = page.getByRole("region", { name: "Runs of this directory" });
  const names = runs.getByRole("row").getByRole("button").and(page.locator("td button"));
  await expect(names).toHaveText(fixtureRuns.slice(0, 2));
  await served.getByRole("button", { name: "runs" }).click();
  await expect.poll(async () => (await names.allTextContents()).sort()).toEqual([...fixtureRuns.slice(2)].sort());
  await runs.getByRole("button", { name: "vnc_affs_no_validation" }).click();
  const screen = toScreen(page);
  await screen.settled();
  await expect(screen.header.getByRole("button", { name: "Run vnc_affs_no_validation" })).toBeVisible();
  await expect(page).toHaveURL(/run=/);
});

test("the field takes the address of a run, or of a directory of runs", async ({ page, viewer }) => {
  await page.goto("/");
  const field = page.getByRole("textbox", { name: "Open a run" });
  await field.fill(`${viewer.origin}data/1/`);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page.getByRole("region", { name: "Runs of this directory" })).toContainText("vnc_rawgt_distance");
  await field.fill(`${viewer.origin}data/1/vnc_affs_snapshot_only/`);
  await field.press("Enter");
  await expect(page.getByRole("button", { name: "Run vnc_affs_snapshot_only" })).toBeVisible();
});

test("a list that comes late does not take the place of one that was asked for after it", async ({ page, viewer }) => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/data/0/", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/");
  const field = page.getByRole("textbox", { name: "Open a run" });
  await field.fill(`${viewer.origin}data/1/`);
  await field.press("Enter");
  const runs = page.getByRole("region", { name: "Runs of this directory" });
  await expect(runs).toContainText("vnc_rawgt_distance");
  const late = page.waitForEvent("requestfinished", (request) => request.url().endsWith("/data/0/"));
  release();
  await late;
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  await expect(runs).toContainText("vnc_rawgt_distance");
});

test("an address that cannot work is answered with a sentence", async ({ page }) => {
  await page.goto("/");
  const field = page.getByRole("textbox", { name: "Open a run" });
  for (const [address, sentence] of [
    ["/home/me/runs/my_run", "A browser cannot read a path on a disk by its name"],
    ["C:\\runs\\my_run", "A browser cannot read a path on a disk by its name"],
    ["ftp://example.org/run", "Addresses begin with https://, http:// or s3://"],
  ] as const) {
    await field.fill(address);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByText(sentence)).toBeVisible();
  }
});

test("recent runs are remembered with a picture, and forgotten when asked", async ({ page }) => {
  const screen = await openScreen(page, "run=data/1/vnc_rawgt_distance");
  await screen.header.getByRole("button", { name: "Run vnc_rawgt_distance" }).click();
  await page.getByRole("button", { name: "Close and open another" }).click();
  const recents = page.getByRole("region", { name: "Recent runs" });
  await expect(recents.getByRole("listitem")).toHaveCount(1);
  await expect(recents.locator("img")).toBeVisible();

  await page.goto("/");
  await recents.getByRole("button", { name: /^vnc_rawgt_distance/ }).click();
  await expect(page.getByRole("button", { name: "Run vnc_rawgt_distance" })).toBeVisible();
  await page.goto("/");
  await recents.getByRole("button", { name: "Forget vnc_rawgt_distance" }).click();
  await expect(recents).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("region", { name: "Served here" })).toBeVisible();
  await expect(recents).toHaveCount(0);
});

test("npm start alone shows the demo's run at the address that it prints", async ({ page }) => {
  const demo = await startViewer([]);
  await page.goto(demo.openingUrl);
  const screen = toScreen(page);
  await screen.settled();
  await expect(screen.legend).toContainText("segmentation at 500");
  await demo.stop();
});

test("npm start with a directory prints an address that lists its runs", async ({ page, viewer }) => {
  await page.goto(viewer.openingUrl);
  await expect(page.getByRole("region", { name: "Runs of this directory" })).toContainText("vnc_affs");
});
