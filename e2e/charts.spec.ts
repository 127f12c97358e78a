import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { scored } from "./score-goldens.ts";
import { openScreen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";

const query = `run=${toRunPath("vnc_rawgt_distance")}`;

test.use({ viewport: { width: 1000, height: 700 } });

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(join(import.meta.dirname, "fixtures/stats_json", path), "utf8")) as T;
}

async function save(
  page: Page,
  panel: Locator,
  what: RegExp,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  await panel.getByRole("button", { name: "Save the chart" }).first().click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: what }).click();
  const saved = await download;
  await page.keyboard.press("Escape");
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) };
}

const toRows = (csv: Buffer) =>
  csv
    .toString()
    .trim()
    .split("\r\n")
    .map((line) => line.split(","));

test("losses are saved as they were recorded", async ({ page }) => {
  const loss = await (await openScreen(page, query)).tab("Loss");
  const { name, bytes } = await save(page, loss, /^CSV/);
  expect(name).toBe("vnc_rawgt_distance_training_stats.csv");
  const documents = await readJson<{ iteration: number; loss: number; time: number }[]>(
    "training_stats/vnc_rawgt_distance.json",
  );
  const [head, ...rows] = toRows(bytes);
  expect(head).toEqual(["iteration", "loss", "time_seconds"]);
  expect(rows.map((row) => row.map(Number))).toEqual(documents.map((row) => [row.iteration, row.loss, row.time]));
});

test("scores are saved with a name for each axis", async ({ page }) => {
  const scores = await (await openScreen(page, query)).tab("Scores");
  const { bytes } = await save(page, scores, /^CSV/);
  const documents = await readJson<{ iteration: number; scores: (number | null)[][][] }[]>(
    "validation_scores/vnc_rawgt_distance.json",
  );
  const { datasets, parameters, criteria } = scored.vnc_rawgt_distance;
  const expected = documents.flatMap((document) =>
    document.scores.flatMap((byParameters, d) =>
      byParameters.map((row, p) => [
        String(document.iteration),
        datasets[d],
        parameters[p],
        ...row.map((score) => (score === null ? "NaN" : String(score))),
      ]),
    ),
  );
  expect(toRows(bytes)).toEqual([
    ["iteration", "dataset", "parameters", ...criteria.map(([name]) => name)],
    ...expected,
  ]);
});

test("a chart and the volumes are saved as pictures", async ({ page }) => {
  const screen = await openScreen(page, query);
  const chart = await save(page, await screen.tab("Scores"), /^PNG/);
  expect(chart.name).toBe("vnc_rawgt_distance_validation_scores.png");
  expect(chart.bytes.subarray(1, 4).toString()).toBe("PNG");
  expect(chart.bytes.readUInt32BE(16), "width").toBeGreaterThan(300);

  await page.getByRole("button", { name: "Share", exact: true }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save image" }).click();
  const image = await readFile(await (await download).path());
  expect(image.subarray(1, 4).toString()).toBe("PNG");
  expect(image.readUInt32BE(16), "width").toBeGreaterThan(300);
});

test("losses are zoomed, drawn in logarithms, and read at one cursor for all charts", async ({ page }) => {
  const loss = await (await openScreen(page, `run=${toRunPath("vnc_affs")}`)).tab("Loss");
  const charts = loss.locator("[role=img][aria-keyshortcuts]");
  await expect(charts).toHaveCount(2);
  await expect(loss.getByText("1,000 of 1,000 points drawn").first()).toBeVisible();

  const box = await charts.first().boundingBox();
  if (!box) throw new Error("The losses are not drawn.");
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
  const places = loss.locator(".chart-readout").getByText(/^iteration/);
  await expect(places).toHaveCount(2); // neither says "last" any more
  expect(new Set(await places.allTextContents()).size, "both charts read the same iteration").toBe(1);

  await loss.getByRole("checkbox", { name: "log" }).check();
  await charts.first().focus();
  await page.keyboard.press("+");
  await expect(loss.getByRole("button", { name: "show all iterations" }).first()).toBeVisible();
  await expect(loss.getByText(/points drawn, 1,000 recorded/).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(loss.getByRole("button", { name: "show all iterations" })).toHaveCount(0);
});
