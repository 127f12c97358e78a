import type { Page, TestInfo } from "@playwright/test";
import { openScreen, toScreen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";

// Pictures for people to look at, in test-results; what a machine can say of a layout is said beside.
const tabs = ["Scores", "Loss", "Layers", "Network", "Config", "Problems"] as const;

async function picture(page: Page, info: TestInfo, name: string): Promise<void> {
  await page.screenshot({ path: info.outputPath(`${name}.png`) });
}

/** Nothing is wider than the page, and every button that is to be seen lies within it. */
async function expectFits(page: Page): Promise<void> {
  const outside = await page.evaluate(() => {
    const buttons = [...document.querySelectorAll<HTMLElement>("button, select, [role=tab], [role=slider]")];
    const shown = buttons.filter(
      (each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest("[role=tabpanel], table"), // both scroll
    );
    return shown
      .map((each) => ({ name: each.ariaLabel ?? each.textContent, box: each.getBoundingClientRect() }))
      .filter(
        ({ box }) => box.width > 0 && (box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1),
      )
      .map(({ name }) => name);
  });
  expect(outside, "controls outside of the page").toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
}

for (const theme of ["dark", "light"] as const) {
  test(`the whole screen, ${theme}`, async ({ page }, info) => {
    const screen = await openScreen(page, `run=${toRunPath("vnc_affs")}&theme=${theme}`);
    await expect(page.locator(".dv-root")).toHaveAttribute("data-theme", theme);
    for (const name of tabs) {
      await screen.tab(name);
      await expect(screen.panel.locator(".dv-skeleton")).toHaveCount(0);
      await picture(page, info, name.toLowerCase());
    }
    await expectFits(page);
  });

  test(`narrow, 420 pixels, ${theme}`, async ({ page }, info) => {
    await page.setViewportSize({ width: 420, height: 800 });
    const screen = await openScreen(page, `run=${toRunPath("vnc_mito_distance")}&theme=${theme}`);
    await expect(screen.timeline).toBeVisible();
    await expect(screen.panel).toBeHidden();
    await expectFits(page);
    await picture(page, info, "volumes");
    await screen.header.getByRole("button", { name: "Side panel" }).click();
    await expect(screen.panel).toBeVisible();
    await expect(screen.timeline).toBeVisible(); // the panel is a sheet over the volumes: the timeline stays
    await expectFits(page);
    await picture(page, info, "sheet");
  });

  test(`the start page, ${theme}`, async ({ page }, info) => {
    await page.goto(`/?theme=${theme}`);
    await expect(page.getByRole("region", { name: "Runs of this directory" })).toBeVisible();
    await expectFits(page);
    await picture(page, info, "start");
    await page.setViewportSize({ width: 420, height: 800 });
    await expectFits(page);
    await picture(page, info, "start-narrow");
  });
}

test("faces of what is not there", async ({ page }, info) => {
  await page.setViewportSize({ width: 1100, height: 700 });
  for (const run of ["vnc_affs_snapshot_only", "vnc_affs_no_validation", "vnc_mito_distance_head"] as const) {
    await openScreen(page, `run=${toRunPath(run)}`);
    await picture(page, info, run);
  }
  await openScreen(page, "run=data/0/nothing");
  await picture(page, info, "nothing");
});

test("the volumes are drawn: the pixels of the raw data differ from each other and from the ground", async ({
  page,
}) => {
  await page.setViewportSize({ width: 900, height: 600 });
  const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}`);
  const picture = await screen.volumes.screenshot();
  const colours = await page.evaluate(
    async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      const { data } = context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? { data: new Uint8ClampedArray() };
      return new Set(new Uint32Array(data.buffer)).size;
    },
    [...picture],
  );
  expect(colours, "colours in the picture").toBeGreaterThan(500);
});

test("motion is left out for those who ask for stillness", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openScreen(page, `run=${toRunPath("vnc_affs_no_validation")}`);
  const moving = await toScreen(page).page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((each) => {
      const { transitionDuration, animationDuration, animationName } = getComputedStyle(each);
      const lasts = (text: string) => text.split(",").some((part) => Number.parseFloat(part) > 0.011);
      return lasts(transitionDuration) || (animationName !== "none" && lasts(animationDuration))
        ? [each.className.toString()]
        : [];
    }),
  );
  expect(moving).toEqual([]);
});
