import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { parseViewUrl } from "#state/view-url.ts";
import { openScreen, titlesOf, toScreen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";

const query = `run=${toRunPath("vnc_affs")}&dataset=vnc_crop_a&iteration=800`;

type Look = { readonly name?: string; readonly segments?: unknown };

/** Of each layer, as the link to this view says. */
async function segmentsOf(page: Page): Promise<Record<string, unknown>> {
  const { request } = await parseViewUrl(page.url());
  const { layers = [] } = (request.view ?? {}) as { readonly layers?: readonly Look[] };
  return Object.fromEntries(layers.map(({ name, segments }) => [name, segments]));
}

/** What DaCapo stored stands beside what was computed here: all of it is the same. */
async function expectStored(panel: Locator, count: number): Promise<void> {
  const stored = panel.locator(".dv-errors-totals tr td:last-child");
  await expect(stored).toHaveCount(count);
  for (const text of await stored.allTextContents()) expect(text).toMatch(/ =$/);
}

async function saveCsv(page: Page, panel: Locator): Promise<readonly (readonly string[])[]> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    panel.getByRole("button", { name: "Save the listed lines as CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^vnc_affs_errors_vnc_crop_a_800_.*\.csv$/);
  const text = await readFile(await download.path(), "utf8");
  return text
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));
}

test("what a segmentation got wrong is listed, drawn, and gone to", async ({ page }) => {
  const screen = await openScreen(page, query);
  const panel = await screen.tab("Errors");
  const table = panel.getByRole("table", { name: "Errors" });
  await expect(table).toBeVisible();
  await screen.settled();

  await test.step("with DaCapo's own totals, to which the lines sum", async () => {
    await expectStored(panel, 3);
    const [header, ...rows] = await saveCsv(page, panel);
    const sum = (column: string) =>
      rows.reduce((total, row) => total + Number(row[header?.indexOf(column) ?? -1] || 0), 0);
    const total = (criterion: string) =>
      panel
        .getByRole("row", { name: new RegExp(`^${criterion} `) })
        .getByRole("cell")
        .first();
    await expect(total("voi_split")).toHaveText(sum("split").toPrecision(4));
    await expect(total("voi_merge")).toHaveText(sum("merge").toPrecision(4));
    await expect(table).toHaveAttribute("aria-rowcount", String(rows.length + 1));
    expect(await table.getByRole("row").count()).toBeLessThan(60); // of thousands
  });

  await test.step("as a layer with a key", async () => {
    const layer = screen.legend.getByRole("listitem").filter({ hasText: "errors at 800" });
    await expect(layer).toContainText(/false split\s*false merge\s*missed\s*spurious/);
  });

  await test.step("by kind, sorted, and by the keyboard: both layers select the object and what it meets", async () => {
    await panel.getByRole("button", { name: /^split \d/ }).click();
    await panel.getByRole("button", { name: "Voxels" }).click();
    await expect(table.getByRole("columnheader", { name: "Voxels" })).toHaveAttribute("aria-sort", "descending");
    const before = page.url();
    await table
      .getByRole("button", { name: /^gt \d/ })
      .first()
      .focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const current = table.locator("[aria-current=true]");
    await expect(current).toBeFocused();
    const [side, id] = ((await current.textContent()) ?? "").split(" ");
    await expect.poll(() => page.url()).not.toBe(before);
    const own = side === "gt" ? "gt" : "segmentation";
    await expect.poll(async () => (await segmentsOf(page))[own]).toEqual([id]);
    expect((await segmentsOf(page))[own === "gt" ? "segmentation" : "gt"]).not.toEqual([]);
    await panel.getByRole("button", { name: "Show all segments again" }).click();
    await expect.poll(async () => (await segmentsOf(page))[own] ?? []).toEqual([]);
  });

  await test.step("of whatever is shown: those of another iteration never stand for it", async () => {
    await screen.timeline.focus();
    await page.keyboard.press("End");
    await expect(panel.getByRole("heading", { name: "Errors at 1,000" })).toBeVisible();
    await screen.settled();
    await expect(titlesOf(screen).filter({ hasText: "errors" })).toHaveText(["errors at 1000"]);
    await expectStored(panel, 3);
  });

  await test.step("reloaded, the layer and the open tab are the same, and errors that nobody wants stay away", async () => {
    const errors = titlesOf(screen).filter({ hasText: "errors" });
    await screen.tab("Layers");
    await expect.poll(() => page.url()).toMatch(/tab=layers&errors=1/);
    await page.reload();
    await screen.settled();
    await expect(screen.panel.getByRole("tab", { name: "Layers" })).toHaveAttribute("aria-selected", "true");
    await expect(errors).toHaveText(["errors at 1000"]);
    await screen.tab("Errors");
    await panel.getByRole("button", { name: "Stop looking for errors" }).click();
    await expect.poll(() => page.url()).toMatch(/tab=errors&errors=0/);
    await page.reload();
    await screen.settled();
    await expect(panel.getByRole("button", { name: "Look for errors" })).toBeVisible();
    await expect(errors).toHaveCount(0);
  });
});

test("false positives and negatives of every channel are told apart, with their distances", async ({ page }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}&iteration=60`);
  const panel = await screen.tab("Errors");
  await expect(panel.getByRole("table", { name: "Errors" })).toBeVisible();
  await panel.getByText(/more criteria/).click();
  await expectStored(panel, 42);
  await screen.settled();
  const layer = screen.legend.getByRole("listitem").filter({ hasText: "errors at 60" });
  await expect(layer).toContainText(/membrane\s*false positive\s*false negative/);
  const card = (await screen.tab("Layers")).getByRole("region", { name: /^errors/ });
  await card.getByRole("combobox", { name: "channel" }).selectOption("mito");
  await expect(layer).toContainText(/mito\s*false positive\s*false negative/);
});

test("what cannot be compared says why, and what failed is tried again", async ({ page }) => {
  let broken = true;
  await page.route(/inputs\/vnc_crop_a\/gt\/(0|\d+\/)/, (route) =>
    broken ? route.fulfill({ status: 500 }) : route.continue(),
  );
  const screen = await openScreen(page, query); // what is shown does not change any more
  const panel = await screen.tab("Errors");
  await expect(panel.getByRole("alert")).toContainText("The output at 800 could not be compared with its ground truth");
  broken = false;
  await panel.getByRole("button", { name: "Try again" }).click();
  await expect(panel.getByRole("table", { name: "Errors" })).toBeVisible();

  await page.goto(`/?run=${toRunPath("vnc_affs_no_validation")}`);
  await toScreen(page).tab("Errors");
  await expect(panel).toContainText("has no validation output yet, so there is nothing to compare");
});
