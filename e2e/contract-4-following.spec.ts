import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { type Dashboard, type DashboardServer, openDashboard } from "./dashboard.ts";
import { startGatedServer } from "./gated-server.ts";
import { test, watershed } from "./hosting.ts";
import {
  affinities,
  createBase,
  toAttributes,
  toRunYaml,
  toScorePickle,
  writeInputs,
  writeVolumes,
} from "./run-writer.ts";
import { expect } from "./story.ts";
import { startTraining } from "./training-process.ts";
import { startViewer } from "./viewer-process.ts";

// The public contract, section 4: what a host is told unasked, and that `settled` is exact.

const root = resolve(import.meta.dirname, "..");

test.describe("following", () => {
  test.setTimeout(150_000);
  test("validation and best are told while another process writes the run, and settled stays exact", async ({
    page,
    host,
  }) => {
    const training = await startTraining(resolve(root, "demo"), "vnc_affs");
    await training.advance("200 validation_scores written again");
    const server = await startViewer([training.base]);
    const dashboard = await openDashboard(page, host.origin, server.origin, "run=data/0/vnc_affs");
    const first = await dashboard.settled();
    expect(first.runs[0]).toMatchObject({ validationIterations: [200], volumeIterations: [200], checkpoints: [200] });
    expect(await dashboard.received("validation")).toEqual([]);
    await training.advance("400 vnc_crop_b prediction block 1");
    await dashboard.until(({ runs }) => runs[0]?.trainedUntil === 400, "losses until 400");
    await training.advance("400 validation_scores torn again");
    await training.advance("400 validation_scores written again");
    await dashboard.until(({ runs }) => runs[0]?.validatedUntil === 400, "scores of 400");
    const { runs, selection } = await dashboard.settled();
    const url = runs[0]?.url;
    const validations = (await dashboard.received("validation")).map(({ message }) => message);
    expect(validations).toMatchObject([{ run: url, iteration: 400 }]);
    const told = (await dashboard.received("best")).map(({ message }) => message);
    const bests = runs[0]?.best.filter(({ iteration }) => iteration === 400) ?? [];
    for (const best of bests) expect(told).toContainEqual(expect.objectContaining({ run: url, ...best }));
    for (const { message } of await dashboard.received("best"))
      expect(message).toMatchObject({ run: url, iteration: 400, score: expect.any(Number) });
    expect(selection.iteration).toBe(
      runs[0]?.best.find((best) => best.dataset === selection.dataset && best.criterion === "voi")?.iteration,
    );
    await dashboard.check();
    await server.stop();
    await training.stop();
  });
});

test.describe("settled", () => {
  const shape = [16, 256, 256];
  async function openGated(page: Page, host: DashboardServer, viewer: string, held: RegExp) {
    const runs = await createBase();
    const attributes = toAttributes(["z", "y", "x"], [40, 4, 4]);
    const array = { dtype: "|u1", shape, chunks: [4, 64, 64], at: (i: number) => i % 251, attributes } as const;
    await writeInputs(runs, "gated", "a");
    await runs.remove("gated/validation.zarr/inputs/a/raw");
    await runs.writeArray("gated/validation.zarr/inputs/a/raw", array);
    await runs.write("configs/runs/gated.yaml", toRunYaml({ name: "gated", task: affinities, datasets: ["a"] }));
    for (const iteration of [200, 400]) await writeVolumes(runs, "gated", iteration, "ds_a", [watershed(0, "0.1")]);
    const scores = [Array.from({ length: 5 }, () => [2, 2, 2])];
    const rows = [200, 400].map((iteration) => ({ iteration, scores }));
    await runs.write("stats/validation_scores/gated", toScorePickle("gated", rows));
    const server = await startGatedServer(runs.path);
    server.hold(held);
    const dashboard = await openDashboard(
      page,
      host.origin,
      viewer,
      `run=${encodeURIComponent(`${server.origin}gated`)}`,
    );
    const done = async () => {
      await server.stop();
      await runs.dispose();
    };
    return { server, dashboard, done };
  }

  /** Half a second of looking often: never settled, although everything else has come to rest. */
  async function staysUnsettled(page: Page, dashboard: Dashboard): Promise<void> {
    for (let i = 0; i < 10; i++) {
      expect((await dashboard.state()).settled).toBe(false);
      await page.waitForTimeout(50);
    }
  }

  test("is never true while a chunk of raw is missing", async ({ page, host, viewer }) => {
    const { server, dashboard, done } = await openGated(page, host, viewer.origin, /inputs\/a\/raw\/\d/);
    await expect.poll(() => server.waiting()).toBeGreaterThan(0);
    await dashboard.until(({ runs }) => runs[0]?.status !== "loading", "loaded");
    await staysUnsettled(page, dashboard);
    server.release();
    await dashboard.settled(10_000);
    const messages = (await dashboard.received("state")).map(
      ({ message }) => message as unknown as { state: { settled: boolean } },
    );
    const firstTrue = messages.findIndex(({ state }) => state.settled);
    expect(messages.slice(firstTrue).every(({ state }) => state.settled)).toBe(true);
    await done();
  });

  test("is never true while a swap is pending", async ({ page, host, viewer }) => {
    const { server, dashboard, done } = await openGated(page, host, viewer.origin, /never/);
    await dashboard.settled();
    server.hold(/400\/ds_a\/prediction\/0\/0\/0\/0$/);
    const reply = await dashboard.ask("select", { iteration: 400 });
    expect(reply).toMatchObject({ type: "state", state: { settled: false, selection: { iteration: 400 } } });
    await expect.poll(() => server.waiting()).toBe(1);
    await staysUnsettled(page, dashboard);
    server.release();
    const { layers } = await dashboard.settled(10_000);
    expect(layers.find(({ name }) => name === "prediction")?.iteration).toBe(400);
    await done();
  });

  test("is false at once when the view moves to chunks that are not there yet", async ({ page, host, viewer }) => {
    const { server, dashboard, done } = await openGated(page, host, viewer.origin, /never/);
    await dashboard.settled();
    server.hold(/inputs\/a\/raw\/3\//);
    const reply = await dashboard.ask("setView", { view: { position: [15 * 40 + 20, 512, 512] } });
    expect(reply).toMatchObject({ type: "state", state: { settled: false } });
    await expect.poll(() => server.waiting()).toBeGreaterThan(0);
    await staysUnsettled(page, dashboard);
    server.release();
    await dashboard.settled(10_000);
    await done();
  });

  test("becomes true when a chunk fails for good", async ({ page, host, viewer }) => {
    const { server, dashboard, done } = await openGated(page, host, viewer.origin, /inputs\/a\/raw\/\d/);
    await expect.poll(() => server.waiting()).toBeGreaterThan(0);
    await server.stop();
    await dashboard.settled(30_000);
    await done();
  });
});
