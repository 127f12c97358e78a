import type { Page } from "@playwright/test";
import { test } from "./hosted-story.ts";
import { openScreen, type Screen, titlesOf } from "./screen.ts";
import { expect, toRunPath } from "./story.ts";

const iterations = [200, 400, 600, 800, 1000];
const query = `run=${toRunPath("vnc_affs")}`;

test.use({ viewport: { width: 1000, height: 650 } });

/** Everything says the same iteration, and its volumes are drawn. */
async function expectShown(screen: Screen, iteration: number): Promise<void> {
  const words = new RegExp(`^iteration ${iteration.toLocaleString("en-US")},`);
  await expect(screen.timeline).toHaveAttribute("aria-valuetext", words);
  await expect(screen.page).toHaveTitle(iteration === 800 ? "★ 800 · vnc_affs" : `${iteration} · vnc_affs`);
  await screen.settled();
  await expect(titlesOf(screen).filter({ hasText: `prediction at ${iteration}` })).toHaveCount(1);
  await expect(titlesOf(screen).filter({ hasText: `segmentation at ${iteration}` })).toHaveCount(1);
}

/** Requests for the raw data and the ground truth from now on. */
function countInputs(page: Page): () => number {
  let count = 0;
  page.on("request", (request) => {
    if (request.url().includes("/inputs/")) count++;
  });
  return () => count;
}

/** The middle of an iteration's mark. */
async function placeOf({ timeline }: Screen, iteration: number): Promise<{ readonly x: number; readonly y: number }> {
  const box = await timeline.boundingBox();
  if (!box) throw new Error("The timeline is not drawn.");
  const margin = 20;
  const along = (iteration - 200) / (1000 - 200);
  return { x: box.x + margin + along * (box.width - 2 * margin), y: box.y + box.height / 2 };
}

test("keys go through the iterations, and raw and gt are never fetched again", async ({ page }) => {
  const screen = await openScreen(page, query);
  await expectShown(screen, 800);
  const inputs = countInputs(page);
  await screen.timeline.focus();
  for (const [key, iteration] of [
    ["Home", 200],
    ["ArrowLeft", 200],
    ["ArrowRight", 400],
    ["End", 1000],
    ["b", 800],
    ["l", 1000],
  ] as const) {
    await page.keyboard.press(key);
    await expectShown(screen, iteration);
  }
  expect(inputs(), "requests for raw and gt").toBe(0);
});

test("space plays through the iterations and stops", async ({ page }) => {
  const screen = await openScreen(page, query);
  await screen.timeline.focus();
  await page.keyboard.press("Home");
  await expectShown(screen, 200);
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Pause (p)" })).toBeVisible();
  await expect(screen.timeline).toHaveAttribute("aria-valuetext", /^iteration 400,/);
  await expect(screen.timeline).toHaveAttribute("aria-valuetext", /^iteration 600,/);
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Play through the iterations (p)" })).toBeVisible();
  const stopped = await screen.timeline.getAttribute("aria-valuenow");
  await screen.settled();
  await expect(screen.timeline).toHaveAttribute("aria-valuenow", stopped ?? "");
});

test("dragging along the timeline passes every iteration on the way, and keeps the view", async ({ page }) => {
  const screen = await openScreen(page, query);
  const layers = await screen.tab("Layers");
  const segmentation = layers.getByRole("region", { name: /^segmentation/ });
  await segmentation.getByRole("slider", { name: /^Opacity/ }).fill("0.3");
  await screen.legend.getByRole("button", { name: /^Hide gt/ }).click();
  await screen.volumes.getByRole("button", { name: "Section across z" }).click();
  await screen.settled();
  const inputs = countInputs(page);

  const seen: string[] = [];
  const from = await placeOf(screen, 200);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (const iteration of iterations) {
    const place = await placeOf(screen, iteration);
    await page.mouse.move(place.x, place.y, { steps: 5 });
    await expectShown(screen, iteration);
    seen.push((await screen.timeline.getAttribute("aria-valuenow")) ?? "");
  }
  await page.mouse.up();

  expect(seen).toEqual(["1", "2", "3", "4", "5"]);
  expect(inputs(), "requests for raw and gt").toBe(0);
  await expect(segmentation.getByRole("slider", { name: /^Opacity/ })).toHaveValue("0.3");
  await expect(screen.legend.getByRole("button", { name: /^Show gt/ })).toBeVisible();
  await expect(screen.volumes.getByRole("button", { name: "Section across z" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
});

test("a swap keeps position, zoom and layout", async ({ open }) => {
  const dashboard = await open(query);
  await dashboard.settled();
  const view = { position: [810, 3400, 1300], scale: 2.5, layout: "xz" };
  await dashboard.ask("setView", { view });
  await dashboard.until(({ settled, view: { layout } }) => settled && layout === "xz", "the view is taken");
  for (const iteration of iterations) {
    await dashboard.ask("select", { iteration });
    const state = await dashboard.settled();
    expect(state.view).toMatchObject({ layout: "xz", unit: "nm" });
    expect(state.view.scale).toBeCloseTo(2.5, 6);
    for (const axis of [0, 1, 2]) expect(state.view.position?.[axis]).toBeCloseTo(view.position[axis] ?? 0, 3);
    expect(state.layers.find(({ name }) => name === "segmentation")).toMatchObject({ iteration });
  }
});
