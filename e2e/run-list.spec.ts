import { spawnSync } from "node:child_process";
import { copyFile, readFile, rm } from "node:fs/promises";
import type { Browser, Page } from "@playwright/test";
import { multichannelBinaryScores } from "#dacapo/evaluation-scores.ts";
import { traceMainThread } from "./main-thread.ts";
import { memoryOf, writeManyRuns } from "./many-runs.ts";
import type { Base } from "./run-writer.ts";
import { test as base, expect } from "./story.ts";
import { startViewer, type ViewerProcess } from "./viewer-process.ts";

const count = 1000;
const criteriaOfMito = multichannelBinaryScores(["mito"]).criteria.map(({ name }) => name);

const test = base.extend<{ readonly runs: Base; readonly served: ViewerProcess }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
  runs: async ({}, use) => {
    const runs = await writeManyRuns(count);
    await use(runs);
    await runs.dispose();
  },
  served: async ({ runs }, use) => {
    const served = await startViewer([runs.path]);
    await use(served);
    await served.stop();
  },
});

type Order = readonly { readonly name: string; readonly score: number }[];

/** By CPython from the files; undefined, and said, where there is none. */
function orderOfPython(base: string, criterion: number, direction: "higher" | "lower"): Order | undefined {
  const words = ["scripts/best-scores.py", base, String(criterion), direction];
  const asked = spawnSync(process.env.PYTHON ?? "python3", words, { encoding: "utf8" });
  if (asked.error !== undefined) console.log("The order is not compared with Python's: there is no python3 here.");
  if (asked.error !== undefined) return undefined;
  expect(asked.stderr).toBe("");
  return asked.stdout
    .trim()
    .split("\n")
    .map((line) => line.split(" "))
    .map(([name = "", score]) => ({ name, score: Number(score) }));
}

/** All rows in the order of the table, with the first best score that stands in it. */
async function saveRows(page: Page, column: string): Promise<Order> {
  await page.getByRole("button", { name: "Save the list of runs" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV: all rows" }).click();
  const [head = "", ...rows] = (await readFile(await (await download).path(), "utf8")).trim().split("\r\n");
  await page.keyboard.press("Escape");
  const at = head.split(",").indexOf(column);
  return rows
    .map((row) => row.replace(/"[^"]*"/g, "quoted").split(","))
    .flatMap((cells) => (cells[at] === "" ? [] : [{ name: cells[0] ?? "", score: Number(cells[at]) }]));
}

test("a thousand runs are listed, sorted by their best score, filtered by a setting and grouped", async ({
  page,
  runs,
  served,
}) => {
  test.slow();
  await page.goto(`${served.origin}?runs=data/0`);
  const table = page.getByRole("table", { name: "Runs" });
  const names = table.locator("td button");
  await expect(page.getByRole("heading", { name: "1000 runs" })).toBeVisible();
  await expect(names.first()).toHaveText("vnc_affs_0000");
  expect(await table.getByRole("row").count(), "rows drawn").toBeLessThan(60);
  await expect(page.getByText(/ of 1000 read/)).toHaveCount(0, { timeout: 120_000 });

  await test.step("best first, in the order that Python finds, whichever way the criterion goes", async () => {
    await page.getByRole("button", { name: "Choose columns" }).click();
    for (const criterion of ["mito__f1_score", "mito__false_discovery_rate"])
      await page.getByRole("checkbox", { name: `Best ${criterion}`, exact: true }).check();
    await page.keyboard.press("Escape");
    for (const [criterion, direction] of [
      ["mito__f1_score", "higher"],
      ["mito__false_discovery_rate", "lower"],
    ] as const) {
      await table.getByRole("button", { name: `Best ${criterion}` }).click();
      await expect(table.getByRole("columnheader", { name: `Best ${criterion}` })).toHaveAttribute("aria-sort", /./);
      const rows = await saveRows(page, `Best ${criterion}`);
      expect(rows.length).toBeGreaterThanOrEqual(500);
      const wanted = orderOfPython(runs.path, criteriaOfMito.indexOf(criterion), direction);
      if (wanted !== undefined) expect(rows).toEqual(wanted);
      await expect(names.first()).toHaveText(rows[0]?.name ?? "");
    }
  });

  await test.step("scrolled from end to end without a long task, in little memory", async () => {
    const scroller = page.locator(".dv-runs-scroll");
    await scroller.hover();
    const tasks = await traceMainThread(page.context().browser() as Browser, page, async () => {
      for (let turn = 0; turn < 40; turn++) await page.mouse.wheel(0, 900);
      await expect(table.getByRole("row").last()).toHaveAttribute("aria-rowindex", "1001");
      for (let turn = 0; turn < 40; turn++) await page.mouse.wheel(0, -900);
      await expect(table.getByRole("row").nth(1)).toHaveAttribute("aria-rowindex", "2");
    });
    const bytes = await memoryOf(page);
    console.log(
      `Longest tasks while scrolling: ${tasks
        .slice(0, 3)
        .map((ms) => ms.toFixed(1))
        .join(", ")} ms; ${(bytes / 1e6).toFixed(0)} MB.`,
    );
    expect(tasks[0]).toBeLessThan(50);
    expect(bytes).toBeLessThan(250e6);
  });

  await test.step("a setting picks one run, and the link keeps the choice", async () => {
    await page.getByRole("searchbox", { name: "Find runs by name or setting" }).fill("affs learning_rate=998");
    await expect(names).toHaveText(["vnc_affs_0998"]);
    await expect(page).toHaveURL(/learning_rate/);
    await page.reload();
    await expect(names).toHaveText(["vnc_affs_0998"]);
  });

  await test.step("nothing found says so", async () => {
    await page.getByRole("searchbox", { name: "Find runs by name or setting" }).fill("no such run");
    await expect(page.getByText("No run has all of “no such run”")).toBeVisible();
    await page.getByRole("searchbox", { name: "Find runs by name or setting" }).fill("");
  });

  await test.step("runs are put together by what differs", async () => {
    await page.getByRole("button", { name: "Group runs" }).click();
    await page.getByRole("radio", { name: "Task", exact: true }).check();
    await page.keyboard.press("Escape");
    await expect(table.getByRole("rowheader").first()).toHaveText(/500 runs/);
  });
});

test("a run that is started meanwhile joins the list, and one that is taken away leaves it", async ({ page }) => {
  const runs = await writeManyRuns(3);
  const served = await startViewer([runs.path]);
  try {
    await page.clock.install();
    await page.goto(`${served.origin}?runs=data/0`);
    const names = page.getByRole("table", { name: "Runs" }).locator("td button");
    await expect(names).toHaveText(["vnc_affs_0000", "vnc_affs_0002", "vnc_mito_distance_0001"]);
    await copyFile(`${runs.path}/configs/runs/vnc_affs_0000.yaml`, `${runs.path}/configs/runs/vnc_affs_0004.yaml`);
    for (const folder of ["training_stats", "validation_scores"])
      await rm(`${runs.path}/stats/${folder}`, { recursive: true });
    await rm(`${runs.path}/configs/runs/vnc_affs_0002.yaml`);
    await page.clock.runFor(11_000);
    await expect(names).toHaveText(["vnc_affs_0000", "vnc_affs_0004", "vnc_mito_distance_0001"]);
    await expect(page.getByRole("heading", { name: "3 runs" })).toBeVisible();
  } finally {
    await served.stop();
    await runs.dispose();
  }
});
