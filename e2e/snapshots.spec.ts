import { createHash } from "node:crypto";
import { openDashboard, startDashboard } from "./dashboard.ts";
import { affinities, type Base, createBase, toAttributes, toLosses, toLossPickle, toRunYaml } from "./run-writer.ts";
import { openScreen, titlesOf, toScreen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";
import { startViewer, type ViewerProcess } from "./viewer-process.ts";

const only = `run=${toRunPath("vnc_affs_snapshot_only")}`;

test("what a training saw is looked at, moved through, and linked to", async ({ page }) => {
  const screen = await openScreen(page, only);
  await page.getByRole("button", { name: "Show the training snapshots" }).click();
  await expect(screen.timeline).toHaveAttribute("aria-valuetext", "iteration 10, training snapshot");
  await screen.settled();
  await expect(titlesOf(screen)).toHaveText([
    ...["raw", "gradients", "weight", "mask", "prediction", "target", "gt (really the target)"].map(
      (name) => `${name} in training at 10`,
    ),
  ]);
  await expect(screen.legend.getByRole("listitem").filter({ hasText: "prediction" })).toContainText(/boundary along/);
  await expect(page.getByRole("combobox", { name: "Dataset" })).toHaveValue(/training snapshots/);

  await screen.legend.getByRole("button", { name: /^Show target/ }).click();
  await screen.timeline.focus();
  await page.keyboard.press("Home");
  await expect(titlesOf(screen).first()).toHaveText("raw in training at 0");
  await screen.settled();
  await expect(screen.legend.getByRole("button", { name: "Hide target in training at 0" })).toBeVisible();
  await expect.poll(() => page.url()).toContain("snapshot=0");

  const url = page.url();
  await page.goto("about:blank");
  await page.goto(url);
  await toScreen(page).settled();
  await expect(screen.timeline).toHaveAttribute("aria-valuetext", "iteration 0, training snapshot");
  await expect(screen.legend.getByRole("button", { name: "Hide target in training at 0" })).toBeVisible();
});

test("a link to snapshots of a run that has none says so", async ({ page }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_affs")}&snapshot=10`);
  await expect(titlesOf(screen).first()).toHaveText(/raw of/);
  await expect(await screen.tab("Problems")).toContainText("vnc_affs has no whole snapshot");
});

const space = ["z", "y", "x"];
const shape = [4, 6, 8] as const;
const voxels = 4 * 6 * 8;

/** Every value tells its entry. `grown`: how many entries raw has, which may be one more than its list says. */
async function writeSnapshots(base: Base, iterations: readonly number[], grown = iterations.length): Promise<void> {
  const write = (name: string, channels: number, entries: number) =>
    base.writeArray(`a/snapshot.zarr/volumes/${name}`, {
      dtype: "<f4",
      shape: [entries, 1, channels, ...shape],
      chunks: [1, 1, channels, ...shape],
      at: (i) => Math.floor(i / (channels * voxels)),
      attributes: { ...toAttributes(["iterations^", "b^", "c^", ...space], [40, 4, 4]), iterations },
    });
  await base.write("a/snapshot.zarr/.zgroup", JSON.stringify({ zarr_format: 2 }));
  await write("raw", 1, grown);
  await write("prediction", 3, iterations.length);
}

/** As `read` hands them over. */
function hashOf(entry: number): string {
  return createHash("sha256")
    .update(new Uint8Array(new Float32Array(voxels).fill(entry).buffer))
    .digest("hex");
}

test.describe("a training that goes on", () => {
  let base: Base;
  let viewer: ViewerProcess;
  test.beforeAll(async () => {
    base = await createBase();
    await base.write("configs/runs/a.yaml", toRunYaml({ name: "a", task: affinities, datasets: [] }));
    await base.write("stats/training_stats/a", toLossPickle("a", toLosses(50)));
    await writeSnapshots(base, [0, 20, 40, 20, 40], 6);
    viewer = await startViewer([base.path]);
  });
  test.afterAll(async () => {
    await viewer.stop();
    await base.dispose();
  });

  test("its snapshots are tied to the losses, what a rewind undid is left out, and the newest is followed", async ({
    page,
  }) => {
    const screen = await openScreen(page, "run=data/0/a", viewer.origin);
    const panel = await screen.tab("Loss");
    const section = panel.getByRole("region", { name: "Training snapshots" });
    await section.getByRole("button", { name: "Show in the volumes" }).click();
    await expect(section).toContainText("Iteration 40 is shown; its loss was 0.02439");
    await expect(section).toContainText("2 entries are left out");
    await expect(screen.timeline).toHaveAttribute("aria-valuemax", "3");

    await panel
      .getByRole("img", { name: /^loss/ })
      .first()
      .click({ position: { x: 60, y: 100 } });
    await expect(section).toContainText("Iteration 0 is shown; its loss was 1.000");
    await screen.timeline.focus();
    await page.keyboard.press("ArrowRight");
    await expect(section).toContainText("Iteration 20 is shown");

    await section.getByRole("button", { name: "Back to the validation" }).click();
    await expect(titlesOf(screen)).toHaveCount(0);
    await section.getByRole("button", { name: "Show in the volumes" }).click();
    await expect(titlesOf(screen).first()).toHaveText("raw in training at 40");
    await writeSnapshots(base, [0, 20, 40, 20, 40, 60]);
    await page.getByRole("button", { name: /^What the volumes follow/ }).click();
    await page.getByRole("button", { name: "Check now" }).click();
    await expect(titlesOf(screen).first()).toHaveText("raw in training at 60");
  });

  test("the voxels are those of the last time that the iteration was trained", async ({ page }) => {
    const host = await startDashboard();
    await writeSnapshots(base, [0, 20, 40, 20, 40], 6);
    for (const [iteration, entry] of [
      [20, 3],
      [40, 4],
      [0, 0],
    ] as const) {
      const dashboard = await openDashboard(page, host.origin, viewer.origin, `run=data/0/a&snapshot=${iteration}`);
      await dashboard.settled();
      const block = await dashboard.read("raw", [0, 0, 0], shape);
      expect(block.sha256, `iteration ${iteration}`).toBe(hashOf(entry));
    }
    await host.stop();
  });
});
