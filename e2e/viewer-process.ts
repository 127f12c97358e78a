import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

/** The built server, as people start it, in a process of its own. */
export type ViewerProcess = {
  /** With a slash at the end: the page. */
  readonly origin: string;
  /** The address that it prints. */
  readonly openingUrl: string;
  stop(): Promise<void>;
};

/** Serves `directories` (none: the demo) on a free port. `words`: further arguments, such as `--embed-origin`. */
export async function startViewer(
  directories: readonly string[],
  words: readonly string[] = [],
): Promise<ViewerProcess> {
  const args = ["dist-serve/main.js", ...directories.map((path) => resolve(root, path)), "--port", "0", ...words];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await Promise.race([once(child.stdout, "data"), once(child, "exit")])) as [unknown];
  if (child.exitCode !== null || !Buffer.isBuffer(line))
    throw new Error("The viewer's server did not start: is it built (npm run build)?");
  const openingUrl = line.toString().trim();
  async function stop(): Promise<void> {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  }
  return { origin: new URL("/", openingUrl).href, openingUrl, stop };
}
