import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Page } from "@playwright/test";
import { loadNetwork } from "#inference/fixtures/run-graph.ts";
import { toOnnx } from "#inference/to-onnx.ts";
import type { Dashboard } from "./dashboard.ts";
import { test as base } from "./hosting.ts";
import { toPackage } from "./package-writer.ts";
import { type PlainServer, startPlainServer, staticHost } from "./plain-server.ts";
import { openScreen, titlesOf } from "./screen.ts";
import type { State } from "./state-schema.ts";
import { expect, toRunPath } from "./story.ts";
import { toZip } from "./zip-writer.ts";

// Models of one's own: an .onnx file runs in the page, and gives what its network gave.

/** A folder of model files on a server of another origin; those of a demo run's checkpoints are written by us. */
const test = base.extend<{ readonly shelf: PlainServer }, { readonly folder: string }>({
  folder: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), "models-"));
      for (const run of ["vnc_affs", "vnc_mito_distance"] as const) {
        const network = loadNetwork("demo", run, 1000);
        const inputShape = network.shapes.evalInputShape;
        await writeFile(join(folder, `${run}.onnx`), toOnnx(network, { inputShape }));
      }
      const parts = await toPackage(loadNetwork("demo", "vnc_affs", 1000));
      await writeFile(join(folder, "neurites.zip"), toZip(parts));
      await mkdir(join(folder, "package"));
      for (const [name, bytes] of Object.entries(parts)) await writeFile(join(folder, "package", name), bytes);
      await writeFile(join(folder, "notes.onnx"), "<html>no model</html>");
      await writeFile(
        join(folder, "torn.onnx"),
        toOnnx(loadNetwork("demo", "vnc_affs", 1000), tornAt).subarray(0, 5000),
      );
      await use(folder);
      await rm(folder, { recursive: true });
    },
    { scope: "worker" },
  ],
  shelf: async ({ folder }, use) => {
    const server = await startPlainServer({ "": folder }, { ...staticHost, range: "whole" });
    await use(server);
    await server.stop();
  },
});

const tornAt = { inputShape: [14, 116, 116] };

const ends = { vnc_affs: [6, 88, 104], vnc_mito_distance: [8, 96, 80] } as const;

type Asking = {
  ask(message: Record<string, unknown>): Promise<{ shape: number[]; dtype: string; data: ArrayBuffer }>;
};

/** Reads the same voxels of both layers in the host page. */
async function difference(page: Page, end: readonly number[]): Promise<{ count: number; largest: number }> {
  return page.evaluate(async (last) => {
    const read = async (layer: string) => {
      const block = await (window as unknown as Asking).ask({ type: "read", layer, begin: [0, 0, 0], end: last });
      if (!block.dtype?.endsWith("f4")) throw new Error(`Instead of floats came: ${JSON.stringify(block)}`);
      return new Float32Array(block.data);
    };
    const [computed, stored] = [await read("inference"), await read("prediction")];
    const differences = stored.map((value, i) => Math.abs(value - (computed[i] ?? Number.NaN)));
    const worst = differences.reduce((most, each) => Math.max(most, each), 0);
    return { count: stored.length, largest: Number.isNaN(worst) ? Number.MAX_VALUE : worst };
  }, end);
}

const isDone = ({ settled, inference }: State) =>
  settled && inference?.status === "idle" && inference.blocksDone > 0 && inference.blocksQueued === 0;

async function openDemo(
  open: (query: string) => Promise<Dashboard>,
  run: "vnc_affs" | "vnc_mito_distance",
): Promise<Dashboard> {
  const dashboard = await open(`run=${toRunPath(run)}`);
  await dashboard.settled();
  await dashboard.ask("select", { dataset: "vnc_crop_b", iteration: 1000 });
  return dashboard;
}

for (const run of ["vnc_mito_distance", "vnc_affs"] as const) {
  test(`infer with the URL of an .onnx of ${run} gives the prediction that its network gave`, async ({
    open,
    page,
    shelf,
  }) => {
    const dashboard = await openDemo(open, run);
    const url = `${shelf.origin}${run}.onnx`;
    const reply = await dashboard.ask("infer", { model: { url }, dataset: "vnc_crop_b", device: "wasm" });
    expect(reply, JSON.stringify(reply)).toMatchObject({
      type: "state",
      state: { inference: { device: "wasm", model: `${run}.onnx` } },
    });
    const { layers } = await dashboard.until(isDone, "all that is in view is computed");
    expect(layers.find(({ name }) => name === "inference")).toMatchObject({ source: url });
    const { count, largest } = await difference(page, ends[run]);
    expect(count).toBeGreaterThan(50_000);
    expect(largest).toBeLessThanOrEqual(1e-4);
    await dashboard.check();
  });
}

for (const path of ["package/rdf.yaml", "package/", "neurites.zip"]) {
  test(`infer with the bioimage.io package ${path} gives what its network gave, values made whole for it`, async ({
    open,
    page,
    shelf,
  }) => {
    const dashboard = await openDemo(open, "vnc_affs");
    const url = `${shelf.origin}${path}`;
    const reply = await dashboard.ask("infer", { model: { url }, dataset: "vnc_crop_b", device: "wasm" });
    expect(reply, JSON.stringify(reply)).toMatchObject({ type: "state", state: { inference: { device: "wasm" } } });
    await dashboard.until(isDone, "all that is in view is computed");
    expect((await difference(page, ends.vnc_affs)).largest).toBeLessThanOrEqual(1e-4);
  });
}

test("infer with what is no model, or half of one, says so in a sentence and leaves the view alone", async ({
  open,
  shelf,
}) => {
  const dashboard = await openDemo(open, "vnc_affs");
  const before = await dashboard.settled();
  for (const [name, words] of [
    ["notes.onnx", /web page|no model/],
    ["torn.onnx", /stops before its end/],
    ["missing.onnx", /No file is at/],
  ] as const) {
    const url = `${shelf.origin}${name}`;
    const reply = await dashboard.ask("infer", { model: { url }, dataset: "vnc_crop_b", device: "wasm" });
    expect(reply).toMatchObject({ type: "error", subject: url });
    expect(String(reply.code)).toMatch(/^[a-z-]+$/);
    expect(String(reply.message)).toMatch(words);
    expect(String(reply.message)).toMatch(/^\S.*\.$/s);
  }
  expect((await dashboard.settled()).layers).toEqual(before.layers);
});

test.describe("on the whole page", () => {
  test.use({ viewport: { width: 1200, height: 800 } });

  /** As a file manager would drop it. */
  async function drop(page: Page, path: string): Promise<void> {
    const name = basename(path);
    const base64 = (await readFile(path)).toString("base64");
    const transfer = await page.evaluateHandle(
      async ([file, content]) => {
        const bytes = await (await fetch(`data:application/octet-stream;base64,${content}`)).arrayBuffer();
        const held = new DataTransfer();
        held.items.add(new File([bytes], file ?? ""));
        return held;
      },
      [name, base64],
    );
    await page.dispatchEvent(".dv-drop-zone", "drop", { dataTransfer: transfer });
  }

  test("a dropped .onnx is described, runs on the shown dataset, and gives what the run stored", async ({
    page,
    folder,
  }) => {
    const screen = await openScreen(page, `run=${toRunPath("vnc_mito_distance")}&dataset=vnc_crop_b&iteration=1000`);
    await drop(page, join(folder, "vnc_mito_distance.onnx"));
    const section = screen.panel.getByRole("region", { name: "Run it here" });
    const card = section.getByRole("region", { name: "Model vnc_mito_distance.onnx" });
    await expect(card).toContainText("raw: 1 × 1 × 8 × 112 × 112, float32");
    await expect(section.getByRole("combobox", { name: "Network to run" })).toHaveValue(/^model/);
    await section.getByRole("combobox", { name: "Device to run on" }).selectOption("processor");
    await section.getByRole("button", { name: "Run on vnc_crop_b" }).click();
    await expect(section.getByText(/^All that is in view is there: [1-9]\d* blocks? done$/)).toBeVisible();
    await expect(titlesOf(screen).filter({ hasText: "inference of vnc_mito_distance.onnx" })).toHaveCount(1);
    await section.getByRole("button", { name: "Remove" }).click();
    await expect(card).toHaveCount(0);
  });

  test("a dropped bioimage.io package is held against the tensor that came with it", async ({ page, folder }) => {
    const screen = await openScreen(page, `run=${toRunPath("vnc_affs")}&dataset=vnc_crop_b&iteration=1000`);
    await drop(page, join(folder, "neurites.zip"));
    const section = screen.panel.getByRole("region", { name: "Run it here" });
    await expect(section.getByRole("region", { name: "Model neurites.zip" })).toContainText(
      "Neurites, bioimage.io 0.5.3",
    );
    await section.getByRole("combobox", { name: "Device to run on" }).selectOption("processor");
    await section.getByRole("button", { name: "Run on vnc_crop_b" }).click();
    await expect(section.getByText(/agrees, max difference \d\.\de[-+]\d+/)).toBeVisible();
    await expect(section.getByText("the sample that came with the model")).toBeVisible();
    await expect(section.getByText("As the package says: times 255, then scaled.")).toBeVisible();
  });

  test("a file that is no model says so where it was dropped to, and can be taken away", async ({ page, folder }) => {
    const screen = await openScreen(page, `run=${toRunPath("vnc_affs")}`);
    await drop(page, join(folder, "torn.onnx"));
    const card = screen.panel.getByRole("region", { name: "Model torn.onnx" });
    await expect(card.getByRole("alert")).toContainText("stops before its end");
    await expect(screen.panel.getByRole("button", { name: /^Run on/ })).toBeDisabled();
    await card.getByRole("button", { name: "Remove" }).click();
    await expect(screen.panel.getByRole("button", { name: /^Run on/ })).toBeEnabled();
  });

  test("a model is chosen by its address, without a drop", async ({ page, shelf }) => {
    const screen = await openScreen(page, `run=${toRunPath("vnc_affs")}&dataset=vnc_crop_b`);
    const network = await screen.tab("Network");
    await network.getByRole("button", { name: "Add a model" }).click();
    await page.getByRole("textbox", { name: "Address of a model" }).fill(`${shelf.origin}vnc_affs.onnx`);
    await page.keyboard.press("Enter");
    await expect(network.getByRole("region", { name: "Model vnc_affs.onnx" })).toContainText("weights");
  });
});
