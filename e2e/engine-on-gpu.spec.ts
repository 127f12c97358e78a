import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { build } from "vite";
import type { EngineDevice, EngineFacts, GraphVariant } from "#inference/engine.ts";
import { createNodeEngine } from "#inference/fixtures/node-engine.ts";
import { loadNetwork, maxDifference, readNpy } from "#inference/fixtures/run-graph.ts";
import type { Network } from "#inference/network.ts";
import { readGraphNodes } from "#inference/onnx-nodes.ts";
import { type Lowering, lowerings, toOnnx } from "#inference/to-onnx.ts";
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

/** Padded and transposed; unpadded, nearest and a sigmoid; padded with batch norm and 6, 12, 18 channels; and all others that PyTorch's values are stored of. */
const networks = [
  { base: "demo", run: "vnc_mito_distance", iteration: 500, inputShape: [4, 16, 16] },
  { base: "demo", run: "vnc_affs", iteration: 1000, inputShape: [8, 44, 44] },
  { base: "e2e/fixtures/runs", run: "vnc_mito_distance_head", iteration: 60, inputShape: [4, 16, 16] },
  { base: "e2e/fixtures/runs", run: "vnc_rawgt_distance", iteration: 60, inputShape: [8, 24, 24] },
  { base: "../shared/runs", run: "vnc_affs_transposed", iteration: 60, inputShape: [8, 31, 31] },
  { base: "../shared/runs", run: "vnc_classes_onehot", iteration: 240, inputShape: [8, 24, 24] },
  { base: "../shared/runs", run: "vnc_membrane_distance", iteration: 600, inputShape: [4, 16, 16] },
] as const;

const storedBlocks = [
  { run: "vnc_rawgt_distance", iteration: 60, dataset: "vnc_crop_a" },
  { run: "vnc_classes_onehot", iteration: 240, dataset: "vnc_crop_a" },
  { run: "vnc_affs_transposed", iteration: 60, dataset: "vnc_crop_b" },
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

async function runOnGpu(page: Page, network: Network, variants: readonly GraphVariant[], input: readonly number[]) {
  const server = await startPlainServer({ "": folder });
  await page.goto(`${server.origin}index.html`);
  await page.waitForFunction(() => "runOnGpu" in window);
  const ran = await page.evaluate(
    ({ network, variants, input }) => (window as unknown as OnPage).runOnGpu(network, variants, input),
    { network, variants, input },
  );
  await server.stop();
  return ran;
}

/** Operators with how many nodes each has: the session is made with the processor ruled out, so where one runs all do. */
function toPlacement(network: Network, inputShape: readonly number[], lowering: Lowering): string {
  const counts = new Map<string, number>();
  for (const { operator } of readGraphNodes(toOnnx(network, { inputShape, lowering })).nodes)
    counts.set(operator, (counts.get(operator) ?? 0) + 1);
  return [...counts].map(([operator, count]) => `${count} ${operator}`).join(", ");
}

for (const { base, run, iteration, inputShape } of networks) {
  test(`${run} on WebGPU gives what the processor gives, in every lowering`, async ({ page }) => {
    test.setTimeout(240_000);
    test.skip(!existsSync(join(root, base)), `${base} is not here: ${run} is not run on the GPU.`);
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

    const { facts, outputs } = await runOnGpu(page, network, variants, input);
    expect(facts).toMatchObject({ device: "webgpu", software: true });
    const differences = outputs.map((output) =>
      maxDifference(Float32Array.from(output), expected?.data ?? new Float32Array()),
    );
    for (const [i, lowering] of lowerings.entries()) {
      console.info(
        `${run}, ${lowering}: ${toPlacement(network, inputShape, lowering)}, all on ${facts.fingerprint}, max difference ${differences[i]?.toExponential(1)}`,
      );
    }
    expect(differences).toHaveLength(lowerings.length);
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  });
}

for (const { run, iteration, dataset } of storedBlocks) {
  test(`${run} at ${iteration} on WebGPU gives what PyTorch gave for all of a stored block`, async ({ page }) => {
    test.setTimeout(240_000);
    const folder = join(root, "../shared/parity", run);
    test.skip(!existsSync(folder), "../shared/parity is not here: PyTorch's values are not compared with.");
    const raw = readNpy(join(folder, `input_${dataset}.npy`));
    const expected = readNpy(join(folder, `output_${iteration}_${dataset}.npy`));
    const network = loadNetwork(join(root, "../shared/runs"), run, iteration);
    const variant: GraphVariant = { inputShape: raw.shape.slice(2), lowering: "conv3d", precision: "f32" };
    const { outputs } = await runOnGpu(page, network, [variant], Array.from(raw.data));
    const difference = maxDifference(Float32Array.from(outputs[0] ?? []), expected.data);
    console.info(
      `${run} at ${iteration}, ${raw.shape.slice(2).join(" x ")}: ${difference.toExponential(1)} from PyTorch`,
    );
    expect(difference).toBeLessThan(1e-4);
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
