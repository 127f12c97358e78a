import type { Browser } from "@playwright/test";
import { type Dashboard, openDashboard } from "./dashboard.ts";
import { affs, test, watershed } from "./hosting.ts";
import type { State } from "./state-schema.ts";
import { expect, toRunPath } from "./story.ts";

// The public contract, section 3: what a link says.

const part = (key: string, value: string) => `${key}=${encodeURIComponent(value)}`;

/** Sentences that a host is told of a link. */
async function messagesOf(dashboard: Dashboard): Promise<readonly string[]> {
  return (await dashboard.received("error")).map(({ message }) => String(message.message));
}

test.describe("each key of the query", () => {
  test("run, twice: both are opened, in order", async ({ open }) => {
    const { runs, selection } = await (await open(`${affs}&run=${toRunPath("vnc_mito_distance")}`)).settled();
    expect(runs.map(({ name }) => name)).toEqual(["vnc_affs", "vnc_mito_distance"]);
    expect(selection.run).toBe(runs[0]?.url);
  });

  test("the same run twice is one run", async ({ open }) => {
    const { runs } = await (await open(`${affs}&${affs}/`)).settled();
    expect(runs).toHaveLength(1);
  });

  for (const [query, expected] of [
    ["dataset=vnc_crop_a", { dataset: "vnc_crop_a" }],
    ["iteration=400", { iteration: 400 }],
    ["iteration=latest", { iteration: 1000 }],
    ["iteration=best", { iteration: 800 }],
    ["criterion=voi_merge", { criterion: "voi_merge" }],
    [part("parameters", watershed(3, "0.75")), { parameters: watershed(3, "0.75") }],
    [
      `dataset=vnc_crop_a&iteration=200&criterion=voi_split&${part("parameters", watershed(4, "0.9"))}`,
      { dataset: "vnc_crop_a", iteration: 200, criterion: "voi_split", parameters: watershed(4, "0.9") },
    ],
  ] as const) {
    test(`${decodeURIComponent(query)}`, async ({ open }) => {
      const dashboard = await open(`${affs}&${query}`);
      const { selection } = await dashboard.settled();
      expect(selection).toMatchObject(expected);
      expect(await messagesOf(dashboard)).toEqual([]);
    });
  }

  for (const theme of ["light", "dark"]) {
    test(`theme=${theme}`, async ({ open }) => {
      const dashboard = await open(`${affs}&theme=${theme}`);
      await expect(dashboard.frame.locator(`.dv-root[data-theme=${theme}]`)).toBeVisible();
    });
  }

  test("embed=1 without parentOrigin: no chrome, no messages", async ({ page, viewer }) => {
    await page.goto(`${viewer.origin}?embed=1&${affs}`);
    await expect(page.locator(".dv-root[data-embed]")).toBeVisible();
    await expect(page.getByRole("banner")).toHaveCount(0);
  });
});

test.describe("what a link has that is wrong is named, and the rest is used", () => {
  const long = "x".repeat(5000);
  // a link's faults, and words of the one message that names each
  for (const faults of [
    { "colour=red": "colour", "iteration=seven": "seven", "theme=pink": "pink", "#!{": "link's view" },
    { "__proto__=1": "__proto__", "iteration=-1": "-1", "criterion=beauty": "beauty", "#!5": "link's view" },
    { "constructor=1": "constructor", "iteration=1e3": "1e3", "#!%7B%22layout%22%3A%22spiral%22%7D": "layout" },
    { "iteration=99999999999999999999": "99999999999999999999", '#!{"position":["a"]}': "position" },
    { "iteration=401": "401", '#!{"__proto__":{"polluted":1},"constructor":{}}': "__proto__" },
    { "dataset=nowhere": "nowhere", '#!{"concurrentDownloads":9,"layout":"xy"}': "concurrentDownloads" },
    { "parameters=threshold_127": "threshold_127", "#1.%%%": "link's view" },
    { [`dataset=${long}`]: '"dataset" is 5000', [`stats=${long}`]: '"stats" is 5000', "#1.AAAA": "link's view" },
    { [`run=${long}`]: "2 runs", "#nothing": "link's view" },
    { [part("run", "javascript:alert(1)")]: "javascript:alert(1)" },
    { "s3.endpoint=": undefined },
  ]) {
    const parts = Object.keys(faults);
    test(parts.map((each) => each.slice(0, 60)).join(" and "), async ({ open, page }) => {
      const keys = parts.filter((each) => !each.startsWith("#"));
      const hash = parts.find((each) => each.startsWith("#")) ?? "";
      const dashboard = await open(`${[affs, ...keys].join("&")}${hash}`);
      const { runs, selection, layers } = await dashboard.settled();
      expect(runs).toMatchObject([{ name: "vnc_affs", status: "ready" }]);
      expect(selection).toMatchObject({ dataset: "vnc_crop_a", iteration: 800, criterion: "voi" });
      expect(layers).toHaveLength(5);
      const messages = await messagesOf(dashboard);
      for (const [each, named] of Object.entries(faults))
        if (named === undefined) expect(messages, each).toEqual([]);
        else expect(messages, each.slice(0, 60)).toContainEqual(expect.stringContaining(named));
      for (const message of messages) expect(message.length).toBeLessThan(600);
      const frame = page.frames().find((each) => each.url().startsWith("http://localhost"));
      expect(await frame?.evaluate(() => "polluted" in {})).toBe(false);
      await dashboard.check();
    });
  }

  test("names are text: a page says them, and does not become them", async ({ page, viewer }) => {
    const hostile = '<img src=x onerror="document.title=1">';
    await page.goto(`${viewer.origin}?${affs}&${part(hostile, "1")}&${part("dataset", hostile)}`);
    await expect(page.getByText(hostile).first()).toBeVisible();
    await expect(page.locator("img[src=x]")).toHaveCount(0);
  });
});

/** neuroglancer's own state, as it writes it. */
const plain = {
  dimensions: { x: [8e-9, "m"], y: [8e-9, "m"], z: [5e-8, "m"] },
  position: [100.5, 90.25, 14.5],
  crossSectionScale: 0.5,
  projectionScale: 300,
  layout: "xz",
  showAxisLines: false,
  layers: [
    { type: "image", name: "raw", source: "zarr://https://evil.example.org/raw", opacity: 0.25 },
    { type: "segmentation", name: "segmentation", source: "precomputed://https://evil.example.org", visible: false },
    { type: "annotation", name: "notes", source: "local://annotations" },
  ],
};

test.describe("the hash", () => {
  const expectPlain = ({ view, layers }: State) => {
    expect(view).toMatchObject({ layout: "xz", unit: "nm" });
    expect(view.scale).toBeCloseTo(4, 3);
    for (const [axis, nm] of [14.5 * 50, 90.25 * 8, 100.5 * 8].entries())
      expect(Math.abs((view.position?.[axis] ?? 0) - nm)).toBeLessThanOrEqual([50, 8, 8][axis] ?? 0);
    expect(layers.find(({ name }) => name === "segmentation")?.visible).toBe(false);
    expect(layers.map(({ name }) => name)).not.toContain("notes");
  };

  for (const [how, hash] of [
    ["as neuroglancer writes it", `#!${encodeURI(JSON.stringify(plain))}`],
    ["as plain JSON, unencoded", `#!${JSON.stringify(plain)}`],
    ["as plain JSON, wholly encoded", `#!${encodeURIComponent(JSON.stringify(plain))}`],
  ] as const) {
    test(`${how}: the view is used, its sources are not`, async ({ open, page }) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      const dashboard = await open(`${affs}${hash}`);
      expectPlain(await dashboard.settled());
      expect(asked.filter((url) => url.includes("evil.example.org"))).toEqual([]);
    });
  }

  test("without dimensions counts in the voxels of the data", async ({ open }) => {
    const dashboard = await open(`${affs}#!${JSON.stringify({ layout: "yz", crossSectionScale: 1 })}`);
    const { view } = await dashboard.settled();
    expect(view.layout).toBe("yz");
    const again = await open(`${affs}#!${JSON.stringify({ position: [100.5, 100.5, 14.5], crossSectionScale: 1 })}`);
    const state = await again.settled();
    expect(await messagesOf(again)).toEqual([]);
    expect(state.view.scale).toBeCloseTo(view.scale ?? 0, 3);
    expect(state.view.position).not.toEqual(view.position);
  });
});

async function inFreshBrowser(browser: Browser, origin: string, viewer: string, query: string): Promise<State> {
  const context = await browser.newContext({ viewport: { width: 720, height: 480 } });
  const dashboard = await openDashboard(await context.newPage(), origin, viewer, query);
  const state = await dashboard.settled();
  expect(await messagesOf(dashboard)).toEqual([]);
  await context.close();
  return state;
}

/** What a link carries: everything but how far it has come to rest. */
const shown = ({ selection, layers, view, runs }: State) => ({
  selection,
  layers,
  view: { layout: view.layout, unit: view.unit },
  runs: runs.map(({ url }) => url),
});

function expectSame(after: State, before: State): void {
  expect(shown(after)).toEqual(shown(before));
  expect(after.view.scale).toBeCloseTo(before.view.scale ?? 0, 3);
  for (const [axis, value] of (before.view.position ?? []).entries())
    expect(after.view.position?.[axis]).toBeCloseTo(value, 1);
}

/** The address bar of the viewer, without what belongs to this embedding. */
async function queryOf(dashboard: Dashboard, state: State): Promise<string> {
  const address = () => dashboard.frame.locator(":root").evaluate(() => location.href);
  const iteration = String(state.selection.iteration);
  await expect.poll(async () => new URL(await address()).searchParams.get("iteration")).toBe(iteration);
  await new Promise((resolve) => setTimeout(resolve, 1200)); // the view is written to it with a delay
  const url = new URL(await address());
  for (const key of ["embed", "parentOrigin"]) url.searchParams.delete(key);
  return url.search.slice(1) + url.hash;
}

test("a URL opened in a fresh browser gives the same run, selection, layers, position, zoom and layout", async ({
  open,
  browser,
  host,
  viewer,
}) => {
  const dashboard = await open(`${affs}&run=${toRunPath("vnc_mito_distance")}`);
  const { runs } = await dashboard.settled();
  for (const [choice, view] of [
    [
      { iteration: 400, dataset: "vnc_crop_a" },
      { layout: "xy", scale: 3 },
    ],
    [
      { run: runs[1]?.url, dataset: "vnc_crop_b", iteration: 750, criterion: "mito__voi" },
      { layout: "xz-3d", position: [700, 820, 750], scale: 2.5 },
    ],
  ] as const) {
    expect(await dashboard.ask("select", choice)).toMatchObject({ type: "state" });
    await dashboard.settled();
    expect(await dashboard.ask("setView", { view })).toMatchObject({ type: "state" });
    const before = await dashboard.settled();
    const query = await queryOf(dashboard, before);
    expectSame(await inFreshBrowser(browser, host.origin, viewer.origin, query), before);
  }
});
