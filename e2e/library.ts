import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { startPlainServer } from "./plain-server.ts";

export const root = resolve(import.meta.dirname, "..");

/** The library as it is published. @throws Error where it was not built */
export function libraryFolder(): string {
  const folder = join(root, "lib");
  if (existsSync(join(folder, "types/lib.d.ts"))) return folder;
  throw new Error("The library is not there: build it (npm run build:lib).");
}

/** Another site, with the library in `lib/` and a page of its own. */
export async function startLibrarySite(page: string) {
  const folder = await mkdtemp(join(tmpdir(), "library-"));
  await writeFile(join(folder, "index.html"), page);
  const server = await startPlainServer({ "lib/": libraryFolder(), "": folder });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  };
  return { origin: server.origin, stop };
}

/** What a page holds, after its garbage was collected. */
export type Holdings = {
  readonly heapBytes: number;
  readonly listeners: number;
  readonly nodes: number;
  readonly workers: number;
};

export async function measure(page: Page): Promise<Holdings> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  for (let i = 0; i < 3; i++) await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  await session.detach();
  return {
    heapBytes: of("JSHeapUsedSize"),
    listeners: of("JSEventListeners"),
    nodes: of("Nodes"),
    workers: page.workers().length,
  };
}
