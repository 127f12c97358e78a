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
async function keepFolder(page: Page, name: string, files: readonly string[]): Promise<void> {
  await page.evaluate(
    async ([name, paths]) => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle(name, { create: true });
      for (const path of paths) {
        const names = path.split("/");
        let place = folder;
        for (const name of names.slice(0, -1)) place = await place.getDirectoryHandle(name, { create: true });
        const stream = await (await place.getFileHandle(names.at(-1) ?? "", { create: true })).createWritable();
        await stream.write(await (await fetch(`data/1/${path}`)).arrayBuffer());
        await stream.close();
      }
      Object.assign(globalThis, { showDirectoryPicker: async () => folder });
    },
    [name, files] as const,
  );
}

/** As the browser does after a while: it asks before a kept folder is read again, and only after a click. Refused once. */
function askAgain(): void {
  const answers = ["denied", "granted"] as const;
  let permission: "prompt" | "denied" | "granted" = "prompt";
  let asked = 0;
  const userActivation = { isActive: false }; // the browser's own may outlast a reload
  Object.defineProperty(navigator, "userActivation", { value: userActivation });
  document.addEventListener("click", () => Object.assign(userActivation, { isActive: true }), true);
  Object.assign(FileSystemHandle.prototype, {
    queryPermission: async () => permission,
    requestPermission: async () => {
      const answer = answers[asked++] ?? "granted";
      if (answer === "granted") permission = answer;
      return answer;
    },
  });
}

function toFiles(run: string): readonly string[] {
  return [`configs/runs/${run}.yaml`, `stats/training_stats/${run}`];
}

test("a folder keeps its place in the address until it may be read again, and gives the whole view back", async ({
  page,
}) => {
  const run = "vnc_affs_no_validation";
  await page.goto("/");
  await keepFolder(page, "my runs", [...toFiles(run), ...toFiles("vnc_affs_snapshot_only")]);
  await page.getByRole("button", { name: "Choose a folder" }).click();
  await page.getByRole("button", { name: run, exact: true }).click();
  const opened = page.getByRole("button", { name: `Run ${run}` });
  const card = page.getByRole("region", { name: "The folder my runs" });
  await expect(opened).toBeVisible();
  await expect(page).toHaveURL(/run=folder/);
  await page.goto(`${page.url()}&iteration=500&criterion=voi&tab=loss#!{"layout":"xz","crossSectionScale":3}`);
  await expect(opened).toBeVisible();
  await expect(page).toHaveURL(/tab=loss[^#]*#(?!!)/);
  const address = page.url();

  await test.step("a reload opens it again where the browser still allows it", async () => {
    await page.reload();
    await expect(opened).toBeVisible();
  });

  await test.step("where the browser wants to ask, it is asked only after a click; the address stays meanwhile", async () => {
    await page.addInitScript(askAgain);
    await page.reload();
    await expect(card).toContainText('The browser asks you before this page reads the folder "my runs" again.');
    await expect(card).toContainText(run);
    await expect(card.getByRole("button", { name: "Choose it anew" })).toHaveCount(0);
    await card.getByRole("button", { name: "Open my runs again" }).click();
    await expect(card).toContainText('The page was not allowed to read the folder "my runs".');
    await expect(card.getByRole("button", { name: "Choose it anew" })).toBeVisible();
    expect(page.url()).toBe(address);
    await card.getByRole("button", { name: "Open my runs again" }).click();
    await expect(opened).toBeVisible();
    await expect(card).toHaveCount(0);
    await expect(page.getByRole("tab", { name: "Loss" })).toHaveAttribute("aria-selected", "true");
    expect(page.url()).toBe(address);
  });

  await test.step("a folder that was moved is chosen anew under its address, once it has the run", async () => {
    await page.evaluate(async () =>
      (await navigator.storage.getDirectory()).removeEntry("my runs", { recursive: true }),
    );
    await page.reload();
    await card.getByRole("button", { name: "Open my runs again" }).click();
    await card.getByRole("button", { name: "Open my runs again" }).click();
    await expect(card).toContainText('The folder "my runs" is not where it was');
    await keepFolder(page, "other runs", toFiles("vnc_affs_snapshot_only"));
    await card.getByRole("button", { name: "Choose it anew" }).click();
    await expect(card).toContainText(`The folder "other runs" holds no run "${run}".`);
    await keepFolder(page, "here now", toFiles(run));
    await card.getByRole("button", { name: "Choose it anew" }).click();
    await expect(opened).toBeVisible();
    expect(page.url()).toBe(address);
  });

  await test.step("it stands among the recent runs, until it is forgotten", async () => {
    await page.goto("/");
    const recents = page.getByRole("region", { name: "Recent runs" });
    await expect(recents.getByRole("button", { name: new RegExp(`^${run}`) })).toBeVisible();
    await recents.getByRole("button", { name: `Forget ${run}` }).click();
    await expect(recents).toHaveCount(0);
    await page.goto(address);
    await expect(card).toContainText('This browser does not have the folder "my runs" any more.');
    await card.getByRole("button", { name: "Go on without it" }).click();
    await expect(card).toHaveCount(0);
    await expect(page).not.toHaveURL(/run=folder/);
  });
});

test("a listed folder keeps its place in the address, too", async ({ page }) => {
  await page.goto("/");
  await keepFolder(page, "my runs", [...toFiles("vnc_affs_no_validation"), ...toFiles("vnc_affs_snapshot_only")]);
  await page.getByRole("button", { name: "Choose a folder" }).click();
  await expect(page.getByRole("heading", { name: /^2 runs in/ })).toBeVisible();
  await expect(page).toHaveURL(/runs=folder/);
  const address = page.url();
  await page.addInitScript(askAgain);
  await page.reload();
  const again = page.getByRole("button", { name: "Open my runs again" });
  await again.click();
  await expect(page.getByText("The page was not allowed")).toBeVisible();
  expect(page.url()).toBe(address);
  await again.click();
  await expect(page.getByRole("heading", { name: /^2 runs in/ })).toBeVisible();
  expect(page.url()).toBe(address);
});

test("a run is opened from the folder that is listed, though a directory with a run of that name was listed just before", async ({
  page,
  viewer,
}) => {
  const run = "vnc_affs_no_validation";
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.goto("/");
  await keepFolder(page, "my runs", [...toFiles(run), ...toFiles("vnc_affs_snapshot_only")]);
  await page.route(/\/(runs\/[^/]+\.yaml|stats\/\w+\/[^/]+)$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.evaluate(() => {
    const { getFile } = FileSystemFileHandle.prototype;
    const whenAsked = new Promise((resolve) => document.addEventListener("let-read", resolve));
    FileSystemFileHandle.prototype.getFile = async function (this: FileSystemFileHandle) {
      await whenAsked;
      return getFile.call(this);
    };
  });
  const runs = page.getByRole("region", { name: "Runs of this directory" });
  const field = page.getByRole("textbox", { name: "Open a run" });
  await field.fill(`${viewer.origin}data/1`);
  await field.press("Enter");
  await expect(runs).toContainText(run);
  await page.getByRole("button", { name: "Choose a folder" }).click();
  await expect(runs).toContainText("folder:");
  await runs.getByRole("button", { name: run, exact: true }).click(); // none of its rows was read yet
  await expect(page).toHaveURL(/run=folder/);
  await page.evaluate(() => document.dispatchEvent(new Event("let-read")));
  release();
  await expect(page.getByRole("button", { name: `Run ${run}` })).toBeVisible();
});
