import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { requireBrowser } from "../e2e/browser.ts";
import type { Counts } from "./test-counts.ts";
import { readPlaywrightCounts, readVitestCounts, sumCounts, toLastLine } from "./test-counts.ts";

const root = resolve(import.meta.dirname, "..");
const reports = await mkdtemp(join(tmpdir(), "viewer-tests-"));

/** Runs an npm script with its output as it comes. @returns its exit status, 1 where it was killed. */
async function runScript(
  name: string,
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  console.log(`\n> ${[name, ...words].join(" ")}`);
  const shell = process.platform === "win32";
  const child = spawn("npm", ["run", "--silent", name, "--", ...words], {
    cwd: root,
    stdio: "inherit",
    shell,
    env: { ...process.env, NODE_ENV: undefined, ...env },
  });
  await once(child, "close");
  return child.exitCode ?? 1;
}

const readReport = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(path, "utf8").catch(() => "null"));

/** A check that passes or fails as a whole. */
async function runCheck(name: string): Promise<Counts> {
  return (await runScript(name)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runUnitTests(): Promise<Counts> {
  const report = join(reports, "unit.json");
  const status = await runScript("unit", ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`]);
  return readVitestCounts(await readReport(report), status);
}

async function build(): Promise<boolean> {
  const statuses = await Promise.all([runScript("build"), runScript("build:lib")]);
  return statuses.every((status) => status === 0);
}

async function runStories(project: "together" | "alone"): Promise<Counts> {
  const report = join(reports, `${project}.json`);
  const status = await runScript("e2e", [`--project=${project}`, "--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    CHROMIUM_PATH: requireBrowser().path,
  });
  return readPlaywrightCounts(await readReport(report), status);
}

async function runBrowserTests(): Promise<Counts> {
  if (!(await build())) return { passed: 0, failed: 1 };
  const browser = requireBrowser();
  console.log(`\nBrowser tests in ${browser.version} (${browser.path})`);
  return sumCounts([await runStories("together"), await runStories("alone")]);
}

/** A step that cannot even start is one failure, and the steps after it still run. */
async function orFailed(step: () => Promise<Counts>): Promise<Counts> {
  return step().catch((cause: unknown) => {
    console.error(cause instanceof Error ? cause.message : cause);
    return { passed: 0, failed: 1 };
  });
}

const counts: Counts[] = [];
for (const step of [() => runCheck("types"), () => runCheck("lint"), runUnitTests, runBrowserTests])
  counts.push(await orFailed(step));
await rm(reports, { recursive: true });
const total = sumCounts(counts);
console.log(`\n${toLastLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
