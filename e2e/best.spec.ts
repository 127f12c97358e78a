import { test } from "./hosted-story.ts";
import { type GoldenBest, goldenBests, type ScoredRun, scored } from "./score-goldens.ts";
import { openScreen, type Screen, titlesOf } from "./screen.ts";
import { expect, toRunPath } from "./story.ts";

test.use({ viewport: { width: 1000, height: 650 } });

for (const run of Object.keys(scored) as ScoredRun[]) {
  test(`the best of ${run} for each dataset and criterion is the one in its scores`, async ({ open }) => {
    const dashboard = await open(`run=${toRunPath(run)}`);
    const { runs } = await dashboard.settled();
    expect(runs[0]?.best).toEqual(goldenBests(run));
    for (const best of goldenBests(run).filter(({ criterion }) => /(voi|f1_score)$/.test(criterion))) {
      const { dataset, criterion, iteration, parameters } = best;
      await dashboard.ask("select", { dataset, criterion, iteration: "best" });
      const { selection, layers } = await dashboard.settled();
      expect(selection).toMatchObject({ dataset, criterion, iteration, parameters, follows: "best" });
      expect(layers.find(({ name }) => name === "best")).toMatchObject({ iteration });
      const output = `/${iteration}/${dataset.includes("/") ? "ds_" : ""}${dataset.replace("/", "_")}/output/${parameters}`;
      expect(sourceOf(layers, "segmentation")).toContain(output);
    }
  });
}

function sourceOf(layers: readonly { readonly name: string; readonly source: string }[], name: string): string {
  return decodeURIComponent(layers.find((layer) => layer.name === name)?.source ?? "");
}

test("a person chooses a criterion, and sees what is best by it on either dataset", async ({ page }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_mito_distance")}`);
  const scores = await screen.tab("Scores");
  for (const criterion of ["mito__voi", "mito__dice"]) {
    await scores.getByLabel(/^Criterion/).selectOption(criterion);
    for (const best of goldenBests("vnc_mito_distance").filter((each) => each.criterion === criterion)) {
      const line = scores
        .getByRole("region", { name: `Best ${criterion}` })
        .getByText(`best on ${best.dataset}`)
        .locator("..");
      await expect(line).toContainText(best.score.toPrecision(4));
      const show = line.getByRole("button", { name: "show" });
      if (await show.isVisible()) await show.click();
      await expectShown(screen, best);
    }
  }
});

/** What volumes, timeline and table say of what is shown is one thing. */
async function expectShown(
  screen: Screen,
  { dataset, criterion, iteration, parameters, score }: GoldenBest,
): Promise<void> {
  const threshold = parameters.replace("threshold_", "threshold ");
  const words = `iteration ${iteration.toLocaleString("en-US")}, ${criterion} ${score.toPrecision(4)} with ${threshold}, best`;
  await expect(screen.timeline).toHaveAttribute("aria-valuetext", words);
  await screen.settled();
  await expect(titlesOf(screen).filter({ hasText: `raw of ${dataset}` })).toHaveCount(1);
  await expect(titlesOf(screen).filter({ hasText: `segmentation at ${iteration}` })).toHaveCount(1);
  const cell = screen.panel.getByRole("table", { name: `${criterion} on ${dataset}` }).locator("[aria-current=true]");
  await expect(cell).toHaveText(`★ ${score.toPrecision(4)}`);
}
