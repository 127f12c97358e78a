import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LocalArrayStore } from "./array-store.ts";
import { FileConfigStore } from "./config-store.ts";
import { createInlineStatsReader } from "./inline-stats-reader.ts";
import { type MemoryFiles, toMemoryStore } from "./memory-store.ts";
import { openArray } from "./open-array.ts";
import { listRuns } from "./run-listing.ts";
import { listSnapshots } from "./snapshots.ts";
import { FileStatsStore } from "./stats-store.ts";
import type { Store } from "./store.ts";
import { LocalWeightsStore } from "./weights-store.ts";

// Every expectation is what DaCapo's log, the runs' README or a look at the folder says, not what this code gave.

function load(folder: string): MemoryFiles {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  const toFile = (path: string) => ({ bytes: readFileSync(path), lastModified: statSync(path).mtime });
  return new Map(paths.map((path) => [path.slice(folder.length + 1), toFile(path)]));
}

/** The same files from a server that lists nothing. */
function withoutListing(store: Store): Store {
  return {
    ...{ kind: store.kind, label: store.label },
    urlOf: (path) => store.urlOf(path),
    read: (path, options) => store.read(path, options),
    readRange: (path, range, options) => store.readRange(path, range, options),
    list: async () => undefined,
    within: (path) => withoutListing(store.within(path)),
  };
}

const WATERSHED = [0.1, 0.25, 0.5, 0.75, 0.9].map(
  (bias, id) => `WatershedPostProcessorParameters(id=${id}, bias=${bias}, context=(32, 32, 32))`,
);

describe("the demo's runs, which stand alone", () => {
  const files = load("demo");
  const base = toMemoryStore(files);
  const arrays = new LocalArrayStore(base);
  const weights = new LocalWeightsStore(base);
  const stats = new FileStatsStore(base.within("stats"), createInlineStatsReader());

  test("the runs are those with a config or with a run's folders, not configs or stats", async () => {
    expect(await listRuns(base, base.within("configs"))).toEqual(["vnc_affs", "vnc_mito_distance"]);
    expect(await listRuns(base, toMemoryStore(new Map()))).toEqual(["vnc_affs", "vnc_mito_distance"]);
  });

  test("the run's config is read from DaCapo's YAML", async () => {
    const found = await new FileConfigStore(base.within("configs")).retrieveRunConfig("vnc_affs");
    expect(found?.problems).toEqual([]);
    expect(found?.config).toMatchObject({ name: "vnc_affs", numIterations: 1000, validationInterval: 200 });
    expect(await new FileConfigStore(base.within("configs")).retrieveRunConfig("nothing")).toBeUndefined();
  });

  test("losses count from 0 to the iterations done, scores are at the validations", async () => {
    const training = await stats.retrieveTrainingStats("vnc_mito_distance");
    expect(training.status === "found" && training.value.iterations.at(-1)).toBe(1249);
    const scores = await stats.retrieveValidationIterationScores("vnc_mito_distance");
    const iterations = scores.status === "found" && scores.value.map(({ iteration }) => iteration);
    expect(iterations).toEqual([250, 500, 750, 1000, 1250]);
  });

  const onDisk = (run: string) =>
    readdirSync(`demo/${run}/checkpoints/iterations`)
      .map(Number)
      .sort((a, b) => a - b);

  test.each([
    ["with a listing", weights],
    ["without one", new LocalWeightsStore(withoutListing(base))],
  ])("checkpoints are found %s", async (_, store) => {
    const candidates = Array.from({ length: 10 }, (_, i) => (i + 1) * 100);
    expect(await store.listIterations("vnc_affs", { candidates })).toEqual(onDisk("vnc_affs"));
    expect(await store.latestIteration("vnc_affs", { candidates })).toBe(onDisk("vnc_affs").at(-1));
    expect(await store.latestIteration("nothing", { candidates })).toBeUndefined();
  });

  const scored = [200, 400, 600, 800, 1000];
  const expected = { scored, iterations: scored, datasets: ["vnc_crop_b", "vnc_crop_a"], parameters: WATERSHED };

  test("volumes are the same with a listing and without one", async () => {
    const listed = await arrays.listVolumes("vnc_affs", expected);
    const probed = await new LocalArrayStore(withoutListing(base)).listVolumes("vnc_affs", expected);
    const sort = (volumes: typeof listed) =>
      volumes.map((found) => ({
        ...found,
        datasets: found.datasets.toSorted((a, b) => (a.folder < b.folder ? -1 : 1)),
      }));
    expect(sort(probed)).toEqual(sort(listed));
    expect(listed.map(({ iteration }) => iteration)).toEqual(
      readdirSync("demo/vnc_affs/validation.zarr")
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
        .sort((a, b) => a - b),
    );
    expect(listed[0]?.datasets[0]?.outputs.map(({ parameters }) => parameters)).toEqual(WATERSHED);
    expect(listed.every(({ datasets }) => datasets.every((found) => found.prediction === "whole"))).toBe(true);
  });

  test("inputs carry the names of the datasets", async () => {
    const inputs = [
      { dataset: "vnc_crop_a", raw: true, gt: true },
      { dataset: "vnc_crop_b", raw: true, gt: true },
    ];
    expect(await arrays.listInputs("vnc_affs")).toEqual(inputs);
  });
});

const SHARED = "../shared/runs";
const isShared = existsSync(SHARED);
if (!isShared) console.log(`skipped what needs ${SHARED}`);

describe.skipIf(!isShared)("the shared runs", () => {
  const base = toMemoryStore(isShared ? load(SHARED) : new Map());
  const arrays = new LocalArrayStore(base);
  const weights = new LocalWeightsStore(base);

  test("the best arrays of vnc_affs are found, also where dot files are not listed or nothing is", async () => {
    const best = ["vnc_crop_a", "vnc_crop_b"].flatMap((dataset) =>
      ["voi", "voi_merge", "voi_split"].map((criterion) => ({ dataset, criterion })),
    );
    expect(await arrays.listBest("vnc_affs")).toEqual(best);
    const list: Store["list"] = async (path, options) => {
      const listing = await base.list(path, options);
      return listing && { ...listing, files: listing.files.filter((name) => !name.startsWith(".")) };
    };
    const plain = { ...withoutListing(base), list };
    expect(await new LocalArrayStore(plain).listBest("vnc_affs")).toEqual(best);
    const expected = { datasets: ["vnc_crop_a", "vnc_crop_b"], criteria: ["voi", "voi_merge", "voi_split", "other"] };
    expect(await new LocalArrayStore(withoutListing(base)).listBest("vnc_affs", expected)).toEqual(best);
    expect(await arrays.listBest("vnc_mito_distance")).toEqual([]);
  });

  test("a RawGTDataset's name nests its inputs and flattens its volumes", async () => {
    const expected = {
      scored: [20, 40, 60],
      iterations: [20, 40, 60],
      datasets: ["vnc/crop_a", "vnc/crop_b"],
      parameters: ["threshold_0.0"],
    };
    for (const store of [base, withoutListing(base)]) {
      const found = new LocalArrayStore(store);
      const [first] = await found.listVolumes("vnc_rawgt_distance", expected);
      expect(first?.datasets.map(({ dataset, folder }) => [dataset, folder])).toEqual([
        ["vnc/crop_a", "ds_vnc_crop_a"],
        ["vnc/crop_b", "ds_vnc_crop_b"],
      ]);
      expect((await found.listInputs("vnc_rawgt_distance", expected)).map(({ dataset }) => dataset)).toEqual([
        "vnc/crop_a",
        "vnc/crop_b",
      ]);
    }
    const gt = await openArray(base, arrays.validationInputArrays("vnc_rawgt_distance", "vnc/crop_a").gt);
    expect(gt?.dtype).toBe("|b1");
    const raw = await openArray(base, arrays.validationInputArrays("vnc_rawgt_distance", "vnc/crop_a").raw);
    expect(raw?.dtype).toBe("<f8");
    expect(raw?.metadata).toMatchObject({ voxelSize: [45, 9, 9], units: ["nm", "nm", "nm"] });
  });

  test("every best pointer is found in DaCapo's order and names a checkpoint", async () => {
    const folder = `${SHARED}/vnc_membrane_distance/checkpoints/vnc_crop_b`;
    const stored: { iteration: number } = JSON.parse(readFileSync(`${folder}/membrane__voi.json`, "utf8"));
    expect(await weights.retrieveBest("vnc_membrane_distance", "vnc_crop_b", "membrane__voi")).toBe(stored.iteration);
    expect(await weights.retrieveBest("vnc_membrane_distance", "vnc_crop_b", "membrane__dice")).toBeUndefined();
  });

  test("checkpoints that DaCapo finished are complete, any cut of them is not", async () => {
    for (const run of await listRuns(base, base.within("configs")).then((runs) => runs ?? [])) {
      for (const iteration of await weights.listIterations(run)) {
        expect((await weights.readDirectory(run, iteration)).status, `${run} ${iteration}`).toBe("complete");
      }
    }
    const path = "vnc_affs/checkpoints/iterations/200";
    const whole = readFileSync(`${SHARED}/${path}`);
    for (const length of [0, 1, 22, 4096, whole.length / 2, whole.length - 23, whole.length - 1].map(Math.floor)) {
      const cut = toMemoryStore(new Map([[path, { bytes: whole.subarray(0, length) }]]));
      expect((await new LocalWeightsStore(cut).readDirectory("vnc_affs", 200)).status, String(length)).toBe(
        "incomplete",
      );
    }
  });

  test("snapshots are a stack with the iterations that it holds", async () => {
    const found = await listSnapshots(base, "vnc_affs_snapshot_only");
    expect(found).toMatchObject({
      layout: "stacked",
      folder: "vnc_affs_snapshot_only/snapshot.zarr/volumes",
      iterations: [0, 10],
    });
    expect(await listSnapshots(withoutListing(base), "vnc_affs_snapshot_only")).toEqual(found);
    expect(await listSnapshots(base, "vnc_affs")).toBeUndefined();
  });

  test("stats exported as JSON say the same as the pickles", async () => {
    const reader = createInlineStatsReader();
    const pickles = new FileStatsStore(base.within("stats"), reader);
    const documents = new FileStatsStore(base.within("stats_json"), reader);
    for (const run of ["vnc_affs", "vnc_rawgt_distance", "vnc_mito_distance_head"]) {
      const [training, exported] = [
        await pickles.retrieveTrainingStats(run),
        await documents.retrieveTrainingStats(run),
      ];
      expect({ ...exported, stamp: 0, format: 0 }).toEqual({ ...training, stamp: 0, format: 0 });
      const scores = await pickles.retrieveValidationIterationScores(run);
      const same = await documents.retrieveValidationIterationScores(run);
      expect({ ...same, stamp: 0, format: 0 }).toEqual({ ...scores, stamp: 0, format: 0 });
      expect([scores.status === "found" && scores.format, same.status === "found" && same.format]).toEqual([
        "pickle",
        "json",
      ]);
    }
  });

  test("every run's config reads without problems", async () => {
    const configs = new FileConfigStore(base.within("configs"));
    for (const run of (await configs.retrieveRunConfigNames()) ?? []) {
      expect((await configs.retrieveRunConfig(run))?.problems, run).toEqual([]);
    }
    for (const name of (await configs.retrieveNames("tasks")) ?? []) {
      expect((await configs.retrieveTaskConfig(name))?.problems, name).toEqual([]);
    }
  });
});

describe.skipIf(!existsSync("../shared/runs_legacy035"))("a run of release 0.3.5", () => {
  const base = toMemoryStore(existsSync("../shared/runs_legacy035") ? load("../shared/runs_legacy035") : new Map());
  const run = "legacy035_vnc_distance";

  test("its snapshots are a group per iteration", async () => {
    const found = await listSnapshots(base, run);
    const iterations = readdirSync(`../shared/runs_legacy035/${run}/snapshot.zarr`)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    expect(found?.layout === "separate" && found.groups.map(({ iteration }) => iteration)).toEqual(
      iterations.sort((a, b) => a - b),
    );
  });

  test("its volumes, stats and config are found under the same names", async () => {
    const volumes = await new LocalArrayStore(base).listVolumes(run);
    expect(volumes.length).toBeGreaterThan(0);
    expect((await new FileConfigStore(base.within("configs")).retrieveRunConfig(run))?.config.settingsOn).toBe(
      "trainer",
    );
    const stats = new FileStatsStore(base.within("stats"), createInlineStatsReader());
    expect((await stats.retrieveTrainingStats(run)).status).toBe("found");
  });
});
