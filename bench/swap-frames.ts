import type { Page } from "@playwright/test";

/** What was on the canvas in each frame that the browser drew while something was done. */
export type Frames = readonly number[];

/**
 * Runs in the page before its own scripts: keeps the drawing buffer of every WebGL canvas, and while `recordFrames` is
 * on writes down the mean of the brightest colour channel in the middle of the largest one, once a frame.
 */
function watchFrames(sourceLength: number): void {
  const canvases = new Set<HTMLCanvasElement>();
  const state = { on: false, frames: [] as number[] };
  Object.assign(globalThis, { swapFrames: state });
  const original = HTMLCanvasElement.prototype.getContext;
  const patched = function (this: HTMLCanvasElement, type: string, options?: object) {
    if (type === "webgl2") canvases.add(this);
    const kept = type === "webgl2" ? { ...options, preserveDrawingBuffer: true } : options;
    return Reflect.apply(original, this, [type, kept]);
  };
  HTMLCanvasElement.prototype.getContext = patched as typeof original;
  const side = 64;
  const copy = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });

  function brightness(): number {
    const connected = [...canvases].filter((one) => one.isConnected);
    const [canvas] = connected.sort((a, b) => b.width * b.height - a.width * a.height);
    if (canvas === undefined || copy === null) return 0;
    const [left, top] = [(canvas.width - sourceLength) / 2, (canvas.height - sourceLength) / 2];
    copy.drawImage(canvas, left, top, sourceLength, sourceLength, 0, 0, side, side);
    const { data } = copy.getImageData(0, 0, side, side);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) sum += Math.max(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0);
    return sum / side ** 2;
  }

  const frame = () => {
    if (state.on) state.frames.push(brightness());
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

type Recorder = { on: boolean; frames: number[] };

/** Before the page is opened. */
export async function prepareFrames(page: Page): Promise<void> {
  await page.addInitScript(watchFrames, 240);
}

export async function recordFrames(page: Page, act: () => Promise<void>): Promise<Frames> {
  const recorder = () => (globalThis as unknown as { swapFrames: Recorder }).swapFrames;
  await page.evaluate(`(${recorder})().frames = []; (${recorder})().on = true`);
  await act();
  await page.waitForTimeout(300);
  return page.evaluate<number[]>(
    `(() => { const recorder = (${recorder})(); recorder.on = false; return recorder.frames; })()`,
  );
}
