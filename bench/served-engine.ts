import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { build } from "vite";
import { findBrowser, launchArguments } from "../e2e/browser.ts";
import { startPlainServer, staticHost } from "../e2e/plain-server.ts";
import type { EnginePage } from "./engine-page/main.ts";
import { cacheFolder } from "./training-pickle-parse.ts";

const root = resolve(import.meta.dirname, "..");
const folder = join(cacheFolder, "engine-page");

const toServed = (name = ""): string => (name.endsWith(".mjs") ? ".js" : "[extname]");

async function buildEnginePage(): Promise<void> {
  await build({
    configFile: join(root, "vite.config.ts"),
    root: join(root, "bench/engine-page"),
    logLevel: "error",
    build: {
      outDir: folder,
      emptyOutDir: true,
      // the server knows no .mjs, as many do not
      rolldownOptions: { output: { assetFileNames: ({ names }) => `assets/[name]-[hash]${toServed(names[0])}` } },
    },
  });
}

export type ServedEngine = {
  /** A page of its own: what one measures leaves nothing behind for the next. */
  readonly openPage: () => Promise<EnginePage>;
  readonly version: string;
};

/** Calls `run` with pages that have an engine and nothing else, isolated from others; undefined (and said on stderr) without a browser. */
export async function withEnginePages<T>(
  browserArguments: readonly string[],
  run: (served: ServedEngine) => Promise<T>,
): Promise<T | undefined> {
  const found = findBrowser();
  if (found === undefined) {
    console.error("No Chromium is here: inference is not measured. Install one, or name it in CHROMIUM_PATH.");
    return undefined;
  }
  await buildEnginePage();
  const server = await startPlainServer({ "": folder }, { ...staticHost, isolated: true });
  const args = [...launchArguments, ...browserArguments];
  const browser = await chromium.launch({ executablePath: found.path, args });
  try {
    return await run({ openPage: () => openPage(browser, server.origin), version: found.version });
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function openPage(browser: Browser, origin: string): Promise<EnginePage> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${origin}index.html`);
  await page.waitForFunction(() => "enginePage" in window);
  const { close, ...functions } = toFunctions(page);
  const closeAll = async () => {
    await close();
    await page.context().close();
  };
  return { ...functions, close: closeAll };
}

/** The page's own functions, called from here: arguments and answers are plain values. */
function toFunctions(page: Page): EnginePage {
  type Functions = Record<string, (...args: readonly unknown[]) => unknown>;
  const call =
    (name: keyof EnginePage) =>
    (...args: readonly unknown[]) =>
      page.evaluate(([name, args]) => (window as unknown as { enginePage: Functions }).enginePage[name]?.(...args), [
        name,
        args,
      ] as const);
  const names = ["open", "prepare", "run", "output", "memoryBytes", "gpuCounts", "close"] as const;
  return Object.fromEntries(names.map((name) => [name, call(name)])) as unknown as EnginePage;
}
