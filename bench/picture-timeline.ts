import type { Browser, Page } from "@playwright/test";

/** Grey values 0..255 of the middle of the drawn panel, `side` × `side`. */
export type Picture = readonly number[];

export type Timeline = {
  /** From the start of navigation until the picture showed what it went on to show. */
  readonly milliseconds: number;
  readonly picture: Picture;
};

export type Sample = { readonly time: number; readonly picture: Picture };

const side = 48;
/** Pixels of the panel's middle that are looked at: the same region of both pages, however much chrome is around. */
const sourceLength = 400;
const quietMilliseconds = 1500;
const timeoutMilliseconds = 60_000;
/** Correlation above which two pictures show the same: one chunk of 64 that lacks costs more. */
const sameAbove = 0.99;

/**
 * Runs in the page before its own scripts: keeps the drawing buffer of every WebGL canvas, and looks at the largest one
 * once a frame. Both sides of a comparison pay for it alike.
 */
function watchCanvas({ pictureSide, sourceLength }: { pictureSide: number; sourceLength: number }): void {
  const canvases = new Set<HTMLCanvasElement>();
  const samples: { time: number; picture: number[] }[] = [];
  Object.assign(globalThis, { pictureSamples: samples });
  const original = HTMLCanvasElement.prototype.getContext;
  const patched = function (this: HTMLCanvasElement, type: string, options?: object) {
    if (type === "webgl2") canvases.add(this);
    return Reflect.apply(original, this, [
      type,
      type === "webgl2" ? { ...options, preserveDrawingBuffer: true } : options,
    ]);
  };
  HTMLCanvasElement.prototype.getContext = patched as typeof original;
  const copy = new OffscreenCanvas(pictureSide, pictureSide).getContext("2d", { willReadFrequently: true });

  function look(): number[] {
    const [canvas] = [...canvases]
      .filter((one) => one.isConnected)
      .sort((a, b) => b.width * b.height - a.width * a.height);
    if (canvas === undefined || copy === null) return [];
    const left = (canvas.width - sourceLength) / 2;
    const top = (canvas.height - sourceLength) / 2;
    copy.drawImage(canvas, left, top, sourceLength, sourceLength, 0, 0, pictureSide, pictureSide);
    const { data } = copy.getImageData(0, 0, pictureSide, pictureSide);
    return Array.from({ length: pictureSide ** 2 }, (_, i) => Math.max(data[4 * i] ?? 0, data[4 * i + 1] ?? 0));
  }

  function frame(): void {
    const picture = look();
    const last = samples.at(-1)?.picture ?? [];
    if (picture.length !== last.length || picture.some((grey, i) => grey !== last[i])) {
      samples.push({ time: performance.now(), picture });
    }
    requestAnimationFrame(frame);
  }
  requestAnimationFrame(frame);
}

const deviation = (picture: Picture): number => Math.sqrt(covariance(picture, picture));

function covariance(a: Picture, b: Picture): number {
  const mean = (picture: Picture) => picture.reduce((sum, grey) => sum + grey, 0) / picture.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, grey, i) => sum + (grey - meanA) * ((b[i] ?? 0) - meanB), 0) / a.length;
}

/** 1 for the same picture at any contrast. */
const correlation = (a: Picture, b: Picture): number => covariance(a, b) / (deviation(a) * deviation(b));

/** The part of a picture that another, moved by (dx, dy), covers. */
function overlap(picture: Picture, dx: number, dy: number): Picture {
  return picture.filter((_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return x + dx >= 0 && x + dx < side && y + dy >= 0 && y + dy < side;
  });
}

/** Chrome of a page moves the slice within the canvas: up to this many samples. */
const furthest = 5;

/** The correlation of two pictures laid over each other as they fit best. */
export function likeness(a: Picture, b: Picture): number {
  const moves = Array.from({ length: 2 * furthest + 1 }, (_, i) => i - furthest);
  return Math.max(...moves.flatMap((dx) => moves.map((dy) => correlation(overlap(a, dx, dy), overlap(b, -dx, -dy)))));
}

/** The first picture that is the final one at some contrast, and so were all after it: a contrast may still be refined. */
function toTimeline(samples: readonly Sample[]): Timeline {
  const final = samples.at(-1)?.picture ?? [];
  const wrong = samples.findLastIndex(({ picture }) => !(correlation(picture, final) > sameAbove));
  return { milliseconds: samples[wrong + 1]?.time ?? Number.NaN, picture: final };
}

async function settled(page: Page): Promise<readonly Sample[]> {
  const start = Date.now();
  for (;;) {
    const { samples, now } = await page.evaluate(() => ({
      samples: (globalThis as unknown as { pictureSamples: { time: number; picture: number[] }[] }).pictureSamples,
      now: performance.now(),
    }));
    const last = samples.at(-1);
    if (last !== undefined && deviation(last.picture) > 4 && now - last.time > quietMilliseconds) return samples;
    if (Date.now() - start > timeoutMilliseconds) throw new Error(`${page.url()} drew nothing that stayed.`);
    await page.waitForTimeout(250);
  }
}

/** Before the page is opened: its pictures are kept from its first frame on. */
export async function keepPictures(page: Page): Promise<void> {
  await page.addInitScript(watchCanvas, { pictureSide: side, sourceLength });
}

/** All pictures so far, each from when it was first seen, in milliseconds of the page's clock. */
export async function readPictures(page: Page): Promise<readonly Sample[]> {
  return page.evaluate(() => (globalThis as unknown as { pictureSamples: Sample[] }).pictureSamples);
}

/** Opens `url` in a fresh context (nothing cached) and says when the picture in its largest canvas was final. */
export async function timePicture(browser: Browser, url: string): Promise<Timeline> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    await keepPictures(page);
    await page.goto(url);
    return toTimeline(await settled(page));
  } finally {
    await context.close();
  }
}
