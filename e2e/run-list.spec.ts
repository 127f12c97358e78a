import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Base, createBase } from "./run-writer.ts";
import { test as base, expect } from "./story.ts";
import { startViewer, type ViewerProcess } from "./viewer-process.ts";

const demo = resolve(import.meta.dirname, "../demo");
const originals = ["vnc_affs", "vnc_mito_distance"];
const count = 1000;

// A thousand runs made of the two that ship: every one has a name, a learning rate and stats of its own.
const test = base.extend<{ readonly runs: Base; readonly served: ViewerProcess }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
  runs: async ({}, use) => {
    const runs = await createBase();
    const kinds = await Promise.all(originals.map(readOriginal));
    for (let index = 0; index < count; index++) {
      const kind = kinds[index % kinds.length];
      if (kind === undefined) continue;
      const name = `${kind.name}_${String(index).padStart(4, "0")}`;
      await runs.write(
        `configs/runs/${name}.yaml`,
        kind.yaml.replace(/^learning_rate: .*$/m, `learning_rate: ${index}`),
      );
      for (const [path, bytes] of kind.stats) await runs.write(`stats/${path}/${name}`, bytes);
    }
    await use(runs);
    await runs.dispose();
  },
  served: async ({ runs }, use) => {
    const served = await startViewer([runs.path]);
    await use(served);
    await served.stop();
  },
});

async function readOriginal(name: string) {
  const folders = await readdir(`${demo}/stats`);
  const stats = folders.map(async (folder) => [folder, await readFile(`${demo}/stats/${folder}/${name}`)] as const);
  return { name, yaml: await readFile(`${demo}/configs/runs/${name}.yaml`, "utf8"), stats: await Promise.all(stats) };
}

test("a thousand runs are listed, sorted by their best score, filtered by a setting and grouped", async ({
  page,
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

  await test.step("best first: f1 of the masks, by CPython 0.7796730745486018 at 500", async () => {
    await page.getByRole("button", { name: "Choose columns" }).click();
    await page.getByRole("checkbox", { name: "Best mito__f1_score", exact: true }).check();
    await page.keyboard.press("Escape");
    await table.getByRole("button", { name: "Best mito__f1_score" }).click();
    await expect(names.first()).toHaveText("vnc_mito_distance_0001");
    await expect(table.getByRole("row", { name: /vnc_mito_distance_0001/ })).toContainText("0.7797 at 500");
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
