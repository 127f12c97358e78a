import { resolve } from "node:path";
import type { CDPSession, Page } from "@playwright/test";
import { toScreen } from "./screen.ts";
import { expect, test } from "./story.ts";
import { startTraining } from "./training-process.ts";

test.use({ viewport: { width: 1000, height: 600 } });
test.slow();

/** As from the desktop: the browser hands the page real handles of a folder on disk. */
async function dropFolder(page: Page, folder: string): Promise<void> {
  const session: CDPSession = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, x: 500, y: 300, data });
  await session.detach();
}

async function look(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^What the volumes follow/ }).click();
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByRole("button", { name: "Check now" })).toBeEnabled();
  await page.keyboard.press("Escape");
}

for (const { name, without } of [
  { name: "with real file handles", without: [] },
  { name: "in a browser that has only its older entries", without: ["getAsFileSystemHandle"] },
])
  test(`a dropped folder is followed live while another process writes it, ${name}`, async ({ page }) => {
    const training = await startTraining(resolve(import.meta.dirname, "../demo"), "vnc_mito_distance");
    try {
      await page.addInitScript((names) => {
        for (const each of names) Reflect.deleteProperty(DataTransferItem.prototype, each);
      }, without);
      await training.advance("250 validation_scores written");
      await page.goto("/");
      await expect(page.getByRole("heading", { name: "DaCapo run viewer" })).toBeVisible();
      await dropFolder(page, training.base);
      await expect(page.getByRole("heading", { name: /^2 runs in folder:/ })).toBeVisible(); // the demo has a run of that name, too
      await page.getByRole("button", { name: "vnc_mito_distance", exact: true }).click();
      const screen = toScreen(page);
      await screen.settled();
      await expect(screen.timeline).toHaveAttribute("aria-valuetext", /^iteration 250,/);
      await training.advance("500 validation_scores written");
      await look(page);
      await screen.timeline.press("End");
      await screen.settled();
      await expect(screen.timeline).toHaveAttribute("aria-valuetext", /^iteration 500,/);
      await expect(screen.legend).toContainText("prediction at 500");
      await expect(screen.panel.getByRole("tab", { name: "Problems" })).toHaveText("Problems");
    } finally {
      await training.stop();
    }
  });

/** Copies a served run into the browser's private file system, whose handles are kept without being asked for. */
async function keepFolder(page: Page, files: readonly string[]): Promise<void> {
  await page.evaluate(async (paths) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("my runs", { create: true });
    for (const path of paths) {
      const names = path.split("/");
      let place = folder;
      for (const name of names.slice(0, -1)) place = await place.getDirectoryHandle(name, { create: true });
      const stream = await (await place.getFileHandle(names.at(-1) ?? "", { create: true })).createWritable();
      await stream.write(await (await fetch(`data/1/${path}`)).arrayBuffer());
      await stream.close();
    }
    await folder.getDirectoryHandle("vnc_affs_no_validation", { create: true });
    Object.assign(globalThis, { showDirectoryPicker: async () => folder });
  }, files);
}

test("a folder is kept from visit to visit: asked for again after a click, and forgotten when one likes", async ({
  page,
}) => {
  const run = "vnc_affs_no_validation";
  await page.goto("/");
  await keepFolder(page, [`configs/runs/${run}.yaml`, `stats/training_stats/${run}`]);
  await page.getByRole("button", { name: "Choose a folder" }).click();
  const opened = page.getByRole("button", { name: `Run ${run}` });
  await expect(opened).toBeVisible();

  await test.step("a reload opens it again where the browser still allows it", async () => {
    await expect(page).toHaveURL(/run=folder/);
    await page.reload();
    await expect(opened).toBeVisible();
  });

  await test.step("where the browser wants to ask, it is asked only after a click", async () => {
    await page.addInitScript(() => {
      let permission: "prompt" | "granted" = "prompt";
      const userActivation = { isActive: false }; // the browser's own may outlast a reload
      Object.defineProperty(navigator, "userActivation", { value: userActivation });
      document.addEventListener("click", () => Object.assign(userActivation, { isActive: true }), true);
      Object.assign(FileSystemHandle.prototype, {
        queryPermission: async () => permission,
        requestPermission: async () => {
          permission = "granted";
          return permission;
        },
      });
    });
    await page.reload();
    await expect(
      page.getByText('The browser asks you before this page reads the folder "my runs" again.'),
    ).toBeVisible();
    await page.getByRole("button", { name: "Open it again" }).click();
    await expect(opened).toBeVisible();
  });

  await test.step("it stands among the recent runs, until it is forgotten", async () => {
    await page.goto("/");
    const recents = page.getByRole("region", { name: "Recent runs" });
    await recents.getByRole("button", { name: new RegExp(`^${run}`) }).click();
    await expect(opened).toBeVisible();
    await expect(page).toHaveURL(/run=folder/);
    const address = new URL(page.url()).searchParams.get("run") ?? "";
    await page.goto("/");
    await recents.getByRole("button", { name: `Forget ${run}` }).click();
    await expect(recents).toHaveCount(0);
    await page.goto(`/?run=${encodeURIComponent(address)}`);
    await expect(page.getByText('This browser does not have the folder "my runs" any more.')).toBeVisible();
  });
});
