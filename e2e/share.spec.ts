import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { test } from "./hosted-story.ts";
import { openScreen, type Screen, toScreen } from "./screen.ts";
import { expect, toRunPath } from "./story.ts";

test.use({ viewport: { width: 1100, height: 650 }, permissions: ["clipboard-read", "clipboard-write"] });

async function copyLink({ page }: Screen): Promise<string> {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("button", { name: "Link copied" })).toBeVisible();
  await page.keyboard.press("Escape");
  return page.evaluate(() => navigator.clipboard.readText());
}

/** neuroglancer's state in a compact hash: `#2.` and base64url of deflated JSON, the selected segments beside it. */
function decodeHash(link: string): Record<string, unknown> {
  const compact = new URL(link).hash.replace(/^#2\./, "");
  const [view] = JSON.parse(inflateRawSync(Buffer.from(compact, "base64url")).toString());
  return view;
}

/** What a person sees of the choice and of the place. */
async function describe({ page, timeline, volumes, legend }: Screen) {
  return {
    title: await page.title(),
    shown: await timeline.getAttribute("aria-valuetext"),
    dataset: await page.getByRole("combobox", { name: "Dataset", exact: true }).inputValue(),
    parameters: await page.getByRole("combobox", { name: "Post-processing parameters" }).inputValue(),
    criterion: await page.getByRole("combobox", { name: /^Criterion/ }).inputValue(),
    layers: await legend
      .getByRole("button", { name: /^(Hide|Show) / })
      .evaluateAll((eyes) => eyes.map((eye) => eye.ariaLabel)),
    layout: await volumes.locator("[aria-pressed=true]").evaluateAll((all) => all.map((each) => each.ariaLabel).at(-1)),
    scale: await volumes.getByText(/a pixel$/).textContent(),
  };
}

async function lookAround(page: Page, { volumes }: Screen): Promise<void> {
  const box = await volumes.boundingBox();
  if (!box) throw new Error("The volumes are not drawn.");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -240);
  await page.keyboard.up("Control");
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 25, { steps: 4 });
  await page.mouse.up();
  await page.mouse.move(5, 5);
}

test("a copied link shows the same in a fresh browser", async ({ page, browser, open, viewer }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_mito_distance")}`);
  await page.getByRole("combobox", { name: "Dataset", exact: true }).selectOption("vnc_crop_a");
  await page.getByRole("combobox", { name: /^Criterion/ }).selectOption("mito__voi");
  await page.getByRole("combobox", { name: "Post-processing parameters" }).selectOption("threshold_-0.25");
  await screen.timeline.press("End");
  await screen.timeline.press("ArrowLeft");
  await screen.settled();
  await screen.legend.getByRole("button", { name: /^Hide prediction/ }).click();
  await screen.volumes.getByRole("button", { name: "Section across y" }).click();
  await screen.settled();
  await lookAround(page, screen);
  await screen.settled();
  const link = await copyLink(screen);
  expect(link.length).toBeLessThan(1000);
  const wanted = await describe(screen);
  expect(wanted).toMatchObject({ title: "1000 · vnc_mito_distance", dataset: "vnc_crop_a", criterion: "mito__voi" });

  const fresh = await (await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] })).newPage();
  await fresh.setViewportSize({ width: 1100, height: 650 });
  await fresh.goto(link);
  const other = toScreen(fresh);
  await other.settled();
  expect(await describe(other)).toEqual(wanted);
  expect(await copyLink(other)).toBe(link);
  await fresh.context().close();

  await test.step("position and zoom are those that the link says", async () => {
    const { search, hash } = new URL(link);
    const { view, layers } = await (await open(`${search.slice(1)}${hash}`, viewer.origin)).settled();
    const { position, dimensions, crossSectionScale } = decodeHash(link) as {
      position: number[];
      dimensions: Record<string, [number, string]>;
      crossSectionScale: number;
    };
    const scales = Object.entries(dimensions).map(([name, [metres]]) => [name, metres * 1e9] as const);
    const nanometres = new Map(scales.map(([name, scale], i) => [name, (position[i] ?? 0) * scale]));
    expect(view.layout).toBe("xz");
    for (const [axis, name] of ["z", "y", "x"].entries())
      expect(view.position?.[axis], name).toBeCloseTo(nanometres.get(name) ?? Number.NaN, 3);
    expect(view.scale).toBeCloseTo(crossSectionScale * Math.min(...scales.map(([, scale]) => scale)), 4);
    expect(layers.find(({ name }) => name === "prediction")).toMatchObject({ visible: false, iteration: 1000 });
  });
});

const zoomOf = (href: string): unknown => (decodeHash(href) as { crossSectionScale?: number }).crossSectionScale;

/** Width and height from the head of a PNG. */
async function saveImage({ page }: Screen): Promise<readonly [width: number, height: number]> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save image" }).click();
  const bytes = readFileSync(await (await download).path());
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

test("a view is handed on as Markdown, and as an image of as many pixels as one likes", async ({ page }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_mito_distance")}&dataset=vnc_crop_a&iteration=1000`);
  await expect(page).toHaveURL(/#2\./); // the address follows the view
  const zooms = new Set([zoomOf(page.url())]);
  page.on("framenavigated", () => zooms.add(zoomOf(page.url())));
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("button", { name: "Copy as Markdown" }).click();
  await expect(page.getByRole("button", { name: "Markdown copied" })).toBeVisible();
  const [title, , ...table] = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
  expect(title).toMatch(/^\[vnc\\_mito\\_distance, iteration 1000\]\(<http.+iteration=1000.+>\)$/);
  expect(table.slice(0, 3)).toEqual(["| | |", "| --- | --- |", "| dataset | vnc\\_crop\\_a |"]);
  expect(table.at(-2)).toMatch(/^\| best mito\\_\\_f1\\_score \| 0\.6703 at iteration 500 with threshold/);
  const [width, height] = await saveImage(screen);
  await page.getByRole("combobox", { name: "Pixels of the image" }).selectOption("2");
  const before = page.url();
  const box = await screen.volumes.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200);
  await page.mouse.wheel(0, 120); // the next section: the address is written anew while the picture is made
  expect(await saveImage(screen)).toEqual([2 * width, 2 * height]);
  await expect.poll(() => page.url()).not.toBe(before);
  await screen.settled();
  expect(zooms, "the picture's own zoom is nobody's").toEqual(new Set([zoomOf(before)]));
});

test("back and forward go through what was chosen", async ({ page }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}`);
  await screen.timeline.focus();
  for (const [key, iteration] of [
    ["Home", 20],
    ["ArrowRight", 40],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page).toHaveURL(new RegExp(`iteration=${iteration}`));
  }
  await page.getByRole("combobox", { name: "Dataset", exact: true }).selectOption("vnc/crop_b");
  await expect(page).toHaveURL(/dataset=vnc%2Fcrop_b/);
  await page.goBack();
  await expect(page.getByRole("combobox", { name: "Dataset", exact: true })).toHaveValue("vnc/crop_a");
  await expect(page).toHaveTitle("40 · vnc_rawgt_distance");
  await page.goBack();
  await expect(page).toHaveTitle("20 · vnc_rawgt_distance");
  await page.goForward();
  await page.goForward();
  await expect(page.getByRole("combobox", { name: "Dataset", exact: true })).toHaveValue("vnc/crop_b");
  await screen.settled();
  await expect(screen.legend).toContainText("raw of vnc/crop_b");
});

type StockState = { readonly layers: readonly { readonly name: string; readonly source: { readonly url: string } }[] };

test("Open in neuroglancer gives a state that stock neuroglancer opens, and says what it leaves out", async ({
  page,
  request,
}) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}`);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const href = await page.getByRole("link", { name: "Open in neuroglancer" }).getAttribute("href");
  const url = new URL(href ?? "");
  expect(url.origin).toBe("https://neuroglancer-demo.appspot.com");
  const state: StockState = JSON.parse(decodeURIComponent(url.hash.slice(2)));
  expect(state.layers.map(({ name }) => name).sort()).toEqual(["best", "prediction", "segmentation"]);
  for (const { source } of state.layers) {
    const [array = "", format] = source.url.split("|");
    expect(format).toBe("zarr2:");
    expect((await request.get(`${array}.zarray`)).status(), `${array}.zarray`).toBe(200);
  }
  const left = page.getByRole("list", { name: "What neuroglancer will not show" });
  await expect(left).toContainText("raw of vnc/crop_a holds 64-bit floats, which neuroglancer does not draw.");
  await expect(left).toContainText("gt of vnc/crop_a holds booleans, which neuroglancer does not draw.");
  await expect(screen.volumes).toBeVisible();
});
