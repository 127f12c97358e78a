import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { type Base, createBase } from "./run-writer.ts";
import { openScreen, type Screen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";
import { startViewer } from "./viewer-process.ts";

// What a page computes is worth what it was compared with: the badge, the refusal, and what upstream itself cannot reproduce.

test.use({ viewport: { width: 1100, height: 700 } });

type Started = { readonly screen: Screen; readonly section: Locator };

/** Runs the shown iteration on the processor, from the Network tab. */
async function startOn(page: Page, query: string, origin?: string): Promise<Started> {
  const screen = await openScreen(page, query, origin);
  const network = await screen.tab("Network");
  const section = network.getByRole("region", { name: "Run it here" });
  await section.getByRole("combobox", { name: "Device to run on" }).selectOption("processor");
  await section.getByRole("button", { name: /^Run on / }).click();
  return { screen, section };
}

/** A copy of the demo in which the prediction stored at 1000 is that of 500. */
async function writeMixedUp(): Promise<Base> {
  const base = await createBase();
  const demo = resolve(import.meta.dirname, "..", "demo");
  await cp(demo, base.path, { recursive: true });
  const at = (iteration: number) =>
    join(base.path, "vnc_mito_distance/validation.zarr", String(iteration), "vnc_crop_b/prediction");
  await base.remove("vnc_mito_distance/validation.zarr/1000/vnc_crop_b/prediction");
  await cp(at(500), at(1000), { recursive: true });
  return base;
}

test("a prediction that is far from the stored one is hidden and says why, until a person insists", async ({
  page,
}) => {
  const base = await writeMixedUp();
  const viewer = await startViewer([base.path]);
  const query = "run=data/0/vnc_mito_distance&dataset=vnc_crop_b&iteration=1000";
  const { screen, section } = await startOn(page, query, viewer.origin);
  await expect(section.getByRole("alert")).toContainText(
    /wrong, max difference .* The largest difference to the prediction that the run stored is 0\.\d+/,
  );
  const inference = screen.legend.getByRole("listitem").filter({ hasText: "inference at 1000" });
  await expect(inference).toHaveAttribute("data-visible", "false");
  await expect(inference.getByRole("img")).toHaveAccessibleName(/not what the network gives/);
  await section.getByRole("button", { name: "Show it anyway" }).click();
  await expect(inference).toHaveAttribute("data-visible", "true");
  await expect(section.getByText(/^All that is in view is there: [1-9]/)).toBeVisible();
  await viewer.stop();
  await base.dispose();
});

test("what was compared once on a device is remembered", async ({ page }) => {
  const query = `run=${toRunPath("vnc_mito_distance")}&dataset=vnc_crop_b&iteration=1000`;
  const first = await startOn(page, query);
  await expect(first.section.getByText(/^agrees, max difference/)).toBeVisible();
  await expect(first.section.getByText(/earlier visit/)).toHaveCount(0);
  await page.goto("about:blank");
  const second = await startOn(page, query);
  await expect(second.section.getByText(/earlier visit/)).toBeVisible();
});

test("batch norm: a difference that DaCapo's own validation makes is no fault of the device", async ({ page }) => {
  const query = `run=${toRunPath("vnc_mito_distance_head")}&dataset=vnc_crop_a&iteration=60`;
  const { section } = await startOn(page, query);
  await expect(section.getByText(/^not comparable, max difference/)).toBeVisible();
  await expect(section.getByText(/batch norm, whose running statistics DaCapo changes/)).toBeVisible();
  await expect(section.getByText(/^All that is in view is there: [1-9]/)).toBeVisible();
});
