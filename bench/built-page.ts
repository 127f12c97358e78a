import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser } from "@playwright/test";
import { launchBrowser } from "./browser.ts";
import { type ServedRuns, serveRuns } from "./serve-runs.ts";

const root = resolve(import.meta.dirname, "..");
export const demoFolder = join(root, "demo");

export type BuiltPage = { readonly browser: Browser; readonly server: ServedRuns };

/** Calls `run` with a browser and the built page served over `base`; undefined (and said on stderr) where one of them is not here. */
export async function withBuiltPage<T>(base: string, run: (page: BuiltPage) => Promise<T>): Promise<T | undefined> {
  if (!existsSync(join(root, "dist/index.html"))) {
    console.error("The page is not built (npm run build): what is measured in it is left out.");
    return undefined;
  }
  const browser = await launchBrowser();
  if (browser === undefined) return undefined;
  const server = await serveRuns(base);
  try {
    return await run({ browser, server });
  } finally {
    await browser.close();
    await server.close();
  }
}
