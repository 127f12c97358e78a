import { readFile } from "node:fs/promises";
import { parseValidationScores } from "#storage/formats/validation-scores-pickle.ts";
import { createBase } from "./run-writer.ts";
import { expect, test, toRunPath } from "./story.ts";
import { startViewer } from "./viewer-process.ts";

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
      .getByRole("button", { name: "vnc_mito_distance" })
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

test("repetitions of one configuration are one curve with what they spread over, and apart when asked", async ({
  page,
}) => {
  const names = ["again__0", "again__1", "again__2"];
  const base = await createBase();
  const losses = await readFile("demo/stats/training_stats/vnc_affs");
  const yaml = await readFile("demo/configs/runs/vnc_affs.yaml", "utf8");
  const scores = parseValidationScores(await readFile("demo/stats/validation_scores/vnc_affs"));
  for (const [repetition, name] of names.entries()) {
    const own = yaml.replace(/^name: .*$/m, `name: ${name}`).replace(/^repetition: .*$/m, `repetition: ${repetition}`);
    await base.write(`configs/runs/${name}.yaml`, own);
    await base.write(`stats/training_stats/${name}`, losses);
    const documents = scores.map(({ iteration, scores: all }) => ({
      run_name: name,
      iteration,
      scores: all.map((dataset) => dataset.map((criteria) => criteria.map((score) => score + repetition))),
    }));
    await base.write(`stats/validation_scores/${name}.json`, JSON.stringify(documents));
  }
  const served = await startViewer([base.path]);
  try {
    await page.goto(`${served.origin}?${names.map((name) => `run=data/0/${name}`).join("&")}`);
    await page.getByRole("tab", { name: "Compare" }).click();
    const panel = page.getByRole("tabpanel");
    const mean = panel.getByRole("img", { name: /^voi of again \(3 repetitions\)/ });
    await expect(mean.locator("path.chart-run-band")).toHaveAttribute("d", /^M.+Z$/);
    await expect(mean.locator("path.chart-line")).toHaveCount(1);
    const bests = panel.getByRole("table", { name: "Best voi", exact: true });
    await expect(bests.getByRole("row", { name: /^mean of 3 repetitions/ }).first()).toContainText("± 1.000");
    await panel.getByRole("checkbox", { name: "repetitions together" }).uncheck();
    await expect(panel.getByRole("img", { name: /^voi of again__0, again__1, again__2/ })).toBeVisible();
    await expect(bests.getByRole("row", { name: /^mean of/ })).toHaveCount(0);
  } finally {
    await served.stop();
    await base.dispose();
  }
});
