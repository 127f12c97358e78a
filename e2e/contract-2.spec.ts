import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { openDashboard } from "./dashboard.ts";
import { startGatedServer } from "./gated-server.ts";
import { test } from "./hosting.ts";
import { startPlainServer, staticHost } from "./plain-server.ts";
import {
  affinities,
  type Base,
  createBase,
  distance,
  toLosses,
  toLossPickle,
  toRunYaml,
  toScorePickle,
  toStatsJson,
  watershed,
  writeInputs,
  writeVolumes,
} from "./run-writer.ts";
import { startS3Server } from "./s3-server.ts";
import type { State } from "./state-schema.ts";
import { expect, toRunPath } from "./story.ts";
import { startViewer } from "./viewer-process.ts";

// The public contract, section 2: what can be opened.

const demo = resolve(import.meta.dirname, "../demo");

const part = (key: string, value: string) => `${key}=${encodeURIComponent(value)}`;

/** The demo's instance run is whole: losses, scores, volumes, checkpoints. */
function expectDemo(state: State): void {
  const [run] = state.runs;
  expect(run).toMatchObject({
    name: "vnc_affs",
    status: "ready",
    problems: [],
    trainedUntil: 1000,
    validationIterations: [200, 400, 600, 800, 1000],
    volumeIterations: [200, 400, 600, 800, 1000],
    checkpoints: [200, 400, 600, 800, 1000],
    datasets: ["vnc_crop_b", "vnc_crop_a"],
  });
  const names = state.layers.map(({ name }) => name).toSorted();
  expect(names).toEqual(["best", "gt", "prediction", "raw", "segmentation"]);
}

const score = (iteration: number, value: number) => ({
  iteration,
  scores: [watershed.map(() => [value, value, value])],
});

/** Nothing but what configuration and scores imply. */
function expectImplied(state: State): void {
  const [run] = state.runs;
  expect(run).toMatchObject({ name: "run", status: "ready", problems: [], trainedUntil: 100, datasets: ["crop"] });
  expect(run).toMatchObject({ validationIterations: [100], volumeIterations: [100], checkpoints: [100] });
  const names = state.layers.map(({ name }) => name).toSorted();
  expect(names).toEqual(["best", "gt", "prediction", "raw", "segmentation"]);
}

test("an http address of another server, which lists nothing", async ({ open }) => {
  const base = await createBase();
  await writeRun(base, "run");
  const server = await startPlainServer({ "": base.path });
  const dashboard = await open(part("run", `${server.origin}run`));
  const state = await dashboard.settled();
  expectImplied(state);
  expect(state.runs[0]?.url).toBe(`${server.origin}run`);
  await dashboard.check();
  await server.stop();
  await base.dispose();
});

test("an http address of a server that ignores ranges and knows no conditional requests", async ({ open }) => {
  const base = await createBase();
  await writeRun(base, "run");
  const server = await startPlainServer({ "deep/er/": base.path }, { ...staticHost, range: "whole" });
  const dashboard = await open(part("run", `${server.origin}deep/er/run`));
  expectImplied(await dashboard.settled());
  await server.stop();
  await base.dispose();
});

test("a server that lists nothing, of a run whose datasets nothing records: a link may name one", async ({ open }) => {
  const server = await startPlainServer({ "": demo });
  const unnamed = await (await open(part("run", `${server.origin}vnc_affs`))).settled();
  expect(unnamed.runs[0]).toMatchObject({
    status: "ready",
    validatedUntil: 1000,
    checkpoints: [200, 400, 600, 800, 1000],
  });
  const told = unnamed.runs[0]?.problems.find(({ code }) => code === "datasets-unnamed");
  expect(told?.message).toContain("lists no files, and the run does not record its datasets' names");
  expect(told?.subject).toBe(`${server.origin}vnc_affs/validation.zarr`);
  const named = await open(`${part("run", `${server.origin}vnc_affs`)}&dataset=vnc_crop_a`);
  const state = await named.settled();
  expect(state.selection.dataset).toBe("vnc_crop_a");
  const names = state.layers.map(({ name }) => name).toSorted();
  expect(names).toEqual(["gt", "prediction", "raw", "segmentation"]);
  await named.check();
  await server.stop();
});

test("a server that lists nothing, of a folder's only dataset: its name is that of its group", async ({ open }) => {
  const base = await createBase();
  const yaml = toRunYaml({ name: "only", task: affinities, datasets: [] });
  const simple = ["  __type__: SimpleDataSplitConfig", "  name: split", "  path: /data/vnc.zarr", ""].join("\n");
  const [before = ""] = yaml.split("  __type__: TrainValidateDataSplitConfig");
  await base.write("configs/runs/only.yaml", before + simple);
  await base.write("stats/validation_scores/only", toScorePickle("only", [score(100, 1)]));
  await writeInputs(base, "only", "test");
  await writeVolumes(base, "only", 100, "ds_test", watershed);
  const server = await startGatedServer(base.path);
  const { runs, layers } = await (await open(part("run", `${server.origin}only`))).settled();
  expect(runs[0]).toMatchObject({ datasets: ["test"], volumeIterations: [100] });
  expect(layers.map(({ name }) => name)).toContain("best");
  await server.stop();
  await base.dispose();
});

for (const [name, path] of [
  ["relative to the page", toRunPath("vnc_affs")],
  ["relative to the page, with ./ before it", `./${toRunPath("vnc_affs")}`],
  ["from the root of the page's server", `/${toRunPath("vnc_affs")}`],
  ["with a trailing slash", `${toRunPath("vnc_affs")}/`],
  ["with percent-encoded letters", toRunPath("vnc_affs").replace("vnc", "%76%6Ec")],
  ["of something inside the run's folder", `${toRunPath("vnc_affs")}/validation.zarr`],
] as const) {
  test(`an address ${name}`, async ({ open }) => {
    expectDemo(await (await open(part("run", path))).settled());
  });
}

test("an s3:// address, of a bucket that everybody may list", async ({ open }) => {
  const server = await startS3Server("runs-of-vnc", demo, { listing: "allowed" });
  const dashboard = await open(`${part("run", "s3://runs-of-vnc/vnc_affs")}&${part("s3.endpoint", server.endpoint)}`);
  const state = await dashboard.settled();
  expectDemo(state);
  expect(state.runs[0]?.url).toBe("s3://runs-of-vnc/vnc_affs");
  expect(server.asked.some((url) => url.includes("continuation-token"))).toBe(true);
  const block = await dashboard.read("raw", [0, 0, 0], [1, 1, 1]);
  expect(block.shape.slice(-3)).toEqual([1, 1, 1]);
  await server.stop();
});

test("an s3:// address, of a bucket whose listing is forbidden", async ({ open }) => {
  const base = await createBase();
  await writeRun(base, "run");
  const server = await startS3Server("runs-of-vnc", base.path, { listing: "forbidden" });
  const dashboard = await open(`${part("run", "s3://runs-of-vnc/run")}&${part("s3.endpoint", server.endpoint)}`);
  expectImplied(await dashboard.settled());
  await server.stop();
  await base.dispose();
});

test("runs= lists the runs of a base directory, and each opens", async ({ page, viewer }) => {
  await page.goto(`${viewer.origin}?${part("runs", "data/0")}`);
  const list = page.getByRole("region", { name: "Runs of this directory" });
  await expect(list.getByRole("row")).toHaveText([/^Compare/, /^vnc_affs/, /^vnc_mito_distance/]);
  await list.getByRole("button", { name: "vnc_mito_distance" }).click();
  await expect(page.getByRole("banner").getByText("vnc_mito_distance").first()).toBeVisible();
  await expect(page).toHaveURL(/run=.*vnc_mito_distance/);
});

test("runs= lists the runs of a bucket", async ({ page, viewer }) => {
  const server = await startS3Server("runs-of-vnc", demo, { listing: "allowed" });
  await page.goto(`${viewer.origin}?${part("runs", "s3://runs-of-vnc/")}&${part("s3.endpoint", server.endpoint)}`);
  const list = page.getByRole("region", { name: "Runs of this directory" });
  await expect(list.getByRole("row")).toHaveText([/^Compare/, /^vnc_affs/, /^vnc_mito_distance/]);
  await list.getByRole("button", { name: "vnc_affs" }).click();
  await expect(page.getByRole("banner").getByText("vnc_affs").first()).toBeVisible();
  await server.stop();
});

test("runs= of a server that lists nothing says so, and what to do", async ({ page, viewer }) => {
  const server = await startPlainServer({ "": demo });
  await page.goto(`${viewer.origin}?${part("runs", server.origin)}`);
  await expect(page.getByText("lists no files").first()).toBeVisible();
  await expect(page.getByText("autoindex").first()).toBeVisible();
  await server.stop();
});

test("stats= and configs= name other folders, on other servers too", async ({ open }) => {
  const volumes = await createBase();
  await writeInputs(volumes, "apart", "crop");
  await writeVolumes(volumes, "apart", 100, "ds_crop", watershed);
  const stats = await createBase();
  const rows = [{ iteration: 100, scores: [watershed.map((_, p) => [1, 1, p + 1])] }];
  await stats.write("training_stats/apart", toLossPickle("apart", toLosses(100)));
  await stats.write("validation_scores/apart", toScorePickle("apart", rows));
  const configs = await createBase();
  await configs.write("runs/apart.yaml", toRunYaml({ name: "apart", task: affinities, datasets: ["crop"] }));
  const servers = await Promise.all([volumes, stats, configs].map(({ path }) => startGatedServer(path)));
  const [a, b, c] = servers.map(({ origin }) => origin);
  const query = [part("run", `${a}apart`), part("stats", `${b}`), part("configs", `${c}`.replace(/\/$/, ""))].join("&");
  const { runs, layers } = await (await open(query)).settled();
  expect(runs[0]).toMatchObject({ status: "ready", problems: [], datasets: ["crop"], trainedUntil: 100 });
  expect(runs[0]?.best.find(({ criterion }) => criterion === "voi")).toMatchObject({ score: 1, iteration: 100 });
  expect(layers.map(({ name }) => name)).toContain("segmentation");
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all([volumes, stats, configs].map((base) => base.dispose()));
});

/** A run with losses until 100 and a score of 2 at 100 in its pickles. */
async function writeRun(base: Base, run: string): Promise<void> {
  await base.write(`configs/runs/${run}.yaml`, toRunYaml({ name: run, task: affinities, datasets: ["crop"] }));
  await base.write(`stats/training_stats/${run}`, toLossPickle(run, toLosses(100)));
  await base.write(`stats/validation_scores/${run}`, toScorePickle(run, [score(100, 2)]));
  await writeInputs(base, run, "crop");
  await writeVolumes(base, run, 100, "ds_crop", watershed);
  await base.write(`${run}/checkpoints/iterations/100`, "PK");
}

const voiOf = ({ runs }: State) => runs[0]?.best.find(({ criterion }) => criterion === "voi");

for (const lists of [true, false]) {
  const how = lists ? "where the server lists files" : "where it does not";
  test(`stats as JSON: alone, newer or older than the pickles, with NaN of both kinds, ${how}`, async ({
    page,
    host,
    viewer,
  }) => {
    const base = await createBase();
    for (const run of ["alone", "newer", "older"]) {
      await writeRun(base, run);
      const scores = [score(100, Number.NaN), score(200, 1)];
      await base.write(`stats/training_stats/${run}.json`, toStatsJson(run, toLosses(200)));
      await base.write(`stats/validation_scores/${run}.json`, toStatsJson(run, scores, run === "alone"));
    }
    for (const kind of ["training_stats", "validation_scores"]) {
      await base.remove(`stats/${kind}/alone`);
      for (const [run, pickle, json] of [
        ["newer", 1_700_000_000, 1_700_000_100],
        ["older", 1_700_000_100, 1_700_000_000],
      ] as const) {
        await base.touch(`stats/${kind}/${run}`, pickle);
        await base.touch(`stats/${kind}/${run}.json`, json);
      }
    }
    const server = lists ? await startViewer([base.path]) : await startGatedServer(base.path);
    const root = lists ? `${server.origin}data/0/` : server.origin;
    for (const [run, trainedUntil, best] of [
      ["alone", 200, 1],
      ["newer", 200, 1],
      ["older", 100, 2],
    ] as const) {
      const dashboard = await openDashboard(page, host.origin, viewer.origin, part("run", root + run));
      const state = await dashboard.settled();
      expect(state.runs[0], run).toMatchObject({ status: "ready", problems: [], trainedUntil });
      expect(voiOf(state), run).toMatchObject({ score: best });
      await dashboard.check();
    }
    await server.stop();
    await base.dispose();
  });
}

test.describe("a missing piece costs only what needs it", () => {
  async function openWithout(
    open: (query: string) => Promise<Awaited<ReturnType<typeof openDashboard>>>,
    missing: readonly string[],
  ) {
    const base = await createBase();
    await writeRun(base, "run");
    for (const path of missing) await base.remove(path);
    const server = await startGatedServer(base.path);
    const dashboard = await open(part("run", `${server.origin}run`));
    const state = await dashboard.settled();
    await dashboard.check();
    await server.stop();
    await base.dispose();
    const [run] = state.runs;
    if (run === undefined) throw new Error("No run was opened.");
    return { state, run, names: state.layers.map(({ name }) => name).toSorted() };
  }
  const all = ["best", "gt", "prediction", "raw", "segmentation"];

  test("no configs", async ({ page, host, viewer }) => {
    const base = await createBase();
    await writeRun(base, "run");
    await base.remove("configs/runs/run.yaml");
    const server = await startViewer([base.path]);
    const dashboard = await openDashboard(page, host.origin, viewer.origin, part("run", `${server.origin}data/0/run`));
    const { runs, layers } = await dashboard.settled();
    expect(runs[0]).toMatchObject({ status: "partial", datasets: ["crop"], parameters: watershed, checkpoints: [100] });
    expect(runs[0]?.criteria).toEqual(["voi_split", "voi_merge", "voi"]);
    expect(runs[0]?.problems.map(({ code }) => code)).toEqual(["no-config"]);
    expect(layers.map(({ name }) => name).toSorted()).toEqual(all);
    await server.stop();
    await base.dispose();
  });

  test("no scores yet", async ({ open }) => {
    const { run, names } = await openWithout(open, ["stats/validation_scores/run", "run/validation.zarr"]);
    expect(run).toMatchObject({
      status: "partial",
      trainedUntil: 100,
      validatedUntil: 0,
      validationIterations: [],
      best: [],
    });
    expect(run).toMatchObject({ datasets: ["crop"], checkpoints: [100] });
    expect(names).toEqual([]);
  });

  test("no checkpoints", async ({ open }) => {
    const { run, names } = await openWithout(open, ["run/checkpoints"]);
    expect(run).toMatchObject({ status: "ready", problems: [], checkpoints: [], validatedUntil: 100 });
    expect(names).toEqual(all);
  });

  test("no stats", async ({ open }) => {
    const { run } = await openWithout(open, ["stats"]);
    expect(run).toMatchObject({ status: "partial", trainedUntil: 0, validatedUntil: 0, best: [], datasets: ["crop"] });
  });

  test("no losses", async ({ open }) => {
    const { run, names } = await openWithout(open, ["stats/training_stats"]);
    expect(run).toMatchObject({ status: "partial", trainedUntil: 0, validatedUntil: 100 });
    expect(run.best.length).toBeGreaterThan(0);
    expect(names).toEqual(all);
  });

  test("no raw", async ({ open }) => {
    const { run, names } = await openWithout(open, ["run/validation.zarr/inputs/crop/raw"]);
    expect(run).toMatchObject({ status: "ready", problems: [] });
    expect(names).toEqual(all.filter((name) => name !== "raw"));
  });

  test("only a configuration", async ({ open }) => {
    const { run, names } = await openWithout(open, ["stats", "run"]);
    expect(run).toMatchObject({ status: "partial", trainedUntil: 0, volumeIterations: [], checkpoints: [] });
    expect(names).toEqual([]);
  });

  test("only volumes, and a server that lists them", async ({ page, host, viewer }) => {
    const base = await createBase();
    await writeInputs(base, "run", "crop");
    await writeVolumes(base, "run", 100, "ds_crop", watershed);
    const server = await startViewer([base.path]);
    const dashboard = await openDashboard(page, host.origin, viewer.origin, part("run", `${server.origin}data/0/run`));
    const { runs, layers } = await dashboard.settled();
    expect(runs[0]).toMatchObject({
      status: "partial",
      datasets: ["crop"],
      volumeIterations: [100],
      parameters: watershed,
    });
    expect(layers.map(({ name }) => name).toSorted()).toEqual(["gt", "prediction", "raw", "segmentation"]);
    await server.stop();
    await base.dispose();
  });

  test("only a snapshot", async ({ open }) => {
    const dashboard = await open(`run=${toRunPath("vnc_affs_snapshot_only")}`);
    const { runs } = await dashboard.settled();
    expect(runs[0]).toMatchObject({ status: "partial", volumeIterations: [], validationIterations: [] });
    await dashboard.check();
  });

  test("never validated", async ({ open }) => {
    const dashboard = await open(`run=${toRunPath("vnc_affs_no_validation")}`);
    const { runs } = await dashboard.settled();
    expect(runs[0]).toMatchObject({ status: "partial", trainedUntil: 60, validatedUntil: 0, checkpoints: [60] });
    await dashboard.check();
  });
});

test.describe("a local folder", () => {
  const folder = "Läufe 1";

  /** Files of a base directory in the browser's own file system, whose handles are those that a picker gives. */
  async function writeFolder(page: Page, origin: string, run: string): Promise<void> {
    const base = await createBase();
    await writeRun(base, run);
    await base.write(`configs/runs/other.yaml`, toRunYaml({ name: "other", task: distance(["mito"]), datasets: [] }));
    const { readdir, readFile } = await import("node:fs/promises");
    const { join } = await import("node:path");
    const entries = await readdir(base.path, { recursive: true, withFileTypes: true });
    const files = await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async ({ parentPath, name }) => {
          const path = join(parentPath, name).slice(base.path.length + 1);
          return { path, text: (await readFile(join(parentPath, name))).toString("base64") };
        }),
    );
    await base.dispose();
    await page.goto(origin);
    await page.evaluate(
      async ([name, all]) => {
        const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
        for (const { path, text } of all) {
          const segments = path.split("/");
          let directory = root;
          for (const segment of segments.slice(0, -1))
            directory = await directory.getDirectoryHandle(segment, { create: true });
          const file = await directory.getFileHandle(segments.at(-1) ?? "", { create: true });
          const stream = await file.createWritable();
          await stream.write(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
          await stream.close();
        }
      },
      [folder, files] as const,
    );
  }

  /** What the picker gives, or what is dropped. `path`: below the folder. */
  async function hold(page: Page, path: readonly string[]): Promise<void> {
    await page.evaluate(
      async ([name, segments]) => {
        let handle = await (await navigator.storage.getDirectory()).getDirectoryHandle(name);
        for (const segment of segments) handle = await handle.getDirectoryHandle(segment);
        Object.assign(window, { held: handle, showDirectoryPicker: async () => handle });
      },
      [folder, path] as const,
    );
  }

  async function drop(page: Page): Promise<void> {
    await page.evaluate(() => {
      const handle = (window as unknown as { held: FileSystemDirectoryHandle }).held;
      const items = [{ kind: "file", getAsFileSystemHandle: async () => handle }];
      const event = new Event("drop", { bubbles: true, cancelable: true });
      Object.defineProperty(event, "dataTransfer", { value: { items, types: ["Files"], files: [] } });
      document.querySelector("main")?.dispatchEvent(event);
    });
  }

  const volumes = (page: Page) => page.getByRole("region", { name: "Volumes" });

  async function expectRun(page: Page, run: string): Promise<void> {
    await expect(page.getByRole("banner").getByText(run).first()).toBeVisible();
    await expect(volumes(page)).toHaveAttribute("aria-busy", "false");
    const legend = volumes(page).getByRole("list", { name: "Layers" });
    await expect(legend.getByRole("listitem")).toHaveCount(5);
  }

  test("that is chosen: a base directory with several runs, one of which has an odd name", async ({ page, viewer }) => {
    const run = "run 1% é";
    await writeFolder(page, viewer.origin, run);
    await hold(page, []);
    await page.getByRole("button", { name: "Choose a folder" }).click();
    const list = page.getByRole("region", { name: "Runs of this directory" });
    await expect(list.getByRole("row")).toHaveText([/^Compare/, /^other/, new RegExp(`^${run}`)]);
    await list.getByRole("button", { name: run }).click();
    await expectRun(page, run);
  });

  test("that is dropped on the page", async ({ page, viewer }) => {
    await writeFolder(page, viewer.origin, "run");
    await hold(page, []);
    await drop(page);
    const list = page.getByRole("region", { name: "Runs of this directory" });
    await list.getByRole("button", { name: "run", exact: true }).click();
    await expectRun(page, "run");
  });

  test("that is one run's own: its volumes show, its stats lie outside of it", async ({ page, viewer }) => {
    await writeFolder(page, viewer.origin, "run");
    await hold(page, ["run"]);
    await drop(page);
    await expect(page.getByRole("banner").getByText("run").first()).toBeVisible();
    await expect(volumes(page)).toHaveAttribute("aria-busy", "false");
    await expect(volumes(page).getByRole("list", { name: "Layers" }).getByRole("listitem")).toHaveCount(4);
  });

  test("that holds no run says so", async ({ page, viewer }) => {
    await writeFolder(page, viewer.origin, "run");
    await hold(page, ["configs", "runs"]);
    await drop(page);
    await expect(page.getByText("holds no DaCapo run").first()).toBeVisible();
  });
});
