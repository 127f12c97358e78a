import { expect, type Page } from "@playwright/test";
import { parseViewUrl } from "#state/view-url.ts";
import { openArray, type RunArray } from "#storage/open-array.ts";
import { openStore } from "#storage/open-store.ts";

// What stands on the screen, pixel by pixel, against what is in the arrays on the disk: read here in Node, drawn there by the GPU.

/** The whole array in C order, [c, z, y, x], with its place in nm. */
export type Volume = {
  readonly shape: readonly number[];
  readonly offset: readonly number[];
  readonly voxelSize: readonly number[];
  readonly data: ArrayLike<number | bigint>;
};

export async function readVolume(url: string): Promise<Volume> {
  const array = await openArray(openStore({ kind: "http", url }), "");
  if (array === undefined) throw new Error(`There is no array at ${url}.`);
  return toVolume(array);
}

async function toVolume({ shape, metadata, read }: RunArray): Promise<Volume> {
  const { data } = await read(
    shape.map(() => 0),
    shape,
  );
  return { shape, offset: metadata.offset, voxelSize: metadata.voxelSize, data };
}

/** Where neuroglancer says that it looks, from the address bar: nm, z first; nm a pixel. */
export type Camera = { readonly position: readonly number[]; readonly scale: number };

export async function readCamera(page: Page): Promise<Camera> {
  const { request } = await parseViewUrl(page.url());
  const view = request.view as {
    readonly dimensions: Readonly<Record<string, readonly [number, string]>>;
    readonly position: readonly number[];
    readonly crossSectionScale: number;
  };
  const sizes = Object.values(view.dimensions).map(([metres]) => metres * 1e9);
  const position = view.position.map((at, axis) => at * (sizes[axis] ?? 1));
  return { position: position.slice(0, 3).toReversed(), scale: view.crossSectionScale * Math.min(...sizes) };
}

/** Of a cross section, in CSS pixels of the page, without its frame. */
export type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

/** The cross sections of the first view and of the second, in their order. */
export async function panelsOf(
  page: Page,
): Promise<{ readonly first: readonly Box[]; readonly second: readonly Box[] }> {
  const boxes = await page.locator(".dv-volumes-mount .neuroglancer-rendered-data-panel").evaluateAll((panels) =>
    panels.map((panel) => {
      const { left, top } = panel.getBoundingClientRect();
      const box = { left: left + panel.clientLeft, top: top + panel.clientTop };
      const size = { width: panel.clientWidth, height: panel.clientHeight };
      return { ...box, ...size, isSecond: panel.closest(".volume-viewer-second") !== null };
    }),
  );
  return { first: boxes.filter(({ isSecond }) => !isSecond), second: boxes.filter(({ isSecond }) => isSecond) };
}

export type Picture = { readonly width: number; readonly rgba: Buffer };

/** The whole page as it is seen. */
export async function takePicture(page: Page): Promise<Picture> {
  const png = (await page.screenshot()).toString("base64");
  const { width, text } = await page.evaluate(decodePicture, png);
  return { width, rgba: Buffer.from(text, "base64") };
}

async function decodePicture(png: string): Promise<{ readonly width: number; readonly text: string }> {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context?.drawImage(image, 0, 0);
  const { data } = context?.getImageData(0, 0, image.width, image.height) ?? { data: new Uint8ClampedArray() };
  let text = "";
  for (let i = 0; i < data.length; i += 0x8000) text += String.fromCharCode(...data.subarray(i, i + 0x8000));
  return { width: image.width, text: btoa(text) };
}

export function colorAt({ width, rgba }: Picture, [x, y]: Point): Color {
  const at = 4 * (y * width + x);
  return [rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0];
}

export type Point = readonly [x: number, y: number];
export type Color = readonly [red: number, green: number, blue: number];

/** Pixels of the box, `step` apart, over which nothing else lies. */
export async function openPoints(page: Page, box: Box, step = 7): Promise<readonly Point[]> {
  const over = await page.locator(".dv-volumes :is(.dv-over, .dv-swipe)").evaluateAll((all) =>
    all.map((each) => {
      const { left, top, right, bottom } = each.getBoundingClientRect();
      return { left, top, right, bottom };
    }),
  );
  const isOpen = (x: number, y: number) =>
    !over.some(({ left, top, right, bottom }) => x > left - 2 && x < right + 1 && y > top - 2 && y < bottom + 1);
  const points: Point[] = [];
  for (let y = Math.ceil(box.top) + 2; y < box.top + box.height - 2; y += step)
    for (let x = Math.ceil(box.left) + 2; x < box.left + box.width - 2; x += step)
      if (isOpen(x, y)) points.push([x, y]);
  expect(points.length, "pixels that are not covered").toBeGreaterThan(200);
  return points;
}

/**
 * The voxel under the middle of a pixel of an xy section: its index in [c, z, y, x] for channel 0. `undefined` outside of the array, and
 * near a voxel's edge, where rounding decides.
 */
export function voxelAt({ shape, offset, voxelSize }: Volume, { position, scale }: Camera, box: Box, [x, y]: Point) {
  const [z0 = 0, y0 = 0, x0 = 0] = position;
  const world = [
    z0,
    y0 + (y + 0.5 - (box.top + box.height / 2)) * scale,
    x0 + (x + 0.5 - (box.left + box.width / 2)) * scale,
  ];
  const [depth = 1, height = 1, width = 1] = shape.slice(-3);
  const exact = world.map((at, axis) => (at - (offset[axis] ?? 0)) / (voxelSize[axis] ?? 1));
  const [k = 0, j = 0, i = 0] = exact.map(Math.floor);
  const isClear = exact.slice(1).every((at) => at - Math.floor(at) > 0.1 && at - Math.floor(at) < 0.9);
  const isInside = k >= 0 && k < depth && j >= 0 && j < height && i >= 0 && i < width;
  return isInside && isClear ? (k * height + j) * width + i : undefined;
}

export type PixelCheck = {
  readonly picture: Picture;
  readonly points: readonly Point[];
  readonly box: Box;
  readonly camera: Camera;
  readonly volume: Volume;
  readonly toColor: (voxel: number) => Color;
};

/** Each pixel has the colour of its voxel, to what eight bits round; returns how many were looked at. */
export function checkPixels({ picture, points, box, camera, volume, toColor }: PixelCheck, what: string): number {
  let checked = 0;
  const wrong: string[] = [];
  for (const point of points) {
    const voxel = voxelAt(volume, camera, box, point);
    if (voxel === undefined) continue;
    checked += 1;
    const [seen, wanted] = [colorAt(picture, point), toColor(voxel)];
    if (seen.some((part, i) => Math.abs(part - (wanted[i] ?? 0)) > 2.5)) wrong.push(`${point}: ${seen}, not ${wanted}`);
  }
  expect(wrong.slice(0, 5), `${what}: ${wrong.length} of ${checked} pixels differ`).toEqual([]);
  expect(checked, `${what}: pixels over voxels`).toBeGreaterThan(100);
  return checked;
}
