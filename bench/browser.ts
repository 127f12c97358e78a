import { type Browser, chromium } from "@playwright/test";
import { findBrowser, launchArguments } from "../e2e/browser.ts";

/**
 * WebGL needs an emulated graphics card here, which would draw the page itself as well: without one a browser draws pages
 * on the processor.
 */
const drawPagesPlainly = ["--disable-gpu-rasterization"];

/** A headless Chromium, or undefined (said on stderr) where this machine has none. */
export async function launchBrowser(): Promise<Browser | undefined> {
  const found = findBrowser();
  if (found === undefined) {
    console.error(
      "No Chromium is here: the benchmarks of the page are left out. Install one, or name it in CHROMIUM_PATH.",
    );
    return undefined;
  }
  return chromium.launch({ executablePath: found.path, args: [...launchArguments, ...drawPagesPlainly] });
}
