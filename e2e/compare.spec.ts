import { expect, test, toRunPath } from "./story.ts";

const both = `?run=${toRunPath("vnc_affs")}&run=${toRunPath("vnc_mito_distance")}`;

test("two runs are laid side by side: curves, bests and the settings in which they differ", async ({ page }) => {
  await page.goto(`/${both}`);
  await page.getByRole("tab", { name: "Compare" }).click();
  const panel = page.getByRole("tabpanel");

  await test.step("the losses of both, each at the iteration under the pointer", async () => {
    const losses = panel.getByRole("img", { name: /^loss of vnc_affs, vnc_mito_distance against iterations/ });
    await expect(losses.locator("path.chart-line")).toHaveCount(2);
    await losses.hover();
    await expect(panel.locator("[data-chart-legend=vnc_affs] b").first()).toHaveText(/^0\.\d+/);
    await panel.getByRole("combobox", { name: "Axis" }).selectOption("hours");
    await expect(panel.getByRole("img", { name: /against hours/ }).first()).toBeVisible();
  });

  await test.step("the best of each, and its volumes at a click", async () => {
    await panel.getByRole("combobox", { name: "Compared criterion" }).selectOption("mito__f1_score");
    const bests = panel.getByRole("table", { name: "Best mito__f1_score" });
    await expect(bests.getByRole("row", { name: /vnc_affs/ })).toContainText("–");
    await expect(bests.getByRole("row", { name: /★ 0\.7797/ })).toContainText("500");
    await bests
      .getByRole("row", { name: /★ 0\.7797/ })
      .getByRole("button")
      .click();
    await expect(page.getByRole("button", { name: "Run vnc_mito_distance" })).toBeVisible();
    await expect(page.getByRole("slider", { name: "Iteration" })).toHaveAttribute("aria-valuetext", /^iteration 500/);
  });

  await test.step("what differs, and all on request", async () => {
    const settings = panel.getByRole("table", { name: "Settings of the runs" });
    const task = settings.getByRole("row", { name: /task_config › __type__/ });
    await expect(task.getByRole("cell")).toHaveText([/__type__/, "AffinitiesTaskConfig", "DistanceTaskConfig"]);
    const differing = await settings.getByRole("row").count();
    await panel.getByRole("checkbox", { name: "all", exact: true }).check();
    expect(await settings.getByRole("row").count()).toBeGreaterThan(differing);
  });
});

test("one run has nothing to be compared with", async ({ page }) => {
  await page.goto(`/?run=${toRunPath("vnc_affs")}`);
  await expect(page.getByRole("tab", { name: "Scores" })).toBeVisible();
  await expect(page.getByRole("tab", { name: "Compare" })).toHaveCount(0);
});
