import { resolve } from "node:path";
import type { Response } from "@playwright/test";
import { openScreen, type Screen, titlesOf } from "./screen.ts";
import { test as base, expect } from "./story.ts";
import { startTraining, type Training } from "./training-process.ts";
import { startViewer, type ViewerProcess } from "./viewer-process.ts";

type Fixtures = { readonly training: Training; readonly served: ViewerProcess };

// A real run is written again, as DaCapo writes it, by a process of its own; a viewer serves what there is of it.
const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
  training: async ({}, use) => {
    const training = await startTraining(resolve(import.meta.dirname, "../demo"), "vnc_mito_distance");
    await training.advance("configs written");
    await use(training);
    await training.stop();
  },
  served: async ({ training }, use) => {
    const served = await startViewer([training.base]);
    await use(served);
    await served.stop();
  },
});

test.use({ viewport: { width: 1000, height: 600 } });
test.slow();

/** Looks for new results now, and waits until the look is over. */
async function look({ page, header }: Screen): Promise<void> {
  await header.getByRole("button", { name: /^What the volumes follow/ }).click();
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByRole("button", { name: "Check now" })).toBeEnabled();
  await page.keyboard.press("Escape");
}

async function follow({ page, header }: Screen, what: RegExp): Promise<void> {
  await header.getByRole("button", { name: /^What the volumes follow/ }).click();
  await page.getByRole("radio", { name: what }).check();
  await page.keyboard.press("Escape");
}

async function expectNoProblem({ panel }: Screen): Promise<void> {
  await expect(panel.getByRole("tab", { name: "Problems" })).toHaveText("Problems");
}

const saying = ({ page }: Screen, text: string | RegExp) => page.getByText(text).first();

test("validations appear one by one, and what is half-written is neither shown nor taken for lost", async ({
  page,
  training,
  served,
}) => {
  const screen = await openScreen(page, "run=data/0/vnc_mito_distance", served.origin);
  await screen.header.getByRole("button", { name: "Pause looking for new results" }).click();
  await expect(screen.volumes.getByRole("heading", { name: "No validation volumes yet" })).toBeVisible();

  await test.step("losses count once they are whole", async () => {
    for (const label of ["250 training_stats emptied", "250 training_stats torn"]) {
      await training.advance(label);
      await look(screen);
      await expect(screen.header).not.toContainText("250");
      await expectNoProblem(screen);
    }
    await training.advance("250 training_stats written");
    await look(screen);
    await expect(screen.header).toContainText("training, 250 / 1,500");
  });

  await test.step("a prediction is shown once its first output is begun", async () => {
    await training.advance("250 vnc_crop_b prediction block 1");
    await look(screen);
    await expect(titlesOf(screen).filter({ hasText: "prediction" })).toHaveCount(0);
    await training.advance("250 vnc_crop_b threshold_-0.25 attributes");
    await look(screen);
    await expect(titlesOf(screen).filter({ hasText: "prediction at 250" })).toHaveCount(1);
    await expect(titlesOf(screen).filter({ hasText: "segmentation" })).toHaveCount(0);
    await expectNoProblem(screen);
  });

  // the dataset that was shown when there was no other stays shown: vnc_crop_b, whose scores are the first of each validation
  await test.step("the first validation is told, in the title too", async () => {
    await training.advance("250 validation_scores written again");
    await look(screen);
    await expect(saying(screen, "Iteration 250 of vnc_mito_distance is validated.")).toBeVisible();
    await expect(screen.timeline).toHaveAttribute(
      "aria-valuetext",
      /^iteration 250, mito__f1_score 0\.6950 with threshold 0\.25, best/,
    );
    await expect(page).toHaveTitle("★ 250 · vnc_mito_distance");
    await screen.settled();
    await expect(titlesOf(screen).filter({ hasText: "segmentation at 250" })).toHaveCount(1);
  });

  await test.step("files that are rewritten or away for a moment lose nothing", async () => {
    for (const label of [
      "500 training_stats emptied",
      "500 training_stats torn",
      "500 training_stats written",
      "500 vnc_crop_b prediction attributes",
      "500 validation_scores unlinked",
      "500 validation_scores emptied",
      "500 validation_scores torn",
    ]) {
      await training.advance(label);
      await look(screen);
      await expect(screen.timeline).toHaveAttribute("aria-valuetext", /^iteration 250, mito__f1_score 0\.6950/);
      await expect(titlesOf(screen).filter({ hasText: "segmentation at 250" })).toHaveCount(1);
      await expectNoProblem(screen);
    }
    await expect(screen.header).toContainText("training, 500 / 1,500");
  });

  await test.step("a new best is told and shown to who follows the best", async () => {
    await training.advance("500 validation_scores written again");
    await look(screen);
    await expect(
      saying(screen, /New best mito__f1_score ↑ 0\.780 at iteration 500, threshold 0\.0 \(vnc_crop_b\)/),
    ).toBeVisible();
    await expect(page).toHaveTitle("★ 500 · vnc_mito_distance");
    await screen.settled();
    await expect(titlesOf(screen).filter({ hasText: "segmentation at 500" })).toHaveCount(1);
  });
});

test("who follows the latest sees it, who chose an iteration keeps it, and a rewind is told", async ({
  page,
  training,
  served,
}) => {
  await training.advance("750 validation_scores written again");
  const screen = await openScreen(page, "run=data/0/vnc_mito_distance", served.origin);
  await screen.header.getByRole("button", { name: "Pause looking for new results" }).click();
  await expect(page).toHaveTitle("★ 500 · vnc_mito_distance");

  await follow(screen, /^latest/);
  await expect(page).toHaveTitle("750 · vnc_mito_distance");
  await training.advance("1000 vnc_crop_b prediction attributes");
  await look(screen);
  await expect(screen.header).toContainText("training, 1,000 / 1,500");
  await expect(page).toHaveTitle("750 · vnc_mito_distance"); // the newest of which the volumes are whole
  await training.advance("1000 validation_scores written again");
  await look(screen);
  await expect(page).toHaveTitle("1000 · vnc_mito_distance");
  await screen.settled();
  await expect(titlesOf(screen).filter({ hasText: "segmentation at 1000" })).toHaveCount(1);

  await screen.timeline.press("ArrowLeft");
  await screen.settled();
  await training.advance("1250 validation_scores written again");
  await look(screen);
  const offer = screen.volumes.getByRole("button", { name: "Iteration 1250 of vnc_mito_distance is validated. show" });
  await expect(offer).toBeVisible();
  await expect(page).toHaveTitle("750 · vnc_mito_distance");
  await expect(titlesOf(screen).filter({ hasText: "segmentation at 750" })).toHaveCount(1);
  await offer.click();
  await expect(page).toHaveTitle("1250 · vnc_mito_distance");

  await training.rewind(1000);
  await look(screen);
  await expect(saying(screen, "vnc_mito_distance went back from iteration 1250 to 1000")).toBeVisible();
  await expect(screen.header).toContainText("training, 1,000 / 1,500");
  await expectNoProblem(screen);
});

test("new results are found without a hand being lifted", async ({ page, training, served }) => {
  await training.advance("250 validation_scores written again");
  const screen = await openScreen(page, "run=data/0/vnc_mito_distance", served.origin);
  await screen.header.getByRole("button", { name: /^What the volumes follow/ }).click();
  await page.getByRole("combobox", { name: "Check every" }).selectOption("2 s");
  await page.keyboard.press("Escape");
  await training.advance("500 validation_scores written again");
  await expect(page).toHaveTitle("★ 500 · vnc_mito_distance");
  await screen.settled();
  await expect(titlesOf(screen).filter({ hasText: "segmentation at 500" })).toHaveCount(1);
});

test("an unchanged run costs a look two requests that are answered without a byte", async ({
  page,
  training,
  served,
}) => {
  await training.advance("250 validation_scores written again");
  const screen = await openScreen(page, "run=data/0/vnc_mito_distance", served.origin);
  const answers: Response[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/data/")) answers.push(response);
  });
  await look(screen);
  expect(answers.map((answer) => [answer.status(), new URL(answer.url()).pathname]).sort()).toEqual([
    [304, "/data/0/stats/training_stats/vnc_mito_distance"],
    [304, "/data/0/stats/validation_scores/vnc_mito_distance"],
  ]);
});
