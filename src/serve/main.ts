import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Arguments, parseArguments, usage } from "./arguments.ts";
import type { Served } from "./data-handler.ts";
import { openBrowser } from "./open-browser.ts";
import { toOpeningUrl } from "./opening-url.ts";
import { DirectoryError, openServedDirectory } from "./served-directory.ts";
import { ListenError, type RunningServer, startServer } from "./server.ts";

/** The project's root: this file is built into dist-serve/. */
const root = resolve(import.meta.dirname, "..");

/** npm runs a script in the project's folder; what people type is meant from where they stand. */
const here = process.env.npm_lifecycle_event === "start" ? (process.env.INIT_CWD ?? process.cwd()) : process.cwd();

async function main(words: readonly string[]): Promise<void> {
  const asked = parseArguments(words);
  if (asked.kind === "wrong") return fail(2, asked.message);
  if (asked.kind === "help") return console.log(usage);
  await serve(asked);
}

async function serve(asked: Arguments): Promise<void> {
  const served = await openServed(asked.directories);
  const running = await startServer({ ...asked, appFolder: join(root, "dist"), served });
  stopOnSignals(running);
  const url = toOpeningUrl(served, asked.host, running.port);
  console.log(url);
  if (asked.open) openBrowser(url);
}

async function openServed(given: readonly string[]): Promise<Served> {
  const paths = given.length > 0 ? given.map((path) => resolve(here, path)) : [demoDirectory()];
  return { directories: await Promise.all(paths.map(openServedDirectory)), demo: given.length === 0 };
}

/** The npm package leaves the demo out: its data have a licence of their own. */
function demoDirectory(): string {
  const demo = join(root, "demo");
  if (existsSync(demo)) return demo;
  throw new DirectoryError(
    "missing",
    demo,
    "No demo runs are installed here: give a runs base directory or a run folder.",
  );
}

function stopOnSignals(running: RunningServer): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void running.close().then(() => process.exit(0)));
}

/** A directory or host that cannot be served is a wrong argument; a taken port is not. */
function exitCodeOf(cause: unknown): 1 | 2 {
  return cause instanceof DirectoryError || (cause instanceof ListenError && cause.tag === "no-such-host") ? 2 : 1;
}

function fail(code: 1 | 2, message: string): void {
  console.error(message);
  process.exitCode = code;
}

await main(process.argv.slice(2)).catch((cause: unknown) =>
  fail(exitCodeOf(cause), cause instanceof Error ? cause.message : String(cause)),
);
