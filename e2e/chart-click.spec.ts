import type { Locator } from "@playwright/test";
import { openScreen, titlesOf } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";

test.use({ viewport: { width: 1100, height: 700 } });

/** Where the chart draws the points of a line, in pixels of the page. */
async function pointsOf(chart: Locator, line: number): Promise<readonly { readonly x: number; readonly y: number }[]> {
  const drawn = await chart.locator("path.chart-score-line").nth(line).getAttribute("d");
  const box = await chart.locator("svg").first().boundingBox();
  if (drawn === null || box === null) throw new Error("The chart is not drawn.");
  return [...drawn.matchAll(/([\d.]+),([\d.]+)/g)].map(([, x, y]) => ({ x: box.x + Number(x), y: box.y + Number(y) }));
}

test("a click on a point of the scores shows the volumes of that iteration, dataset and parameters", async ({
  page,
}) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_affs")}`);
  const scores = await screen.tab("Scores");
  const chart = scores.getByRole("img", { name: /^voi, lower is better/ });
  const lines = 10; // datasets outside, parameters inside
  await expect(chart.locator("path.chart-score-line")).toHaveCount(lines);

  const secondDataset = await pointsOf(chart, 5 + 2);
  const point = secondDataset[3]; // vnc_crop_a, bias 0.5, the fourth validation: the lowest point of all
  await page.mouse.click(point?.x ?? 0, point?.y ?? 0);
  await expect(screen.timeline).toHaveAttribute("aria-valuetext", /^iteration 800, voi 1\.833 with bias 0\.5/);
  await expect(page.getByRole("combobox", { name: "Dataset", exact: true })).toHaveValue("vnc_crop_a");
  await screen.settled();
  await expect(titlesOf(screen).filter({ hasText: "raw of vnc_crop_a" })).toHaveCount(1);
  await expect(titlesOf(screen).filter({ hasText: "segmentation at 800" })).toHaveCount(1);
  const shown = scores.getByRole("table", { name: "voi on vnc_crop_a" }).locator("[aria-current=true]");
  await expect(shown).toHaveText(/1\.833$/);

  const first = (await pointsOf(chart, 4))[1]; // vnc_crop_b, bias 0.9, the second
  await page.mouse.click(first?.x ?? 0, first?.y ?? 0);
  await expect(page.getByRole("combobox", { name: "Dataset", exact: true })).toHaveValue("vnc_crop_b");
  await expect(page.getByRole("combobox", { name: "Post-processing parameters" })).toHaveValue(
    "WatershedPostProcessorParameters(id=4, bias=0.9, context=(32, 32, 32))",
  );
  await screen.settled();
  await expect(titlesOf(screen).filter({ hasText: "prediction at 400" })).toHaveCount(1);
  await expect(screen.panel.locator("circle.chart-shown-ring")).toHaveCount(1);
});

test("a click in the losses shows the nearest validated iteration", async ({ page }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_mito_distance")}`);
  const loss = (await screen.tab("Loss")).getByRole("img").first();
  const box = await loss.boundingBox();
  if (!box) throw new Error("The losses are not drawn.");
  await page.mouse.click(box.x + box.width - 26, box.y + box.height / 2); // the last iteration is at the right edge
  await expect(screen.timeline).toHaveAttribute("aria-valuetext", /^iteration 1,250,/);
});
