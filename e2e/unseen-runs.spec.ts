import { test as base, expect } from "@playwright/test";
import { type DashboardServer, openDashboard, startDashboard } from "./dashboard.ts";
import { startGatedServer } from "./gated-server.ts";
import {
  affinities,
  type Base,
  createBase,
  distance,
  toAttributes,
  toFolder,
  toLosses,
  toLossPickle,
  toRunYaml,
  toScorePickle,
  watershed,
  writeInputs,
  writeVolumes,
} from "./run-writer.ts";
import { openScreen } from "./screen.ts";
import type { State } from "./state-schema.ts";
import { startViewer, type ViewerProcess } from "./viewer-process.ts";

// Runs that nobody of us has seen: each is written here, served, and its whole state compared with what was written.

type Site = { readonly runs: Base; readonly viewer: ViewerProcess; readonly host: DashboardServer };

const test = base.extend<{ open: (run: string, query?: string) => Promise<Opened> }, { site: Site }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
    async ({}, use) => {
      const runs = await createBase();
      await runs.write("configs/runs/.keep", "");
      const viewer = await startViewer([runs.path]);
      const host = await startDashboard();
      await use({ runs, viewer, host });
      await Promise.all([viewer.stop(), host.stop()]);
      await runs.dispose();
    },
    { scope: "worker" },
  ],
  viewport: { width: 720, height: 480 },
  open: async ({ page, site }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await use(async (run, query = "") => {
      const address = encodeURIComponent(`data/0/${encodeURIComponent(run)}`);
      const dashboard = await openDashboard(page, site.host.origin, site.viewer.origin, `run=${address}${query}`);
      const state = await dashboard.settled();
      await dashboard.check();
      const [opened] = state.runs;
      if (opened === undefined) throw new Error("No run was opened.");
      return { dashboard, state, run: opened };
    });
    expect(errors, "exceptions that nobody caught in the page").toEqual([]);
  },
});

type Opened = {
  readonly dashboard: Awaited<ReturnType<typeof openDashboard>>;
  readonly state: State;
  readonly run: State["runs"][number];
};

/** Their order is the viewer's own choice. */
const names = ({ layers }: Pick<State, "layers">) => layers.map(({ name }) => name).toSorted();

const isAbout = (path: string) => (problem: { readonly subject: string }) => problem.subject.includes(path);

/** An instance run as DaCapo leaves it: every dataset at every iteration, and `score` for split, merge and their mean. */
async function writeAffinityRun(
  runs: Base,
  run: string,
  datasets: readonly string[],
  iterations: readonly number[],
  score: (iteration: number, dataset: number, parameter: number) => number,
): Promise<void> {
  await runs.write(`configs/runs/${run}.yaml`, toRunYaml({ name: run, task: affinities, datasets }));
  await runs.write(`stats/training_stats/${run}`, toLossPickle(run, toLosses(20)));
  const rows = iterations.map((iteration) => ({
    iteration,
    scores: datasets.map((_, d) => watershed.map((_, p) => [1, 1, 1].map((part) => part * score(iteration, d, p)))),
  }));
  await runs.write(`stats/validation_scores/${run}`, toScorePickle(run, rows));
  for (const dataset of datasets) {
    await writeInputs(runs, run, dataset);
    for (const iteration of iterations) await writeVolumes(runs, run, iteration, toFolder(dataset), watershed);
  }
  for (const iteration of iterations) await runs.write(`${run}/checkpoints/iterations/${iteration}`, "PK");
}

test("one dataset, with a name that has spaces, a percent sign, a plus and other scripts", async ({ site, open }) => {
  const dataset = "Kern 50% + ядро é";
  await writeAffinityRun(site.runs, "one", [dataset], [100, 200], (iteration, _, p) => 1 / iteration + p / 1000);
  const { state, run, dashboard } = await open("one");
  expect(run).toMatchObject({ status: "ready", problems: [], datasets: [dataset], trainedUntil: 20 });
  expect(run).toMatchObject({ validatedUntil: 200, validationIterations: [100, 200], volumeIterations: [100, 200] });
  expect(run).toMatchObject({ parameters: watershed, checkpoints: [100, 200] });
  expect(state.selection).toMatchObject({ dataset, iteration: 200, parameters: watershed[0], criterion: "voi" });
  expect(names(state)).toEqual(["best", "gt", "prediction", "raw", "segmentation"]);
  expect((await dashboard.read("prediction", [0, 0, 0], [4, 12, 10])).shape).toEqual([3, 4, 12, 10]);
});

test("a run whose name has spaces, a percent sign, a hash, a question mark and other scripts", async ({
  site,
  open,
}) => {
  const name = "лес 100% #1? é+&=";
  await writeAffinityRun(site.runs, name, ["crop"], [100], () => 0.5);
  const { state, run } = await open(name);
  expect(run).toMatchObject({ name, status: "ready", problems: [] });
  expect(run.url).toBe(`${site.viewer.origin}data/0/${encodeURIComponent(name)}`);
  expect(state.selection.run).toBe(run.url);
  expect(names(state)).toContain("prediction");
});

test("five datasets, nested names among them, in the order that the configuration records", async ({ site, open }) => {
  const datasets = ["z", "vnc/crop_a", "vnc/crop_b", "a b", "m"];
  await writeAffinityRun(
    site.runs,
    "five",
    datasets,
    [100, 200, 300],
    (iteration, d, p) => Math.abs(iteration - 100 * (1 + (d % 3))) + p,
  );
  const { dashboard, run } = await open("five");
  expect(run.datasets).toEqual(datasets);
  const best = run.best.filter(({ criterion }) => criterion === "voi");
  expect(best.map(({ dataset, iteration }) => [dataset, iteration])).toEqual(
    datasets.map((dataset, d) => [dataset, 100 * (1 + (d % 3))]),
  );
  for (const dataset of datasets) {
    const reply = await dashboard.ask("select", { dataset });
    expect(reply.type).toBe("state");
    const { layers, selection } = await dashboard.settled();
    expect(selection.dataset).toBe(dataset);
    expect(names({ layers })).toEqual(["best", "gt", "prediction", "raw", "segmentation"]);
  }
  await dashboard.check();
});

test("five datasets whose order nothing records", async ({ site, open }) => {
  const datasets = ["e", "d", "c", "b", "a"];
  await writeAffinityRun(site.runs, "unordered", datasets, [100], (_, d) => d);
  await site.runs.remove("configs/runs/unordered.yaml");
  const { run, state } = await open("unordered");
  expect(run.status).toBe("partial");
  expect(run.datasets).toEqual(datasets.toSorted());
  expect(run.criteria).toEqual(["voi_split", "voi_merge", "voi"]);
  expect(names(state)).toContain("segmentation");
});

test("nested dataset names without a configuration", async ({ site, open }) => {
  await writeAffinityRun(site.runs, "nested", ["vnc/crop_a"], [100], () => 1);
  await site.runs.remove("configs/runs/nested.yaml");
  const { run, state } = await open("nested");
  expect(run.datasets).toEqual(["vnc/crop_a"]);
  expect(names(state)).toEqual(["best", "gt", "prediction", "raw", "segmentation"]);
});

test("hot distance: volumes, and no scores because its evaluation fails", async ({ site, open }) => {
  const run = "hot";
  const yaml = toRunYaml({ name: run, task: distance(["mito"], "HotDistanceTaskConfig"), datasets: ["crop"] });
  await site.runs.write(`configs/runs/${run}.yaml`, yaml);
  await site.runs.write(`stats/training_stats/${run}`, toLossPickle(run, toLosses(100)));
  await writeInputs(site.runs, run, "crop");
  await writeVolumes(site.runs, run, 100, "ds_crop", ["threshold_127"]);
  const opened = await open(run);
  expect(opened.run).toMatchObject({ validationIterations: [], validatedUntil: 0, volumeIterations: [100], best: [] });
  expect(opened.run).toMatchObject({ datasets: ["crop"], parameters: ["threshold_127"] });
  expect(opened.state.selection).toMatchObject({ dataset: "crop", iteration: 100 });
  expect(names(opened.state)).toContain("prediction");
});

test("an iteration whose evaluations all failed is [[], []]", async ({ site, open }) => {
  const run = "failed";
  await writeAffinityRun(site.runs, run, ["a", "b"], [100, 200], () => 1);
  const rows = [
    { iteration: 100, scores: [[], []] },
    { iteration: 200, scores: [[], []] },
  ];
  await site.runs.write(`stats/validation_scores/${run}`, toScorePickle(run, rows));
  const opened = await open(run);
  expect(opened.run).toMatchObject({ validationIterations: [100, 200], best: [], datasets: ["a", "b"] });
  expect(opened.state.selection).toMatchObject({ iteration: 200 });
  expect(names(opened.state)).toContain("segmentation");
});

test("ragged scores: an iteration that lacks parameters beside whole ones", async ({ site, open }) => {
  const run = "ragged";
  await writeAffinityRun(site.runs, run, ["a"], [100, 200], () => 1);
  const whole = watershed.map((_, p) => [p + 1, p + 1, p + 1]);
  const rows = [
    { iteration: 100, scores: [whole.slice(3)] },
    { iteration: 200, scores: [whole] },
  ];
  await site.runs.write(`stats/validation_scores/${run}`, toScorePickle(run, rows));
  const opened = await open(run);
  expect(opened.run.parameters).toEqual(watershed);
  const voi = opened.run.best.find(({ criterion }) => criterion === "voi");
  expect(voi).toMatchObject({ iteration: 200, parameters: watershed[0], score: 1 });
});

test("iteration 0, huge iterations, and the same iteration validated twice", async ({ site, open }) => {
  const run = "odd";
  await writeAffinityRun(site.runs, run, ["a"], [0, 2_000_000_000], () => 1);
  const row = (iteration: number, value: number) => ({
    iteration,
    scores: [watershed.map(() => [value, value, value])],
  });
  const rows = [row(0, 3), row(2_000_000_000, 2), row(2_000_000_000, 1)];
  await site.runs.write(`stats/validation_scores/${run}`, toScorePickle(run, rows));
  const { run: opened, state, dashboard } = await open(run, "&iteration=0");
  expect(opened).toMatchObject({ validationIterations: [0, 2_000_000_000], volumeIterations: [0, 2_000_000_000] });
  expect(opened.best.find(({ criterion }) => criterion === "voi")).toMatchObject({
    iteration: 2_000_000_000,
    score: 1,
  });
  expect(state.selection.iteration).toBe(0);
  expect(state.layers.find(({ name }) => name === "prediction")?.iteration).toBe(0);
  await dashboard.ask("select", { iteration: "best" });
  const after = await dashboard.settled();
  expect(after.layers.find(({ name }) => name === "prediction")?.iteration).toBe(2_000_000_000);
});

test("ties go to the earliest iteration and the first parameters, NaN is passed over", async ({ site, open }) => {
  const run = "ties";
  await writeAffinityRun(site.runs, run, ["a", "b"], [100, 200, 300], (iteration, dataset, p) => {
    if (dataset === 1) return Number.NaN;
    return iteration === 100 || p === 0 ? Number.NaN : 0.25;
  });
  const { run: opened, state } = await open(run);
  const best = opened.best.filter(({ criterion }) => criterion === "voi");
  expect(best).toMatchObject([{ dataset: "a", iteration: 200, parameters: watershed[1], score: 0.25 }]);
  expect(state.selection).toMatchObject({ dataset: "a", iteration: 200, parameters: watershed[1] });
});

test("parameters of an unknown form", async ({ site, open }) => {
  const run = "custom";
  const parameters = ["MyPostProcessorParameters(id=0, size='a b')", "MyPostProcessorParameters(id=1, size='c%d')"];
  await writeAffinityRun(site.runs, run, ["a"], [], () => 1);
  await writeVolumes(site.runs, run, 100, "ds_a", parameters);
  const rows = [
    {
      iteration: 100,
      scores: [
        [
          [3, 3, 3],
          [2, 2, 2],
        ],
      ],
    },
  ];
  await site.runs.write(`stats/validation_scores/${run}`, toScorePickle(run, rows));
  const { run: opened, dashboard } = await open(run);
  expect(opened.volumeIterations).toEqual([100]);
  const reply = await dashboard.ask("select", { iteration: 100, parameters: parameters[1] });
  expect(reply.type).toBe("state");
  const state = await dashboard.settled();
  expect(state.selection.parameters).toBe(parameters[1]);
  expect(names(state)).toContain("segmentation");
});

test("two dimensions, no channels, floats for voxel size and offset", async ({ site, open }) => {
  const run = "flat";
  const yaml = toRunYaml({ name: run, task: distance(["mito"]), datasets: ["crop"] });
  await site.runs.write(`configs/runs/${run}.yaml`, yaml);
  const at = (i: number) => (i % 64) / 64;
  const place = `${run}/validation.zarr`;
  const attributes = toAttributes(["y", "x"], [4.5, 3.25], [10.5, -7.25]);
  const array = { dtype: "<f4", shape: [48, 64], chunks: [32, 32], at, attributes } as const;
  await site.runs.writeArray(`${place}/inputs/crop/raw`, array);
  await site.runs.writeArray(`${place}/inputs/crop/gt`, { ...array, dtype: "|b1", at: (i) => (i >> 3) & 1 });
  await site.runs.writeArray(`${place}/100/ds_crop/prediction`, array);
  await site.runs.writeArray(`${place}/100/ds_crop/output/threshold_127`, { ...array, dtype: "|u1", at: (i) => i & 1 });
  const { state, dashboard } = await open(run);
  expect(names(state)).toEqual(["gt", "prediction", "raw", "segmentation"]);
  const [, y, x] = state.view.position ?? [];
  expect(y).toBeGreaterThan(10);
  expect(y).toBeLessThan(10.5 + 48 * 4.5);
  expect(x).toBeGreaterThan(-7.25);
  expect(x).toBeLessThan(-7.25 + 64 * 3.25);
  expect(await dashboard.read("raw", [0, 0], [48, 64])).toMatchObject({ dtype: "<f4", shape: [48, 64] });
});

test("no gt, float64 raw with channels first, an output of which no block was written", async ({ site, open }) => {
  const run = "no-gt";
  await writeAffinityRun(site.runs, run, ["a"], [100], () => 1);
  await site.runs.remove(`${run}/validation.zarr/inputs/a/gt`);
  await site.runs.remove(`${run}/validation.zarr/inputs/a/raw`);
  await site.runs.writeArray(`${run}/validation.zarr/inputs/a/raw`, {
    dtype: "<f8",
    shape: [2, 8, 24, 20],
    chunks: [2, 16, 32, 32],
    at: (i) => i / 8000,
    attributes: toAttributes(["c^", "z", "y", "x"], [20, 4, 4]),
  });
  const output = `${run}/validation.zarr/100/ds_a/output/${watershed[2]}`;
  await site.runs.remove(output);
  await site.runs.writeArray(output, {
    dtype: "<u8",
    shape: [4, 12, 10],
    attributes: toAttributes(["z", "y", "x"], [40, 8, 8]),
  });
  const { state, dashboard } = await open(run, `&parameters=${encodeURIComponent(watershed[2] ?? "")}`);
  expect(names(state)).toEqual(["best", "prediction", "raw", "segmentation"]);
  expect(await dashboard.read("raw", [0, 0, 0], [8, 24, 20])).toMatchObject({ dtype: "<f8", shape: [2, 8, 24, 20] });
  const zeros = await dashboard.read("segmentation", [0, 0, 0], [4, 12, 10]);
  expect(zeros).toMatchObject({ dtype: "<u8", shape: [4, 12, 10], bytes: 4 * 12 * 10 * 8 });
});

test("a broken array costs its layer alone, and the view settles", async ({ site, open }) => {
  const run = "broken";
  await writeAffinityRun(site.runs, run, ["a"], [100], () => 1);
  await site.runs.write(`${run}/validation.zarr/100/ds_a/prediction/.zarray`, '{"zarr_format": 2, "shape": "all"}');
  await site.runs.write(`${run}/validation.zarr/inputs/a/gt/0/0/0`, "torn");
  const { state, run: opened } = await open(run);
  expect(names(state)).toContain("segmentation");
  expect(opened.problems.filter(isAbout("prediction/.zarray")), JSON.stringify(opened.problems)).toHaveLength(1);
  expect(opened.problems.filter(isAbout("inputs/a/gt")), JSON.stringify(opened.problems)).toHaveLength(1);
});

test("a finished run whose arrays were cut off or lost their metadata says which, and shows the rest", async ({
  page,
  site,
  open,
}) => {
  const run = "cut";
  await writeAffinityRun(site.runs, run, ["a"], [100], () => 1);
  const yaml = toRunYaml({ name: run, task: affinities, datasets: ["a"], numIterations: 20 });
  await site.runs.write(`configs/runs/${run}.yaml`, yaml);
  await writeVolumes(site.runs, run, 200, "ds_a", watershed.slice(0, 1));
  const container = `${run}/validation.zarr`;
  await site.runs.write(`${container}/inputs/a/gt/.zarray`, '{"chunks": [4, 12');
  await site.runs.remove(`${container}/200/ds_a/prediction/.zarray`);
  const { state, run: opened } = await open(run);
  expect(names(state)).toEqual(["best", "prediction", "raw", "segmentation"]);
  expect(opened.problems.map(({ code, subject }) => [code, subject.slice(site.viewer.origin.length)])).toEqual([
    ["array-unreadable", `data/0/${container}/200/ds_a/prediction/.zarray`],
    ["array-unreadable", `data/0/${container}/inputs/a/gt/.zarray`],
  ]);
  await page.setViewportSize({ width: 1280, height: 720 });
  const panel = await (await openScreen(page, `run=data/0/${run}`, site.viewer.origin)).tab("Problems");
  await expect(panel).toContainText(`${container.slice(run.length + 1)}/200/ds_a/prediction is left out`);
  await expect(panel).toContainText("and 1 more of the kind");
});

test("a chunk that failed before the scores were read is still told when all has settled", async ({ page, site }) => {
  const run = "early";
  await writeAffinityRun(site.runs, run, ["a"], [100], () => 1);
  await site.runs.write(`${run}/validation.zarr/inputs/a/gt/0/0/0`, "torn");
  const gated = await startGatedServer(site.runs.path);
  gated.hold(/^stats\/validation_scores\//);
  const query = `run=${encodeURIComponent(`${gated.origin}${run}`)}&dataset=a`;
  const dashboard = await openDashboard(page, site.host.origin, site.viewer.origin, query);
  const tellsGt = ({ runs }: State) => runs.some(({ problems }) => problems.some(isAbout("inputs/a/gt")));
  await dashboard.until(tellsGt, "what is wrong with gt");
  gated.release();
  const state = await dashboard.settled();
  expect(names(state)).toContain("segmentation");
  expect(tellsGt(state), JSON.stringify(state.runs)).toBe(true);
  await gated.stop();
});

test("a configuration that is empty, and stats that are not pickles", async ({ site, open }) => {
  const run = "garbage";
  await writeAffinityRun(site.runs, run, ["a"], [100], () => 1);
  await site.runs.write(`configs/runs/${run}.yaml`, "");
  await site.runs.write(`stats/training_stats/${run}`, "cos\nsystem\n(S'echo'\ntR.");
  await site.runs.write(`stats/validation_scores/${run}`, new Uint8Array([0x80, 4, 0x95]));
  await site.runs.touch(`stats/validation_scores/${run}`, Date.now() / 1000 - 3600); // nobody is writing it any more
  const { run: opened, state } = await open(run);
  expect(opened.status).toBe("partial");
  const files = [`configs/runs/${run}.yaml`, `stats/training_stats/${run}`, `stats/validation_scores/${run}`];
  for (const file of files)
    expect(opened.problems.filter(isAbout(file)), JSON.stringify(opened.problems)).not.toEqual([]);
  expect(opened.problems.map(({ code }) => code)).toEqual(expect.arrayContaining(["refused", "torn"]));
  expect(opened.volumeIterations).toEqual([100]);
  expect(names(state)).toContain("prediction");
});

test("nothing at that address", async ({ open }) => {
  const { run, state } = await open("nothing");
  expect(run).toMatchObject({ status: "error", validationIterations: [], volumeIterations: [], checkpoints: [] });
  expect(run.problems.length).toBeGreaterThan(0);
  expect(state.layers).toEqual([]);
});
