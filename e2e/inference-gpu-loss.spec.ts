import type { Locator } from "@playwright/test";
import { decodeView } from "#state/view-hash.ts";
import { launchArguments, requireBrowser } from "./browser.ts";
import { openScreen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";

// The GPU is an emulated one. When its process dies, both the volumes and the network lose it: each recovers by itself, and nobody loses the view.

test.use({
  viewport: { width: 1100, height: 700 },
  launchOptions: {
    executablePath: requireBrowser().path,
    args: [...launchArguments, "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
  },
});

async function placeOf(address: string) {
  const view = (await decodeView(new URL(address).hash)) as Record<string, unknown>;
  expect(view.position).toHaveLength(3);
  return [view.position, view.crossSectionScale, view.layout];
}

/** An emulated GPU takes seconds for a block: not all that is in view is waited for. */
async function blocksDone(section: Locator): Promise<number> {
  const text = await section.getByText(/\d+ blocks? done/).innerText();
  return Number(/(\d+) blocks? done/.exec(text)?.[1]);
}

test("a GPU that dies while the network runs on it is replaced, and the computing goes on", async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000);
  const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}`);
  const network = await screen.tab("Network");
  const section = network.getByRole("region", { name: "Run it here" });
  await section.getByRole("combobox", { name: "Device to run on" }).selectOption("GPU");
  await section.getByRole("button", { name: /^Run on / }).click();
  await expect(section.getByText(/^Running: [1-9]\d* blocks? done/)).toBeVisible({ timeout: 180_000 });
  const address = page.url();

  const { processInfo } = await (await browser.newBrowserCDPSession()).send("SystemInfo.getProcessInfo");
  const gpu = processInfo.find(({ type }) => type === "GPU");
  if (gpu === undefined) throw new Error("The browser has no GPU process.");
  process.kill(gpu.id, "SIGKILL");

  await expect(section.getByText(/The GPU was taken away from this page.*It is started anew\./)).toBeVisible();
  const before = await blocksDone(section);
  await expect.poll(() => blocksDone(section), { timeout: 180_000 }).toBeGreaterThan(before + 1);
  await expect(section.getByText(/^agrees, max difference/)).toBeVisible({ timeout: 180_000 });
  await expect(section.getByText(/to the same block computed by the processor is/)).toBeVisible();
  await expect(screen.legend.getByRole("listitem").filter({ hasText: /inference at \d+/ })).toHaveAttribute(
    "data-visible",
    "true",
  );
  expect(await placeOf(page.url())).toEqual(await placeOf(address));
  await expect(section.getByText(/emulated in software/)).toBeVisible();
});
