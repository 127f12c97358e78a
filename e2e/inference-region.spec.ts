import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { startPlainServer, staticHost } from "./plain-server.ts";
import { createBase } from "./run-writer.ts";
import { openScreen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";

// A dataset computed in full outlives the page; what is large is asked about first, and fetched once.

test.use({ viewport: { width: 1100, height: 700 } });

const demo = resolve(import.meta.dirname, "..", "demo");
const local = `run=${toRunPath("vnc_mito_distance")}&dataset=vnc_crop_b&iteration=1000`;

async function openSection(page: Page, query: string): Promise<Locator> {
  const screen = await openScreen(page, query);
  const network = await screen.tab("Network");
  const section = network.getByRole("region", { name: "Run it here" });
  await section.getByRole("combobox", { name: "Device to run on" }).selectOption("processor");
  return section;
}

/** A padded network: DaCapo's own blocks, of which its small dataset takes some. */
const fourBlocks = `run=${toRunPath("vnc_mito_distance_head")}&dataset=vnc_crop_a&iteration=60`;

/** So close that the cross section lies in one block or two. */
const oneBlock = JSON.stringify({ layout: "xy", crossSectionScale: 0.02 });

const run = (section: Locator) => section.getByRole("button", { name: /^Run on / }).click();

test("all of a dataset is computed: left half-way, gone on with after a reload, and nothing computed twice", async ({
  page,
}) => {
  const section = await openSection(page, `${fourBlocks}#!${encodeURIComponent(oneBlock)}`);
  await run(section);
  await expect(section.getByText(/^All that is in view is there: [1-9]/)).toBeVisible();
  await section.getByRole("button", { name: "Pause" }).click();
  await section.getByRole("button", { name: "Compute all of it" }).click();
  const counted = section.getByText(/^All of it: being computed, [1-9]\d* of \d+ blocks$/);
  await expect(counted).toBeVisible();
  const total = Number(/of (\d+) blocks/.exec(await counted.innerText())?.[1]);
  await page.reload();

  const again = await openSection(page, fourBlocks);
  await expect(again.getByText(/^Computing all of vnc_crop_a at 60 was left at [1-9]\d* of/)).toBeVisible();
  await again.getByRole("button", { name: "Go on" }).click();
  await expect(again.getByText(`All of it: computed, ${total} of ${total} blocks`)).toBeVisible();
  const computed = Number(/(\d+) blocks? done/.exec(await again.getByText(/\d+ blocks? done/).innerText())?.[1]);
  expect(computed).toBeLessThan(total);
  await page.reload();
  const last = await openSection(page, fourBlocks);
  await expect(last.getByText(/was left at/)).toHaveCount(0);
});

test("what is visible is computed as a whole", async ({ page }) => {
  const section = await openSection(page, local);
  await run(section);
  await section.getByRole("button", { name: "Compute what is visible" }).click();
  await expect(section.getByText(/^What was visible: computed, ([1-9]\d*) of \1 blocks$/)).toBeVisible();
  await section.getByText("On the cluster instead").click();
  await expect(section.getByText(/^dacapo predict -r vnc_mito_distance -i 1000 -ic .* -dt float32$/)).toBeVisible();
});

test("a second start fetches nothing of the checkpoint", async ({ page }) => {
  const statuses: number[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith("/checkpoints/iterations/1000")) statuses.push(response.status());
  });
  const fetched = async () => {
    const section = await openSection(page, local);
    await run(section);
    await expect(section.getByText(/^All that is in view is there/)).toBeVisible();
    return section.getByText(/ of [\d.]+ (kB|MB)$/).innerText();
  };
  expect(await fetched()).toMatch(/^[1-9][\d.]* [kM]B of/);
  expect(statuses).toEqual([206, 206, 206]);
  await page.goto("about:blank");
  expect(await fetched()).toMatch(/^0 B of/);
  expect(statuses.slice(3)).toEqual([304]);
});

/** A zip whose directory lies so many bytes later, as if its files were larger. */
function padZip(bytes: Buffer, padding: number): Buffer {
  const [end64, locator, end] = ["PK\x06\x06", "PK\x06\x07", "PK\x05\x06"].map((name) =>
    bytes.lastIndexOf(name, undefined, "latin1"),
  );
  const directory = Number(bytes.readBigUInt64LE((end64 ?? 0) + 48));
  const later = Buffer.from(bytes);
  const shift = BigInt(padding);
  later.writeBigUInt64LE(later.readBigUInt64LE((end64 ?? 0) + 48) + shift, (end64 ?? 0) + 48);
  later.writeBigUInt64LE(later.readBigUInt64LE((locator ?? 0) + 8) + shift, (locator ?? 0) + 8);
  if (later.readUInt32LE((end ?? 0) + 16) !== 0xffffffff) later.writeUInt32LE(directory + padding, (end ?? 0) + 16);
  return Buffer.concat([bytes.subarray(0, directory), Buffer.alloc(padding), later.subarray(directory)]);
}

test("a large download is asked about first", async ({ page }) => {
  const base = await createBase();
  await cp(demo, base.path, { recursive: true });
  const file = join(base.path, "vnc_mito_distance/checkpoints/iterations/1000");
  await writeFile(file, padZip(await readFile(file), 60_000_000));
  const server = await startPlainServer({ "": base.path }, { ...staticHost, range: "whole" });
  const url = encodeURIComponent(`${server.origin}vnc_mito_distance`);
  const section = await openSection(page, `run=${url}&dataset=vnc_crop_b&iteration=1000`);
  await run(section);
  const question = section.getByRole("alertdialog", { name: "A large download" });
  await expect(question).toContainText(/only whole files, so fetching this network takes 6\d\.\d MB/);
  await question.getByRole("button", { name: "Leave it" }).click();
  await expect(section.getByText(/^Computes what you look at/)).toBeVisible();
  await run(section);
  await question.getByRole("button", { name: "Fetch it" }).click();
  await expect(section.getByText(/^All that is in view is there/)).toBeVisible();
  await server.stop();
  await base.dispose();
});
