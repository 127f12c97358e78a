import { mkdtempSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { build } from "vite";
import type { EngineFacts } from "#inference/engine.ts";
import { loadNetwork, maxDifference } from "#inference/fixtures/run-graph.ts";
import type { Network } from "#inference/network.ts";
import { launchArguments, requireBrowser } from "./browser.ts";
import { startPlainServer, staticHost } from "./plain-server.ts";

// Threads share memory only in a page that is isolated from others: there the processor's engine takes them, and gives the same values.

const root = resolve(import.meta.dirname, "..");

test.use({ launchOptions: { executablePath: requireBrowser().path, args: [...launchArguments] } });

type Ran = { readonly facts: EngineFacts; readonly output: number[]; readonly milliseconds: number[] };
type Threads = { readonly maxThreads: number; readonly times: number };
type OnPage = {
  runOnProcessor(network: Network, shape: readonly number[], input: readonly number[], how: Threads): Promise<Ran>;
};

const inputShape = [20, 92, 92];
const input = Array.from({ length: 20 * 92 * 92 }, (_, i) => Math.fround(Math.sin(i * 12.9898) / 2 + 0.5));

let folder: string;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "engine-threads-"));
  await build({
    configFile: join(root, "vite.config.ts"),
    root: join(root, "e2e/engine-page"),
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true },
  });
});

async function run(page: Page, isolated: boolean, how: Threads): Promise<Ran> {
  const server = await startPlainServer({ "": folder }, { ...staticHost, isolated });
  await page.goto(`${server.origin}index.html`);
  await page.waitForFunction(() => "runOnProcessor" in window);
  const network = loadNetwork(join(root, "demo"), "vnc_affs", 1000);
  const ran = await page.evaluate(
    ({ network, inputShape, input, how }) =>
      (window as unknown as OnPage).runOnProcessor(network, inputShape, input, how),
    { network, inputShape, input, how },
  );
  await server.stop();
  return ran;
}

const fastest = ({ milliseconds }: Ran) => Math.round(Math.min(...milliseconds));

test("all threads of the processor give what one gives", async ({ page }) => {
  test.setTimeout(180_000);
  const many = await run(page, true, { maxThreads: 16, times: 5 });
  const one = await run(page, true, { maxThreads: 1, times: 5 });
  const alone = await run(page, false, { maxThreads: 16, times: 1 });
  console.info(`${many.facts.threads} threads: ${fastest(many)} ms a block, one thread: ${fastest(one)} ms`);
  const cores = availableParallelism();
  expect(many.facts).toMatchObject({ threads: Math.min(16, cores), reason: expect.stringMatching(/threads? of/) });
  expect(one.facts).toMatchObject({ threads: 1, reason: "On one thread of the processor." });
  expect(alone.facts).toMatchObject({ threads: 1, reason: expect.stringContaining("not isolated") });
  expect(many.output.length).toBeGreaterThan(1000);
  expect(maxDifference(Float32Array.from(many.output), Float32Array.from(one.output))).toBeLessThan(1e-6);
  expect(maxDifference(Float32Array.from(alone.output), Float32Array.from(one.output))).toBe(0);
});
