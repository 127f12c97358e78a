import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { build } from "vite";
import { expectNoFaults } from "./faults.ts";
import { libraryFolder, root } from "./library.ts";
import { startPlainServer } from "./plain-server.ts";
import { expect, type FixtureRun, test, toRunPath } from "./story.ts";

// The examples, as who copies them would run them: each on an origin of its own.

test.use({ viewport: { width: 1500, height: 900 } });

test("the dashboard drives three viewers from another origin", async ({ page, viewer }) => {
  test.setTimeout(240_000);
  const site = await startPlainServer({ "": join(root, "examples/dashboard") });
  const runs = (["vnc_affs", "vnc_mito_distance", "vnc_rawgt_distance"] as const).map(toRunPath);
  const query = new URLSearchParams([["viewer", viewer.origin], ...runs.map((run) => ["run", run])]);
  await page.goto(`${site.origin}?${query}`);
  const cards = page.getByRole("article");
  await expect(cards).toHaveCount(3);
  const settled = () => expect.poll(() => page.locator("article[data-settled=true]").count()).toBe(3);
  await settled();
  for (const [index, run] of (["vnc_affs", "vnc_mito_distance", "vnc_rawgt_distance"] as const).entries())
    await expect(cards.nth(index).getByRole("heading")).toHaveText(run);

  await page.getByRole("button", { name: "Latest of each" }).click();
  for (const [index, iteration] of [1000, 1250, 60].entries())
    await expect(cards.nth(index).getByText("shown:")).toContainText(`shown: ${iteration} `);
  await page.getByLabel("Layout").selectOption("xy");
  await page.getByLabel("Theme").selectOption("light");
  for (const frame of page.frames().slice(1)) {
    await expect(frame.getByRole("button", { name: "Section across z" })).toHaveAttribute("aria-pressed", "true");
    await expect(frame.locator(".dv-root")).toHaveAttribute("data-theme", "light");
  }
  await settled();
  await expectNoFaults(page, "dashboard, light");
  await page.getByLabel("Theme").selectOption("dark");
  for (const frame of page.frames().slice(1))
    await expect(frame.locator(".dv-root")).toHaveAttribute("data-theme", "dark");
  await expectNoFaults(page, "dashboard, dark", ["color-contrast"]);
  await walkThrough(page, cards.first());
  await moveTogether(page, cards);
  const first = cards.first();
  await first.getByRole("button", { name: "Score again" }).click();
  await expect(first.getByRole("status")).toContainText("5 outputs of 800 scored again; voi_split");
  await first.getByRole("button", { name: /^voi_split .* at 600$/ }).click();
  await expect(first.getByText("shown:")).toContainText("shown: 600 ");
  await site.stop();
});

/** Keys alone reach what the page has, what a viewer in it has, and leave that again. */
async function walkThrough(page: Page, card: Locator): Promise<void> {
  const viewer = card.frameLocator("iframe");
  await page.getByLabel("Theme").focus();
  await tabTo(page, viewer.getByRole("button", { name: "Previous iteration" }));
  await tabTo(page, viewer.getByRole("slider", { name: "Iteration" }));
  await page.keyboard.press("Home");
  await expect(card.getByText("shown:")).toContainText("shown: 200 ");
  await tabTo(page, card.getByRole("button", { name: /^voi .* at 800$/ }));
  await page.keyboard.press("Enter");
  await expect(card.getByText("shown:")).toContainText("shown: 800 ");
}

async function tabTo(page: Page, goal: Locator): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    if (await goal.evaluate((element) => element.matches(":focus-within"))) return;
  }
  throw new Error(`Forty presses of Tab do not lead to ${goal}.`);
}

/** Where the wheel takes one viewer, once it was clicked into, the others go. */
async function moveTogether(page: Page, cards: Locator): Promise<void> {
  const slices = () =>
    Promise.all(
      page
        .frames()
        .slice(1)
        .map((frame) => frame.locator(".dv-volumes").screenshot()),
    );
  const before = await slices();
  const volumes = cards.nth(1).frameLocator("iframe").getByRole("region", { name: "Volumes" });
  await volumes.hover();
  await page.mouse.wheel(0, 120); // nobody has clicked yet
  await page.mouse.down();
  await page.mouse.up();
  await page.keyboard.press("Control+Equal"); // neuroglancer's zoom
  await expect
    .poll(async () => (await slices()).every((slice, index) => !slice.equals(before[index] ?? slice)))
    .toBe(true);
}

/** The app beside packages as npm would put them: the library as it is published, and React. */
async function installReactExample(): Promise<string> {
  const app = await mkdtemp(join(tmpdir(), "react-example-"));
  await cp(join(root, "examples/react"), app, { recursive: true });
  await mkdir(join(app, "node_modules/dacapo-run-viewer"), { recursive: true });
  await cp(join(root, "package.json"), join(app, "node_modules/dacapo-run-viewer/package.json"));
  await symlink(libraryFolder(), join(app, "node_modules/dacapo-run-viewer/lib"));
  for (const name of ["react", "react-dom", "scheduler"])
    await symlink(join(root, "node_modules", name), join(app, "node_modules", name));
  return app;
}

test("the React app, built by a plain Vite, chooses runs and iterations by properties", async ({ page, viewer }) => {
  const app = await installReactExample();
  await build({ root: app, configFile: false, logLevel: "silent", resolve: { preserveSymlinks: true } });
  const site = await startPlainServer({ "": join(app, "dist") });
  const address = (run: FixtureRun) => `${viewer.origin}${toRunPath(run)}`;
  const query = new URLSearchParams([
    ["run", address("vnc_affs")],
    ["run", address("vnc_mito_distance")],
  ]);
  await page.goto(`${site.origin}?${query}`);
  const status = page.locator("output");
  await expect(status).toContainText(", settled");
  await page.getByRole("combobox", { name: "Iteration", exact: true }).selectOption("400");
  await expect(status).toHaveText("vnc_affs at 400, settled");
  await page.getByRole("combobox", { name: "Run", exact: true }).selectOption({ label: "vnc_mito_distance" });
  await expect(status).toHaveText(/^vnc_mito_distance at \d+, settled$/);
  await expectNoFaults(page, "React app");
  await page.getByRole("button", { name: "Close the viewer" }).click();
  await expect.poll(() => page.workers().length).toBe(0);
  await page.getByRole("button", { name: "Open the viewer" }).click();
  await expect(page.locator(".dv-volumes canvas").first()).toBeVisible();
  await site.stop();
  await rm(app, { recursive: true });
});

type Notebook = { cells: { cell_type: string; source: string[]; outputs?: { data: Record<string, string[]> }[] }[] };

/** Jupyter with jupyter-server-proxy: its own page, and below a prefix what listens on a port of the same machine. */
async function startJupyter(page: string, prefix: string, target: string) {
  const proxy = (asked: IncomingMessage, response: ServerResponse) => {
    if (!asked.url?.startsWith(prefix)) return response.writeHead(200, { "Content-Type": "text/html" }).end(page);
    const url = new URL(asked.url.slice(prefix.length), target);
    const passed = request(url, { method: asked.method, headers: { ...asked.headers, host: url.host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    return asked.pipe(passed);
  };
  const server = createServer(proxy);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const stop = () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections());
  return { origin: `http://127.0.0.1:${port}/`, stop };
}

/** The cell as a kernel runs it, with the one thing that it imports from Jupyter; undefined where there is no Python. */
function runCell(source: string): string | undefined {
  const stub = [
    "import sys, types",
    "display = types.ModuleType('IPython.display')",
    "display.IFrame = lambda src, width, height: src",
    "sys.modules['IPython'] = types.ModuleType('IPython'); sys.modules['IPython.display'] = display",
  ];
  const lines = source.split("\n");
  const code = [...stub, ...lines.slice(0, -1), `print(${lines.at(-1)})`].join("\n");
  const { status, stdout } = spawnSync("python3", ["-c", code], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

test("the notebook's cell shows the viewer behind a proxy with a path prefix", async ({ page, viewer }) => {
  const text = await readFile(join(root, "examples/jupyter/run-viewer.ipynb"), "utf8");
  const cell = (JSON.parse(text) as Notebook).cells.find(({ cell_type }) => cell_type === "code");
  const output = cell?.outputs?.[0]?.data["text/html"]?.join("") ?? "";
  const source = /src="([^"]+)"/.exec(output)?.[1] ?? "";
  const printed = runCell(cell?.source.join("") ?? "");
  if (printed === undefined) console.log("skipped: the notebook's code itself, as there is no python3 here");
  else expect(printed).toBe(source);
  const notebook = `<!doctype html><meta charset="utf-8"><title>Notebook</title><h1>Notebook</h1>${output}`;
  const jupyter = await startJupyter(notebook, "/user/ada/proxy/8377/", viewer.origin);
  const failures: string[] = [];
  page.on("response", (response) => response.status() >= 500 && failures.push(response.url()));
  await page.goto(`${jupyter.origin}user/ada/lab`);
  const frame = page.frameLocator("iframe");
  await expect(frame.getByRole("region", { name: "Volumes" })).toHaveAttribute("aria-busy", "false");
  await expect(frame.getByRole("slider", { name: "Iteration" })).toHaveAttribute("aria-valuetext", /best/i);
  expect(page.frames().every((each) => each.url().startsWith(jupyter.origin))).toBe(true);
  expect(failures).toEqual([]);
  await jupyter.stop();
});
