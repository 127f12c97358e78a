import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import type { Dashboard } from "./dashboard.ts";
import { test } from "./hosting.ts";
import { startPlainServer, staticHost } from "./plain-server.ts";
import { openScreen, titlesOf } from "./screen.ts";
import type { State } from "./state-schema.ts";
import { expect, toRunPath } from "./story.ts";

// The public contract, section 4, `infer`: a checkpoint runs in the page and gives what DaCapo stored.

const demo = resolve(import.meta.dirname, "..", "demo");

/** The last place that a stored prediction of a demo run has, z, y, x, of vnc_crop_b. */
const ends = { vnc_affs: [6, 88, 104], vnc_mito_distance: [8, 96, 80] } as const;
const runs = ["vnc_mito_distance", "vnc_affs"] as const;

type Asking = {
  ask(message: Record<string, unknown>): Promise<{ shape: number[]; dtype: string; data: ArrayBuffer }>;
};
type Difference = { readonly count: number; readonly largest: number; readonly spread: number };

/** Reads the same voxels of both in the host page; `spread` is that of the stored values. */
async function compare(page: Page, end: readonly number[]): Promise<Difference> {
  return page.evaluate(async (last) => {
    const read = async (layer: string) => {
      const block = await (window as unknown as Asking).ask({ type: "read", layer, begin: [0, 0, 0], end: last });
      if (!block.dtype?.endsWith("f4")) throw new Error(`Instead of floats came: ${JSON.stringify(block)}`);
      return new Float32Array(block.data);
    };
    const [computed, stored] = [await read("inference"), await read("prediction")];
    if (computed.length !== stored.length) throw new Error(`${computed.length} values, not ${stored.length}.`);
    const differences = stored.map((value, index) => Math.abs(value - (computed[index] ?? Number.NaN)));
    const worst = differences.reduce((most, each) => Math.max(most, each), 0); // NaN stays
    const largest = Number.isNaN(worst) ? Number.MAX_VALUE : worst;
    const spread = stored.reduce((a, b) => Math.max(a, b)) - stored.reduce((a, b) => Math.min(a, b));
    return { count: stored.length, largest, spread };
  }, end);
}

async function expectStored(dashboard: Dashboard, page: Page, run: (typeof runs)[number]): Promise<void> {
  await dashboard.settled();
  await dashboard.ask("select", { dataset: "vnc_crop_b", iteration: 1000 });
  const reply = await dashboard.ask("infer", { model: { iteration: 1000 }, dataset: "vnc_crop_b", device: "wasm" });
  expect(reply, JSON.stringify(reply)).toMatchObject({ type: "state", state: { inference: { device: "wasm" } } });
  const isDone = ({ settled, inference }: State) =>
    settled && inference?.status === "idle" && inference.blocksDone > 0 && inference.blocksQueued === 0;
  const { layers } = await dashboard.until(isDone, "all that is in view is computed");
  expect(layers.map(({ name }) => name)).toContain("inference");
  const { count, largest, spread } = await compare(page, ends[run]);
  expect(count % ends[run].reduce((product, length) => product * length, 1)).toBe(0);
  expect(spread, "the stored values differ among each other").toBeGreaterThan(0.1);
  expect(largest).toBeLessThanOrEqual(1e-4);
  await dashboard.check();
}

for (const run of runs) {
  test(`infer at 1000 of ${run} gives the prediction that DaCapo stored`, async ({ open, page }) => {
    await expectStored(await open(`run=${toRunPath(run)}`), page, run);
  });
}

test("infer from a server that ignores ranges and lists nothing gives the same", async ({ open, page }) => {
  const server = await startPlainServer({ "": demo }, { ...staticHost, range: "whole" });
  const url = encodeURIComponent(`${server.origin}vnc_mito_distance`);
  await expectStored(await open(`run=${url}&dataset=vnc_crop_b`), page, "vnc_mito_distance");
  await server.stop();
});

test("infer from a checkpoint that is not there says so, and leaves the view alone", async ({ open }) => {
  const dashboard = await open(`run=${toRunPath("vnc_affs")}`);
  const before = await dashboard.settled();
  const reply = await dashboard.ask("infer", { model: { iteration: 5 }, device: "wasm" });
  expect(reply).toMatchObject({ type: "error" });
  expect(String(reply.message)).toMatch(/^[A-Z].* 5 .*\.$/);
  expect(await dashboard.settled()).toEqual(before);
});

test.describe("on the whole page", () => {
  test.use({ viewport: { width: 1100, height: 700 } });

  test("a person runs the network in the Network tab, and is told how far it agrees", async ({ page }) => {
    const screen = await openScreen(page, `run=${toRunPath("vnc_mito_distance")}`);
    const network = await screen.tab("Network");
    const section = network.getByRole("region", { name: "Run it here" });
    await section.getByRole("combobox", { name: "Device to run on" }).selectOption("processor");
    await section.getByRole("button", { name: /^Run on vnc_crop_/ }).click();
    await expect(section.getByText(/^All that is in view is there: [1-9]\d* blocks? done$/)).toBeVisible();
    await expect(section.getByText(/^agrees, max difference \d\.\de-\d+$/)).toBeVisible();
    await expect(titlesOf(screen).filter({ hasText: /inference at \d+/ })).toHaveCount(1);
    await section.getByRole("button", { name: "Close" }).click();
    await expect(titlesOf(screen).filter({ hasText: "inference" })).toHaveCount(0);
  });
});
