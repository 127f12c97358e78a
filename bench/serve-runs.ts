import { join, resolve } from "node:path";
import { openServedDirectory } from "#serve/served-directory.ts";
import { startServer } from "#serve/server.ts";

const root = resolve(import.meta.dirname, "..");

export type ServedRuns = {
  /** Of the page, with a slash at its end. */
  readonly url: string;
  readonly close: () => Promise<void>;
};

/** Our own server on a free port, with `base` as its first directory (data/0/) and `appFolder` as its page. */
export async function serveRuns(base: string, appFolder = join(root, "dist")): Promise<ServedRuns> {
  const served = { directories: [await openServedDirectory(base)], demo: false };
  const { port, close } = await startServer({ appFolder, served, host: "127.0.0.1", port: 0, embedOrigins: [] });
  return { url: `http://127.0.0.1:${port}/`, close };
}
