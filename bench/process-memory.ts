import { readFile, writeFile } from "node:fs/promises";
import type { Browser } from "@playwright/test";

const kilobytesPerMegabyte = 1024;

/** The processes of `browser` that run pages and their workers. */
export async function listRenderers(browser: Browser): Promise<readonly number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

async function readStatus(pid: number, field: "VmRSS" | "VmHWM"): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / kilobytesPerMegabyte;
}

/** Forgets the highest resident size of a process until now, and gives the present one, in MiB. Linux only. */
export async function resetPeak(pid: number): Promise<number> {
  await writeFile(`/proc/${pid}/clear_refs`, "5");
  return readStatus(pid, "VmRSS");
}

/** The highest resident size since `resetPeak`, in MiB. */
export const readPeak = (pid: number): Promise<number> => readStatus(pid, "VmHWM");
