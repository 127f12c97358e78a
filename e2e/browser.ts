import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

/** A Chromium that can be started, and what it calls itself. */
export type Browser = { readonly path: string; readonly version: string };

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];

const fixedPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  join(process.env.PROGRAMFILES ?? "C:/Program Files", "Google/Chrome/Application/chrome.exe"),
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where a browser may be, the surest first. */
function candidates(): readonly string[] {
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env.CHROMIUM_PATH ?? "", chromium.executablePath(), ...onPath, ...fixedPlaces].filter(
    (path) => path !== "",
  );
}

/** On Windows a browser does not tell its version on the command line. */
function toBrowser(path: string): Browser | undefined {
  if (process.platform === "win32") return { path, version: "Chromium" };
  const asked = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 30_000 });
  return asked.status === 0 ? { path, version: asked.stdout.trim() } : undefined;
}

/** @throws Error where `CHROMIUM_PATH` names something else than a browser. */
export function findBrowser(): Browser | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "" && !existsSync(named))
    throw new Error(`CHROMIUM_PATH is ${named}, where nothing is: correct or unset it.`);
  for (const path of candidates().filter(isExecutable)) {
    const browser = toBrowser(path);
    if (browser) return browser;
  }
  return undefined;
}

const isRoot = process.getuid?.() === 0;

function attempt(command: string, args: readonly string[]): void {
  spawnSync(command, args, { stdio: "inherit" });
}

/** Playwright's own download first, the system's package where that is not to be had. */
function installBrowser(): void {
  const withDeps = process.platform === "linux" && (isRoot || process.env.CI !== undefined) ? ["--with-deps"] : [];
  attempt(process.execPath, ["node_modules/playwright/cli.js", "install", ...withDeps, "chromium"]);
  if (findBrowser() || !isRoot || !existsSync("/usr/bin/apt-get")) return;
  attempt("apt-get", ["update", "-q"]);
  attempt("apt-get", ["install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-dejavu-core"]);
}

/** @throws Error where none is found and none can be installed. */
export function requireBrowser(): Browser {
  const found = findBrowser();
  if (found) return found;
  console.log("No Chromium found: installing one.");
  installBrowser();
  const installed = findBrowser();
  if (installed) return installed;
  throw new Error(
    "No Chromium is here and none could be installed: install Chromium or Chrome, or name one in CHROMIUM_PATH.",
  );
}

/** WebGL 2 without a graphics card, and no calls home. */
export const launchArguments: readonly string[] = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];

/**
 * The emulated graphics card would also put the page together, at the price of more than half of a story's time: without it a
 * browser does so on the processor. WebGL stays on the card.
 */
export const storyArguments: readonly string[] = [...launchArguments, "--disable-gpu-compositing"];
