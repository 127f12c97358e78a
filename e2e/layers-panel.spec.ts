import type { Page } from "@playwright/test";
import { parseViewUrl } from "#state/view-url.ts";
import { type Base, createBase, distance, toAttributes, toRunYaml, writeInputs } from "./run-writer.ts";
import { openScreen, toScreen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";
import { startViewer, type ViewerProcess } from "./viewer-process.ts";

test.use({ viewport: { width: 1200, height: 800 }, permissions: ["clipboard-read", "clipboard-write"] });

const query = `run=${toRunPath("vnc_affs")}&dataset=vnc_crop_a&iteration=800`;

test("black and white are moved with the keys and the pointer, typed, and found from the values", async ({ page }) => {
  const screen = await openScreen(page, query);
  const raw = (await screen.tab("Layers")).getByRole("group", { name: "Contrast of raw of vnc_crop_a" });
  const white = raw.getByRole("slider", { name: /^White point/ });
  const typed = raw.getByRole("spinbutton", { name: /^White/ });
  const auto = raw.getByRole("button", { name: /from its values$/ });
  await expect(auto).toBeEnabled();
  const found = Number(await typed.inputValue());
  expect(found).toBeGreaterThan(0.5);
  expect(found).toBeLessThan(1); // the half per cent above it is left out

  await white.focus();
  await page.keyboard.press("PageDown");
  await expect(white).toHaveAttribute("aria-valuenow", /^0\.[67]/);
  expect(Number(await typed.inputValue())).toBeCloseTo(found - 0.1, 1);
  await page.keyboard.press("Home"); // as far as black lets it
  const black = Number(await raw.getByRole("slider", { name: /^Black point/ }).getAttribute("aria-valuenow"));
  expect(Number(await white.getAttribute("aria-valuenow"))).toBeGreaterThan(black);

  await typed.fill("0.5");
  await expect(white).toHaveAttribute("aria-valuenow", "0.5");
  await pullToTheEnd(page, white);
  expect(Number(await white.getAttribute("aria-valuenow"))).toBeGreaterThan(0.95);
  await auto.click();
  const now = async () => Number(await typed.inputValue());
  await expect.poll(now).toBeCloseTo(found, 1); // more of the volume may have been loaded since it was found first
});

/** Beyond the right end: it stays within the values. */
async function pullToTheEnd(page: Page, handle: ReturnType<Page["getByRole"]>): Promise<void> {
  const box = await handle.boundingBox();
  if (box === null) throw new Error("The handle is not on the screen.");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 2000, box.y, { steps: 4 });
  await page.mouse.up();
}

/** Of the segmentation, as a link says them. */
async function segmentsOf(url: string): Promise<unknown> {
  const { request } = await parseViewUrl(url);
  const { layers = [] } = (request.view ?? {}) as { readonly layers?: readonly Record<string, unknown>[] };
  return layers.find(({ name }) => name === "segmentation")?.segments;
}

test("segments are chosen by id, listed with their colours, taken out, copied and cleared", async ({ page }) => {
  const screen = await openScreen(page, query);
  const panel = await screen.tab("Layers");
  const segments = panel.getByRole("group", { name: /^Selected segments of segmentation/ });
  await expect(segments).toContainText("None, so all are shown.");
  const field = segments.getByRole("textbox");
  await field.fill("79364, 7x");
  await field.press("Enter");
  await expect(segments.getByRole("alert")).toContainText("“7x” is no id");
  await expect(field).toHaveAttribute("aria-invalid", "true");

  await field.fill("79364, 18801 18446744073709551615");
  await field.press("Enter");
  await expect(segments.getByRole("listitem")).toHaveText(["18801", "79364", "18446744073709551615"]);
  await segments.getByRole("button", { name: "Remove segment 79364" }).click();
  await segments.getByRole("button", { name: "Copy ids" }).click();
  await expect(segments.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("18801, 18446744073709551615");

  // a link brings them back, once the address says what was chosen
  await expect.poll(() => segmentsOf(page.url())).toEqual(["18801", "18446744073709551615"]);
  const url = page.url();
  await page.goto("about:blank");
  await page.goto(url);
  await toScreen(page).settled();
  await toScreen(page).tab("Layers");
  await expect(segments.getByRole("listitem")).toHaveText(["18801", "18446744073709551615"]);
  await segments.getByRole("button", { name: "Clear all" }).click();
  await expect(segments.getByRole("listitem")).toHaveCount(0);
});

test("the legend says what the colours of a prediction mean, and of which channels", async ({ page }) => {
  const screen = await openScreen(page, query);
  const prediction = screen.legend.getByRole("listitem").filter({ hasText: "prediction at 800" });
  await expect(prediction).toContainText(/boundary along\s*z\s*y\s*x\s*all/);
  const card = (await screen.tab("Layers")).getByRole("region", { name: /^prediction/ });
  await card.getByRole("checkbox", { name: "aff_0.0.1 (0, 0, 1)" }).uncheck();
  await card.getByRole("checkbox", { name: "aff_0.5.0 (0, 5, 0)" }).check();
  await expect(prediction).toContainText(/boundary along\s*z\s*y\s*y 5\s*all/);
  await card.getByRole("checkbox", { name: /joined/ }).check();
  await expect(prediction).toContainText("joined along");
});

test.describe("what is not a number", () => {
  let runs: Base;
  let viewer: ViewerProcess;
  test.beforeAll(async () => {
    runs = await createBase();
    await runs.write("configs/runs/nan.yaml", toRunYaml({ name: "nan", task: distance(["a"]), datasets: ["crop"] }));
    await writeInputs(runs, "nan", "crop");
    await runs.writeArray("nan/validation.zarr/100/ds_crop/prediction", {
      dtype: "<f4",
      shape: [1, 4, 12, 10],
      at: () => Number.NaN,
      attributes: toAttributes(["c^", "z", "y", "x"], [40, 8, 8], [100, 40, 80]),
    });
    viewer = await startViewer([runs.path]);
  });
  test.afterAll(async () => {
    await viewer.stop();
    await runs.dispose();
  });

  test("is hatched: it never looks like background", async ({ page }) => {
    const screen = await openScreen(page, "run=data/0/nan", viewer.origin);
    for (const name of [/^Hide raw/, /^Hide gt/]) await screen.legend.getByRole("button", { name }).click();
    await screen.volumes.getByRole("button", { name: "Section across z" }).click();
    await screen.settled();
    const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
    const middle = { x: Math.round(width / 4) - 30, y: Math.round(height / 2) - 30, width: 60, height: 60 };
    expect(await countColours(page, await page.screenshot({ clip: middle }))).toBe(2); // lines, and what is between
  });
});

async function countColours(page: Page, picture: Buffer): Promise<number> {
  return page.evaluate(
    async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      const data = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? new Uint8ClampedArray();
      return new Set(new Uint32Array(data.buffer)).size;
    },
    [...picture],
  );
}
