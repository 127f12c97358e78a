import type { Page } from "@playwright/test";

/** In, in, in, along, out, ... and back: every kind of change, at every depth. */
const keys = ["+", "+", "+", "PageDown", "+", "PageUp", "-", "-", "+", "+", "PageDown", "-", "-", "-"];
const repeats = 4;

/**
 * Milliseconds from each key's event until the frame that it changed was painted: a task queued in the frame's own
 * animation callback runs once that frame's layout and paint are done.
 */
function watchZooms(plot: Element): void {
  const times: number[] = [];
  Object.assign(globalThis, { zoomTimes: times });
  plot.addEventListener(
    "keydown",
    (event) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => times.push(performance.now() - event.timeStamp);
        port2.postMessage(undefined);
      });
    },
    { capture: true },
  );
}

/** Zooms the first chart of the page with keys, one after another. */
export async function measureZooms(page: Page): Promise<readonly number[]> {
  const plot = page.locator(".chart-plot").first();
  await plot.focus();
  await plot.evaluate(watchZooms);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(50);
    }
  }
  return page.evaluate(() => (globalThis as unknown as { zoomTimes: number[] }).zoomTimes);
}
