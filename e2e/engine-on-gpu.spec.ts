import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";
import { build } from "vite";
import type { EngineDevice, EngineFacts, GraphVariant } from "#inference/engine.ts";
import { createNodeEngine } from "#inference/fixtures/node-engine.ts";
import { loadNetwork, maxDifference } from "#inference/fixtures/run-graph.ts";
import type { Network } from "#inference/network.ts";
import { lowerings } from "#inference/to-onnx.ts";
import { launchArguments, requireBrowser } from "./browser.ts";
import { startPlainServer } from "./plain-server.ts";

// The GPU is an emulated one, which is enough to see that every value is right, and that nothing runs on the processor instead: the
// engine refuses a graph that the GPU does not take whole.

const root = resolve(import.meta.dirname, "..");

test.use({
  launchOptions: {
    executablePath: requireBrowser().path,
    args: [...launchArguments, "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
  },
});

/** Padded and transposed; unpadded, nearest and a sigmoid; padded with batch norm and 6, 12, 18 channels. */
const networks = [
  { base: "demo", run: "vnc_mito_distance", iteration: 500, inputShape: [4, 16, 16] },
  { base: "demo", run: "vnc_affs", iteration: 1000, inputShape: [8, 44, 44] },
  { base: "e2e/fixtures/runs", run: "vnc_mito_distance_head", iteration: 60, inputShape: [4, 16, 16] },
] as const;

type OnPage = {
  runOnGpu(
    network: Network,
    variants: readonly GraphVariant[],
    input: readonly number[],
  ): Promise<{ facts: EngineFacts; outputs: number[][] }>;
  predict(network: Network, device: EngineDevice): Promise<number[]>;
  told: { tiles: number; recoveries: string[] };
};

let folder: string;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "engine-page-"));
  await build({
    configFile: join(root, "vite.config.ts"),
    root: join(root, "e2e/engine-page"),
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true },
  });
});

for (const { base, run, iteration, inputShape } of networks) {
  test(`${run} on WebGPU gives what the processor gives, in every lowering`, async ({ page }) => {
    test.setTimeout(240_000);
    const network = loadNetwork(join(root, base), run, iteration);
    const size = inputShape.reduce<number>((product, length) => product * length, 1);
    const input = Array.from({ length: size }, (_, i) => Math.fround(Math.sin(i * 12.9898) / 2 + 0.5));
    const variants = lowerings.map((lowering): GraphVariant => ({ inputShape, lowering, precision: "f32" }));
    const processor = createNodeEngine();
    await processor.load({ type: "network", network });
    const [expected] = await Promise.all(
      variants.slice(0, 1).map((variant) => processor.run(variant, Float32Array.from(input))),
    );
    processor.dispose();

    const server = await startPlainServer({ "": folder });
    await page.goto(`${server.origin}index.html`);
    await page.waitForFunction(() => "runOnGpu" in window);
    const { facts, outputs } = await page.evaluate(
      ({ network, variants, input }) => (window as unknown as OnPage).runOnGpu(network, variants, input),
      { network, variants, input },
    );
    await server.stop();
    expect(facts).toMatchObject({ device: "webgpu", software: true });
    const differences = outputs.map((output) =>
      maxDifference(Float32Array.from(output), expected?.data ?? new Float32Array()),
    );
    for (const [i, lowering] of lowerings.entries()) {
      console.info(
        `${run}, ${lowering}: all on ${facts.fingerprint}, max difference ${differences[i]?.toExponential(1)}`,
      );
    }
    expect(differences).toHaveLength(lowerings.length);
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  });
}

test("a GPU that dies in mid-run is replaced, and no value is lost", async ({ page, browser }) => {
  test.setTimeout(240_000);
  const network = loadNetwork(join(root, "e2e/fixtures/runs"), "vnc_rawgt_distance", 60);
  const server = await startPlainServer({ "": folder });
  await page.goto(`${server.origin}index.html`);
  await page.waitForFunction(() => "predict" in window);
  const predict = (device: EngineDevice) =>
    page.evaluate(({ network, device }) => (window as unknown as OnPage).predict(network, device), { network, device });
  const computed = predict("webgpu");
  await page.waitForFunction(() => (window as unknown as OnPage).told.tiles >= 2, undefined, { timeout: 120_000 });
  const { processInfo } = await (await browser.newBrowserCDPSession()).send("SystemInfo.getProcessInfo");
  const gpu = processInfo.find(({ type }) => type === "GPU");
  if (gpu === undefined) throw new Error("The browser has no GPU process.");
  process.kill(gpu.id, "SIGKILL");
  const values = await computed;
  expect(await page.evaluate(() => (window as unknown as OnPage).told.recoveries)).toEqual(["again"]);
  const expected = await predict("wasm");
  expect(values).toHaveLength(expected.length);
  expect(maxDifference(Float32Array.from(values), Float32Array.from(expected))).toBeLessThan(1e-4);
  await server.stop();
});
