import type { Page } from "@playwright/test";
import { expectNoFaults as expectNoFaultsOf } from "./faults.ts";
import { openScreen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";

const tabs = ["Scores", "Loss", "Errors", "Layers", "Network", "Config", "Problems"] as const;

test.use({ viewport: { width: 1100, height: 700 } });

/** A theme changes colours alone: all other rules are asked in one of them. */
async function expectNoFaults(page: Page, where: string): Promise<void> {
  const isDark = (await page.locator(".dv-root").getAttribute("data-theme")) === "dark";
  await expectNoFaultsOf(page, where, isDark ? undefined : ["color-contrast"]);
}

for (const theme of ["dark", "light"] as const) {
  test(`the start page has no fault that axe finds, ${theme}`, async ({ page }) => {
    await page.goto(`/?theme=${theme}`);
    await expect(page.getByRole("region", { name: "Runs of this directory" })).toBeVisible();
    await expectNoFaults(page, "start page");
    for (const name of ["Choose columns", "Group runs", "Save the list of runs"]) {
      await page.getByRole("button", { name }).click();
      await expectNoFaults(page, `menu ${name}`);
      await page.keyboard.press("Escape");
    }
    await page.getByRole("textbox", { name: "Open a run" }).fill("/home/me/run");
    await expectNoFaults(page, "start page with advice");
    await page.goto(`/?run=folder:gone/run&theme=${theme}`);
    await expect(page.getByText("This browser does not have the folder")).toBeVisible();
    await expectNoFaults(page, "start page with a folder that is gone");
  });

  test(`a run's page has no fault that axe finds, ${theme}`, async ({ page }) => {
    const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}&theme=${theme}`);
    await expect(page.locator(".dv-root")).toHaveAttribute("data-theme", theme);
    for (const name of tabs) {
      const tab = await screen.tab(name);
      await expect(tab.locator(".dv-skeleton")).toHaveCount(0);
      await expectNoFaults(page, `tab ${name}`);
    }
    for (const name of [/^Run /, /^What the volumes follow/, "Share", "Theme"]) {
      await screen.header.getByRole("button", { name, exact: true }).click();
      await expectNoFaults(page, `menu ${name}`);
      await page.keyboard.press("Escape");
    }
    await screen.header.getByRole("button", { name: "Keys and help" }).click();
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await expectNoFaults(page, "sheet of keys");
  });

  test(`runs beside each other have no fault that axe finds, ${theme}`, async ({ page }) => {
    const both = `run=${toRunPath("vnc_affs")}&run=${toRunPath("vnc_mito_distance")}`;
    const screen = await openScreen(page, `${both}&theme=${theme}`);
    await screen.panel.getByRole("tab", { name: "Compare" }).click();
    await expect(screen.panel.getByRole("table", { name: "Settings of the runs" })).toBeVisible();
    await expectNoFaults(page, "tab Compare");
  });

  test(`the faces of what is not there have no fault that axe finds, ${theme}`, async ({ page }) => {
    const screen = await openScreen(page, `run=${toRunPath("vnc_affs_snapshot_only")}&theme=${theme}`);
    for (const name of tabs) {
      await screen.tab(name);
      await expectNoFaults(page, `tab ${name}`);
    }
    await openScreen(page, `run=data/0/nothing&theme=${theme}`);
    await expectNoFaults(page, "a run that is not there");
  });
}
