import type { Page } from "@playwright/test";
import { measure, startLibrarySite } from "./library.ts";
import { faultsOf } from "./state-schema.ts";
import { expect, test, toRunPath } from "./story.ts";

// The library in a page of another origin: mounted by a script, as an element, and taken away again without a trace.

type Message = { type: string; state?: { settled: boolean; layers: unknown[]; selection: { iteration?: number } } };
type Handle = {
  request(message: object): Promise<Message>;
  subscribe(hear: (message: Message) => void): void;
  dispose(): void;
};
type HostWindow = { mountRunViewer(element: Element | null, options: object): Handle; viewers: Handle[] };

const hostPage = `<!doctype html><meta charset="utf-8"><title>A host</title>
<style>body { margin: 20px; height: 3000px; } button { letter-spacing: 5px; } .overlay { color: rgb(1, 2, 3); }</style>
<h1>A host</h1><input aria-label="Field"><p class="overlay">Text</p>
<div id="place" style="width: 900px; height: 520px"></div>
<div id="second" style="width: 400px; height: 300px"></div>
<script type="module">
  import { mountRunViewer } from "./lib/dacapo-run-viewer.js";
  Object.assign(window, { mountRunViewer, viewers: [] });
</script>`;

async function openHost(page: Page, origin: string): Promise<void> {
  await page.goto(origin);
  await page.waitForFunction(() => "mountRunViewer" in window);
}

test("a page mounts a viewer, keeps its own address, title, styles, focus and wheel, and is told all", async ({
  page,
  viewer,
}) => {
  const site = await startLibrarySite(hostPage);
  await openHost(page, site.origin);
  const run = `${viewer.origin}${toRunPath("vnc_affs")}`;
  await page.getByLabel("Field").focus();
  const types = await page.evaluate(async (address) => {
    const host = window as unknown as HostWindow;
    const handle = host.mountRunViewer(document.getElementById("place"), { run: address, iteration: 400, embed: true });
    host.viewers.push(handle);
    const heard: string[] = [];
    await new Promise<void>((resolve) =>
      handle.subscribe(({ type, state }) => {
        heard.push(type);
        if (state?.settled && state.layers.length > 0) resolve();
      }),
    );
    return heard;
  }, run);
  expect(types[0]).toBe("ready");
  const ask = (message: object) =>
    page.evaluate((each) => (window as unknown as HostWindow).viewers[0]?.request(each), message);
  const { state } = (await ask({ type: "getState" })) ?? {};
  expect(state?.selection.iteration).toBe(400);
  expect(faultsOf(state)).toEqual([]);
  expect(await ask({ type: "select", iteration: 401 })).toMatchObject({ type: "error", code: "unknown-iteration" });
  expect(await ask({ type: "validate", iteration: 400, dataset: "vnc_crop_a" })).toMatchObject({ type: "scores" });

  expect(page.url()).toBe(site.origin);
  expect(await page.title()).toBe("A host");
  expect(await page.locator("p.overlay").evaluate((text) => getComputedStyle(text).color)).toBe("rgb(1, 2, 3)");
  await expect(page.getByLabel("Field")).toBeFocused();
  const volumes = page.getByRole("region", { name: "Volumes" });
  const position = async () => ((await ask({ type: "getState" })) as unknown as { state: { view: object } }).state.view;
  const before = await position();
  await volumes.hover();
  await page.mouse.wheel(0, 200);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(200);
  expect(await position()).toEqual(before);
  await expect(page.getByLabel("Field")).toBeFocused();
  await volumes.hover();
  await page.mouse.down();
  await page.mouse.up();
  const scrolled = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, 240);
  await expect.poll(position).not.toEqual(before);
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  const left = await page.evaluate(async () => {
    const [handle] = (window as unknown as HostWindow).viewers;
    const answer = handle?.request({ type: "validate", iteration: 400 });
    await new Promise<void>((resolve) => handle?.subscribe(({ type }) => type === "progress" && resolve()));
    handle?.dispose();
    return answer;
  });
  expect(left, "what was asked ends with the viewer").toMatchObject({ type: "error", code: "aborted" });
  await expect.poll(() => page.workers().length).toBe(0);
  await site.stop();
});

test("an element takes attributes, tells its events, and goes on with what is changed", async ({ page, viewer }) => {
  const [affs, mito] = (["vnc_affs", "vnc_mito_distance"] as const).map((run) => `${viewer.origin}${toRunPath(run)}`);
  const element = `<dacapo-run-viewer run="${affs}" iteration="200" embed theme="light"></dacapo-run-viewer>`;
  const site = await startLibrarySite(hostPage.replace(/<div id="place".*<\/div>/, element));
  await openHost(page, site.origin);
  const viewerElement = page.locator("dacapo-run-viewer");
  const selection = () =>
    viewerElement.evaluate(async (host) => {
      const { state } = await (host as unknown as Handle).request({ type: "getState" });
      return (state as unknown as { selection: { run?: string; iteration?: number } }).selection;
    });
  await expect.poll(selection).toMatchObject({ run: affs, iteration: 200 });
  await expect(page.locator(".dv-root")).toHaveAttribute("data-theme", "light");
  const heard = viewerElement.evaluate(
    (host) =>
      new Promise<object>((resolve) =>
        host.addEventListener("state", (event) => resolve((event as CustomEvent).detail)),
      ),
  );
  await viewerElement.evaluate((host) => {
    host.setAttribute("iteration", "1000");
    host.setAttribute("theme", "dark");
  });
  await expect.poll(selection).toMatchObject({ iteration: 1000 });
  expect(await heard).toMatchObject({ app: "dacapo-run-viewer", v: 1, type: "state" });
  await expect(page.locator(".dv-root")).toHaveAttribute("data-theme", "dark");
  await viewerElement.evaluate((host, run) => host.setAttribute("run", run ?? ""), mito);
  await expect.poll(selection).toMatchObject({ run: mito, iteration: 1000 });
  await viewerElement.evaluate((host) => host.remove());
  await expect.poll(() => page.workers().length).toBe(0);
  await site.stop();
});

test("50 mounts and unmounts leave heap, listeners, workers and graphics contexts where they were", async ({
  page,
  viewer,
}) => {
  test.setTimeout(240_000);
  const warnings: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  const site = await startLibrarySite(hostPage);
  await openHost(page, site.origin);
  const run = `${viewer.origin}${toRunPath("vnc_mito_distance")}`;
  const mount = (times: number) =>
    page.evaluate(
      async ([address, count]) => {
        const { mountRunViewer } = window as unknown as HostWindow;
        const mountOnce = async (place: string) => {
          const handle = mountRunViewer(document.getElementById(place), { run: address, embed: true });
          await new Promise<void>((resolve) => {
            handle.subscribe(({ state }) => state?.layers.length === 5 && resolve());
          });
          handle.dispose();
        };
        for (let i = 0; i < count; i += 2) await Promise.all([mountOnce("place"), mountOnce("second")]);
      },
      [run, times] as const,
    );
  await mount(6); // code is compiled, caches are filled
  await expect.poll(() => page.workers().length).toBe(0);
  const before = await measure(page);
  await mount(50);
  await expect.poll(() => page.workers().length).toBe(0);
  const after = await measure(page);
  console.log(`before ${JSON.stringify(before)}, after 50 mounts ${JSON.stringify(after)}`);
  expect(after.listeners - before.listeners).toBeLessThanOrEqual(5);
  expect(after.heapBytes - before.heapBytes).toBeLessThan(3e6);
  await expect(page.locator("#place > *, #second > *, canvas")).toHaveCount(0);
  expect(warnings.filter((text) => text.includes("WebGL contexts"))).toEqual([]);
  await site.stop();
});
