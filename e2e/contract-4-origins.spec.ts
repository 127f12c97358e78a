import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { storyArguments } from "./browser.ts";
import { openDashboard, showDashboard, startDashboard, toEmbedUrl } from "./dashboard.ts";
import { affs, test } from "./hosting.ts";
import { startPlainServer } from "./plain-server.ts";
import { expect } from "./story.ts";
import { startViewer } from "./viewer-process.ts";

// The public contract, section 4: whom the viewer speaks with, and what it shows where it stays silent.

const root = resolve(import.meta.dirname, "..");

/** Names that are not loopback's own, so that the viewer's deployment has to allow them. */
const names = "MAP viewer.test 127.0.0.1, MAP dash.test 127.0.0.1, MAP other.test 127.0.0.1";

test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, args: [...storyArguments, `--host-resolver-rules=${names}`] }),
});

test("an error has a code, a sentence and what it is about", async ({ open, page, host, viewer }) => {
  const dashboard = await openDashboard(page, host.origin, viewer.origin, "run=data/0/nothing&colour=red");
  await dashboard.settled();
  const errors = (await dashboard.received("error")).map(({ message }) => message);
  expect(errors.length).toBeGreaterThan(1);
  for (const { code, message, subject } of errors) {
    expect(code).toMatch(/^[a-z][a-z-]+$/);
    expect(message).toMatch(/^.+\s.+[.]$/);
    expect(subject).toEqual(expect.any(String));
  }
  expect(errors.some(({ message }) => String(message).includes("colour"))).toBe(true);
  const later = await open(affs);
  expect(await later.ask("dance")).toMatchObject({ type: "error", code: "bad-message" });
  expect(await later.ask("infer", { model: { iteration: 5 } })).toMatchObject({ type: "error" });
});

test("what is malformed or too large is ignored, with a warning, and malformed requests are told", async ({
  open,
  page,
}) => {
  const warnings: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  const dashboard = await open(affs);
  await dashboard.settled();
  const count = async () => (await dashboard.received()).length;
  const before = await count();
  for (const data of [null, 5, "text", [], {}, { type: "getState" }, { app: "other", v: 1, type: "getState" }])
    await dashboard.post(data);
  expect(await dashboard.ask("getState")).toMatchObject({ type: "state" });
  expect(await count()).toBe(before + 1);
  await expect.poll(() => warnings.filter((text) => text.includes("is no object of the form")).length).toBe(7);
  const ours = { app: "dacapo-run-viewer", v: 1, id: "wrong" };
  const malformed = [{ v: 2, type: "getState" }, { type: "open", runs: [], v: "1" }, { type: "open", runs: "all" }, {}];
  for (const fields of malformed) await dashboard.post({ ...ours, ...fields });
  await expect.poll(() => warnings.filter((text) => text.includes("was refused")).length).toBe(malformed.length);
  const refusals = (await dashboard.received("error")).filter(({ message }) => message.id === "wrong");
  expect(refusals.map(({ message }) => message.code)).toEqual(malformed.map(() => "bad-message"));
  const large = { ...ours, type: "open", runs: [], id: "large" };
  await dashboard.post({ ...large, runs: ["x".repeat(2 ** 20)] });
  await page.evaluate((message) => {
    const frame = document.querySelector("iframe");
    frame?.contentWindow?.postMessage({ ...message, data: new ArrayBuffer(2 ** 21) }, "*");
  }, large);
  await expect.poll(() => warnings.filter((text) => text.includes("1048576 bytes")).length).toBe(2);
  expect((await dashboard.received()).map(({ message }) => message.id)).not.toContain("large");
  expect((await dashboard.state()).runs).toHaveLength(1);
});

test("other windows and other origins are not listened to", async ({ open, page }) => {
  const warnings: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  const dashboard = await open(affs);
  await dashboard.settled();
  const intruder = await startDashboard(); // its page knows nothing of the viewer; what it is told to do is below
  await page.evaluate((origin) => {
    const frame = document.createElement("iframe");
    frame.src = `${origin}/#about:blank`;
    document.body.append(frame);
    return new Promise((loaded) => frame.addEventListener("load", loaded));
  }, intruder.origin);
  const frame = page.frames().find((each) => each.url().startsWith(`${intruder.origin}/#`));
  await frame?.evaluate(() => {
    const replies: unknown[] = [];
    addEventListener("message", ({ data }) => replies.push(data));
    (window as unknown as { replies: unknown[] }).replies = replies;
    const viewer = parent.frames[0];
    viewer?.postMessage({ app: "dacapo-run-viewer", v: 1, type: "open", runs: [], id: "intruder" }, "*");
  });
  await expect.poll(() => warnings.some((text) => text.includes("was ignored"))).toBe(true);
  expect(await frame?.evaluate(() => (window as unknown as { replies: unknown[] }).replies)).toEqual([]);
  expect((await dashboard.state()).runs).toHaveLength(1);
  await intruder.stop();
});

test("the right origin from another window, and the right window from another origin, are not listened to", async ({
  open,
  page,
  viewer,
  host,
}) => {
  const warnings: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  const ignored = () => warnings.filter((text) => text.includes("was ignored: only the host at")).length;
  const dashboard = await open(affs);
  await dashboard.settled();
  await page.evaluate(() => {
    const sibling = document.createElement("iframe"); // of the host's own origin
    sibling.srcdoc = `<script>
      parent.frames[0].postMessage({ app: "dacapo-run-viewer", v: 1, type: "open", runs: [], id: "sibling" }, "*");
    </script>`;
    document.body.append(sibling);
  });
  await expect.poll(ignored).toBe(1);
  expect((await dashboard.state()).runs).toHaveLength(1);
  const other = new URL(host.origin.replace("127.0.0.1", "localhost")).origin; // allowed, but not where the host is
  const mistaken = await showDashboard(page, host.origin, toEmbedUrl(viewer.origin, other, affs));
  await expect(mistaken.frame.locator("canvas").first()).toBeVisible();
  await mistaken.post({ app: "dacapo-run-viewer", v: 1, type: "getState", id: "mistaken" });
  await expect.poll(ignored).toBe(2);
  expect(await mistaken.received()).toEqual([]);
});

test("a page that is not framed answers nobody, itself neither", async ({ page, viewer }) => {
  const origin = encodeURIComponent(new URL(viewer.origin).origin);
  await page.addInitScript(() => {
    let count = 0;
    addEventListener("message", () => count++);
    Object.defineProperty(window, "messages", { get: () => count });
  });
  await page.goto(`${viewer.origin}?embed=1&parentOrigin=${origin}&${affs}`);
  await expect(page.locator(".dv-root[data-embed]")).toBeVisible();
  await page.evaluate(() => window.postMessage({ app: "dacapo-run-viewer", v: 1, type: "getState" }, "*"));
  await expect.poll(() => page.evaluate(() => (window as unknown as { messages: number }).messages)).toBe(1);
});

test("embed=1 shows the view and the timeline alone, and never takes the focus", async ({ page, viewer, host }) => {
  await page.goto(`${host.origin}/#${viewer.origin}embed.json`);
  await page.evaluate(() => {
    const field = document.createElement("input");
    document.body.prepend(field);
    field.focus();
  });
  const source = toEmbedUrl(viewer.origin, host.origin, affs);
  await page.evaluate((url) => document.querySelector("iframe")?.setAttribute("src", url), source);
  const frame = page.frameLocator("iframe");
  await expect(frame.locator("canvas").first()).toBeVisible();
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          (window as unknown as { received: { message: { state?: { settled?: boolean } } }[] }).received.at(-1)?.message
            .state?.settled,
      ),
    )
    .toBe(true);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
  await expect(frame.getByRole("banner")).toHaveCount(0);
  await expect(frame.getByRole("tablist")).toHaveCount(0);
  await expect(frame.getByRole("slider").first()).toBeVisible();
});

async function silentPage(page: Page, url: string, origin: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByText(origin).first()).toBeVisible();
  await expect(page.getByText("embed.json").first()).toBeVisible();
  await expect(page.locator(".dv-root[data-embed]")).toHaveCount(0);
  await expect(page.locator("canvas").first()).toBeVisible();
}

test("an origin that the deployment does not allow: the page shows, not embedded, why it stays silent", async ({
  page,
  viewer,
}) => {
  const stranger = "https://dash.example.org";
  await silentPage(page, `${viewer.origin}?embed=1&parentOrigin=${encodeURIComponent(stranger)}&${affs}`, stranger);
});

test("a parentOrigin that is none: the page shows, not embedded, why", async ({ page, viewer }) => {
  await page.goto(`${viewer.origin}?embed=1&parentOrigin=*&${affs}`);
  await expect(page.getByText("parentOrigin").first()).toBeVisible();
  await expect(page.locator(".dv-root[data-embed]")).toHaveCount(0);
});

test("speaks with the origins of embed.json in a static build, and with no other", async ({ page, host }) => {
  const folder = await mkdtemp(join(tmpdir(), "static-"));
  await cp(join(root, "dist"), folder, { recursive: true });
  const dash = host.origin.replace("127.0.0.1", "dash.test");
  await writeFile(join(folder, "embed.json"), JSON.stringify({ origins: [dash] }));
  const site = await startPlainServer({ "viewer/": folder, "data/": join(root, "demo") });
  const viewer = `${site.origin.replace("127.0.0.1", "viewer.test")}viewer/`;
  const dashboard = await openDashboard(page, dash, viewer, "run=../data/vnc_affs");
  const state = await dashboard.settled();
  expect(state.runs[0]).toMatchObject({ name: "vnc_affs", status: "ready" });
  await dashboard.check();
  const other = host.origin.replace("127.0.0.1", "other.test");
  await showDashboard(page, other, toEmbedUrl(viewer, other, "run=../data/vnc_affs"));
  await expect(page.frameLocator("iframe").getByText(other).first()).toBeVisible();
  await silentPage(page, toEmbedUrl(viewer, host.origin, "run=../data/vnc_affs"), host.origin);
  await site.stop();
  await rm(folder, { recursive: true });
});

test("--embed-origin allows an origin, and sends the matching frame-ancestors", async ({ page, host }) => {
  const dash = host.origin.replace("127.0.0.1", "dash.test");
  const server = await startViewer(
    ["demo"],
    ["--host", "127.0.0.1", "--embed-origin", dash, "--embed-origin", "https://two.example.org"],
  );
  const policy = (await fetch(server.origin)).headers.get("content-security-policy") ?? "";
  expect(policy).toContain("frame-ancestors 'self'");
  expect(policy).toContain(dash);
  expect(policy).toContain("https://two.example.org");
  const dashboard = await openDashboard(page, dash, server.origin, "run=data/0/vnc_affs");
  await dashboard.settled();
  const blocked = host.origin.replace("127.0.0.1", "other.test");
  await showDashboard(page, blocked, toEmbedUrl(server.origin, blocked, "run=data/0/vnc_affs"));
  await expect.poll(() => page.frames().some((frame) => frame.url().startsWith("chrome-error:"))).toBe(true);
  await server.stop();
});
