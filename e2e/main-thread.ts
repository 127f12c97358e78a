import type { Browser, Page } from "@playwright/test";

type TraceEvent = {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the processor's time, whatever else ran on the machine meanwhile. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
};

/** Milliseconds of processor time that each task of the page's main thread took while `work` was done, longest first. */
export async function traceMainThread(browser: Browser, page: Page, work: () => Promise<void>): Promise<number[]> {
  const categories = ["toplevel", "disabled-by-default-devtools.timeline"];
  await browser.startTracing(page, { categories });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const idOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const isMain = (event: TraceEvent) => event.name === "thread_name" && event.args?.name === "CrRendererMain";
  const mains = new Set(traceEvents.filter(isMain).map(idOf));
  return traceEvents
    .filter((event) => event.name.endsWith("RunTask") && mains.has(idOf(event)))
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a);
}
