import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { openDashboard } from "./dashboard.ts";
import { test } from "./hosting.ts";
import { startPlainServer } from "./plain-server.ts";
import { expect } from "./story.ts";

// The public contract, section 1: the command as people start it, and the static build.

const root = resolve(import.meta.dirname, "..");

type Started = {
  /** Everything on stdout and stderr so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves with the first line of stdout, or with what was said at the end. */
  readonly line: Promise<string>;
  readonly code: Promise<number | null>;
  stop(): void;
};

/** `bin` of the package, which is what `npm start` runs. */
function start(words: readonly string[], cwd = root): Started {
  const child = spawn(process.execPath, [resolve(root, "bin/dacapo-run-viewer.js"), ...words], { cwd });
  const said = { out: "", err: "" };
  child.stdout.on("data", (bytes: Buffer) => (said.out += bytes));
  child.stderr.on("data", (bytes: Buffer) => (said.err += bytes));
  const ended = once(child, "close").then(([code]) => code as number | null);
  const line = Promise.race([once(child.stdout, "data"), ended]).then(() => said.out.trim());
  return { out: () => said.out, err: () => said.err, line, code: ended, stop: () => child.kill("SIGTERM") };
}

test("without a directory: one line, the URL of the demo, which opens there", async ({ page }) => {
  const started = start(["--port", "0"]);
  const url = await started.line;
  expect(started.out()).toMatch(/^http:\/\/localhost:\d+\/\S*\n$/);
  expect(started.err()).toBe("");
  await page.goto(url);
  await expect(page).toHaveTitle(/vnc_/);
  await expect(page.locator("canvas").first()).toBeVisible();
  started.stop();
  expect(await started.code).toBe(0);
});

test("a base directory and a run folder: each under /data/<n>/, listed as JSON, with CORS, ranges and ETags", async () => {
  const started = start(["demo", "e2e/fixtures/runs/vnc_rawgt_distance", "--port", "0"]);
  const { origin } = new URL(await started.line);
  const list = async (path: string) => {
    const response = await fetch(`${origin}/data/${path}`, {
      headers: { Accept: "application/json", Origin: "https://a.example" },
    });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const { entries } = (await response.json()) as { entries: { name: string; type: string }[] };
    return entries.map(({ name, type }) => (type === "directory" ? `${name}/` : name));
  };
  expect(await list("0/")).toEqual(expect.arrayContaining(["configs/", "stats/", "vnc_affs/", "vnc_mito_distance/"]));
  expect(await list("1/")).toContain("vnc_rawgt_distance/");
  const file = `${origin}/data/0/stats/training_stats/vnc_affs`;
  const whole = await fetch(file);
  const etag = whole.headers.get("etag") ?? "";
  const bytes = new Uint8Array(await whole.arrayBuffer());
  const part = await fetch(file, { headers: { Range: "bytes=3-9" } });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 3-9/${bytes.length}`]);
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(3, 10));
  expect((await fetch(file, { headers: { "If-None-Match": etag } })).status).toBe(304);
  expect((await fetch(`${origin}/data/0/../../package.json`)).status).toBe(404);
  expect((await fetch(`${origin}/data/0/%2e%2e/%2e%2e/package.json`)).status).not.toBe(200);
  started.stop();
  expect(await started.code).toBe(0);
});

test("the next free port where none was given, a clear error and 1 where a given one is taken", async () => {
  const [first, second] = [start(["demo"]), start(["demo"])];
  const ports = (await Promise.all([first.line, second.line])).map((url) => Number(new URL(url).port));
  expect(new Set(ports).size).toBe(2);
  for (const port of ports) expect(port).toBeGreaterThanOrEqual(8377);
  const third = start(["demo", "--port", String(ports[0])]);
  expect(await third.code).toBe(1);
  expect(third.out()).toBe("");
  expect(third.err()).toMatch(/^Port \d+ is taken: .+\n$/);
  first.stop();
  second.stop();
  expect(await Promise.all([first.code, second.code])).toEqual([0, 0]);
});

for (const words of [
  ["--port", "many"],
  ["--port", "65536"],
  ["--port"],
  ["--colour", "red"],
  ["--embed-origin", "dash.example.org"],
  ["--embed-origin", "https://dash.example.org/path"],
  ["nowhere"],
  ["package.json"],
  ["src"],
]) {
  test(`wrong arguments end with 2 and one line that says what to do: ${words.join(" ")}`, async () => {
    const started = start(words);
    expect(await started.code).toBe(2);
    expect(started.out()).toBe("");
    expect(started.err()).toMatch(/^[^\n]+\.\n$/);
  });
}

test("the static build works from a sub-path of any host, next to the data", async ({ page, host }) => {
  const site = await startPlainServer({ "deep/viewer 1/": resolve(root, "dist"), "deep/runs/": resolve(root, "demo") });
  const viewer = `${site.origin}deep/viewer%201/`;
  const dashboard = await openDashboard(page, host.origin, viewer, "run=../runs/vnc_affs&dataset=vnc_crop_b");
  const { runs, layers } = await dashboard.settled();
  expect(runs[0]).toMatchObject({ name: "vnc_affs", status: "ready", url: `${site.origin}deep/runs/vnc_affs` });
  expect(layers.map(({ name }) => name)).toContain("prediction");
  await dashboard.check();
  const outside = site.asked.filter(({ path }) => !path.startsWith("/deep/"));
  expect(outside).toEqual([]);
  await site.stop();
});

test("the static build works away from the data", async ({ page, host }) => {
  const site = await startPlainServer({ "": resolve(root, "dist") });
  const data = await startPlainServer({ "": resolve(root, "e2e/fixtures/runs") });
  const query = `run=${encodeURIComponent(`${data.origin}vnc_rawgt_distance`)}`;
  const dashboard = await openDashboard(page, host.origin, site.origin, query);
  const { runs, layers } = await dashboard.settled();
  expect(runs[0]).toMatchObject({ name: "vnc_rawgt_distance", status: "ready", volumeIterations: [20, 40, 60] });
  expect(layers.map(({ name }) => name)).toContain("prediction");
  await Promise.all([site.stop(), data.stop()]);
});
