import { describe, expect, test } from "vitest";
import { LocalArrayStore } from "./array-store.ts";
import { type MemoryFiles, toMemoryStore } from "./memory-store.ts";
import type { Store } from "./store.ts";
import { toWriteOrder } from "./volume-completeness.ts";

const PARAMETERS = ["threshold_100", "threshold_127", "threshold_150"];
const DATASETS = ["vnc_crop_b", "vnc_crop_a"];
const RUN = "run";

const encode = (text: string) => ({ bytes: new TextEncoder().encode(text) });

type Write = { readonly path: string; readonly text: string; readonly array: string };

/** Every write of one validation in DaCapo's order: an array's metadata (at first cut off), attributes, then its chunks. */
function toWrites(iteration: number): readonly Write[] {
  const arrays = DATASETS.flatMap((dataset) => [
    `${dataset}/prediction`,
    ...PARAMETERS.map((name) => `${dataset}/output/${name}`),
  ]);
  return arrays.flatMap((array) => {
    const at = (name: string, text: string) => ({
      path: `${RUN}/validation.zarr/${iteration}/${array}/${name}`,
      text,
      array,
    });
    return [
      at(".zarray", '{"zarr_form'),
      at(".zarray", '{"zarr_format": 2}'),
      at(".zattrs", '{"offset'),
      at(".zattrs", "{}"),
      at("0/0/0", "x"),
      at("0/0/1", "y"),
    ];
  });
}

function withoutListing(store: Store): Store {
  return {
    ...{ kind: store.kind, label: store.label, urlOf: (path: string) => path, list: async () => undefined },
    read: (path, options) => store.read(path, options),
    readRange: (path, range, options) => store.readRange(path, range, options),
    within: (path) => withoutListing(store.within(path)),
  };
}

describe.each(["listed", "not listed"])("a validation in progress, %s", (listing) => {
  test("no array is called whole before its last chunk is written, and all are once there are scores", async () => {
    const files: MemoryFiles = new Map();
    const memory = toMemoryStore(files);
    const base = listing === "listed" ? memory : withoutListing(memory);
    const expected = { iterations: [200], datasets: DATASETS, parameters: PARAMETERS };
    const writes = toWrites(200);
    const seen = new Set<string>();
    for (const [index, { path, text }] of writes.entries()) {
      files.set(path, encode(text));
      const isFinished = (array: string) => writes.slice(index + 1).every((write) => write.array !== array);
      const [found] = await new LocalArrayStore(base).listVolumes(RUN, expected);
      for (const { folder, prediction, outputs } of found?.datasets ?? []) {
        if (prediction === "whole") expect(isFinished(`${folder}/prediction`), `prediction after ${path}`).toBe(true);
        const whole = outputs
          .filter((output) => output.whole)
          .map(({ parameters }) => `${folder}/output/${parameters}`);
        for (const array of whole) expect(isFinished(array), `${array} after ${path}`).toBe(true);
        for (const array of whole) seen.add(array);
      }
    }
    // all but the last output of each dataset can be told to be whole without scores; the first dataset's while the second is short
    expect(seen.size).toBe(2 * PARAMETERS.length - 1);
    const [scored] = await new LocalArrayStore(base).listVolumes(RUN, { ...expected, scored: [200] });
    expect(
      scored?.datasets.every(
        ({ prediction, outputs }) => prediction === "whole" && outputs.every(({ whole }) => whole),
      ),
    ).toBe(true);
  });

  test("an array whose attributes are not there yet is not offered", async () => {
    const files: MemoryFiles = new Map();
    const base = listing === "listed" ? toMemoryStore(files) : withoutListing(toMemoryStore(files));
    for (const { path, text } of toWrites(200).slice(0, 3)) files.set(path, encode(text));
    const expected = { iterations: [200], datasets: DATASETS, parameters: PARAMETERS };
    expect(await new LocalArrayStore(base).listVolumes(RUN, expected)).toEqual([]);
  });
});

describe.each(["listed", "not listed"])("an array that cannot be opened, %s", (listing) => {
  const gt = `${RUN}/validation.zarr/inputs/a/gt`;
  const raw = `${RUN}/validation.zarr/inputs/a/raw`;
  const whole = { [`${raw}/.zarray`]: "{}", [`${raw}/.zattrs`]: "{}" };

  test.each([
    ["metadata cut off", { [`${gt}/.zarray`]: '{"zarr_form', [`${gt}/.zattrs`]: "{}" }, ".zarray", "torn"],
    ["metadata gone", { [`${gt}/.zattrs`]: "{}" }, ".zarray", "missing"],
    ["attributes cut off", { [`${gt}/.zarray`]: "{}", [`${gt}/.zattrs`]: "" }, ".zattrs", "torn"],
    ["attributes gone", { [`${gt}/.zarray`]: "{}" }, ".zattrs", "missing"],
    ["zarr 3 metadata cut off", { [`${gt}/.zattrs`]: "{}", [`${gt}/zarr.json`]: "{" }, "zarr.json", "torn"],
  ])("%s: the file is named, and the rest is offered", async (_, texts, name, found) => {
    const files: MemoryFiles = new Map();
    for (const [path, text] of Object.entries({ ...whole, ...texts })) files.set(path, encode(text));
    const base = listing === "listed" ? toMemoryStore(files) : withoutListing(toMemoryStore(files));
    const unreadable: unknown[] = [];
    const onUnreadable = (file: unknown) => void unreadable.push(file);
    const inputs = await new LocalArrayStore(base).listInputs(RUN, { datasets: ["a"] }, { onUnreadable });
    expect(inputs).toEqual([{ dataset: "a", raw: true, gt: false }]);
    expect(unreadable).toEqual([{ path: `${gt}/${name}`, found }]);
  });

  test("what is not there at all is no trouble", async () => {
    const files: MemoryFiles = new Map(Object.entries(whole).map(([path, text]) => [path, encode(text)]));
    const base = listing === "listed" ? toMemoryStore(files) : withoutListing(toMemoryStore(files));
    const unreadable: unknown[] = [];
    const onUnreadable = (file: unknown) => void unreadable.push(file);
    const inputs = await new LocalArrayStore(base).listInputs(RUN, { datasets: ["a", "b"] }, { onUnreadable });
    expect(inputs).toEqual([{ dataset: "a", raw: true, gt: false }]);
    expect(unreadable).toEqual([]);
  });
});

test("a folder that is listed and holds chunks without metadata is told of", async () => {
  const gt = `${RUN}/validation.zarr/inputs/a/gt`;
  const base = toMemoryStore(new Map([[`${gt}/0/0/0`, encode("x")]]));
  const unreadable: unknown[] = [];
  await new LocalArrayStore(base).listInputs(RUN, {}, { onUnreadable: (file) => void unreadable.push(file) });
  expect(unreadable).toEqual([{ path: `${gt}/.zarray`, found: "missing" }]);
});

test("a finished iteration is looked for once, a running one each time", async () => {
  const files: MemoryFiles = new Map();
  for (const iteration of [100, 200]) for (const { path, text } of toWrites(iteration)) files.set(path, encode(text));
  const memory = toMemoryStore(files);
  const listed: string[] = [];
  const list: Store["list"] = async (path) => {
    listed.push(path);
    return memory.list(path);
  };
  const arrays = new LocalArrayStore({ ...withoutListing(memory), list });
  await arrays.listVolumes(RUN, { scored: [100] });
  listed.length = 0;
  const volumes = await arrays.listVolumes(RUN, { scored: [100] });
  expect(volumes.map(({ iteration }) => iteration)).toEqual([100, 200]);
  expect(listed.some((path) => path.includes("/100"))).toBe(false);
  expect(listed.some((path) => path.includes("/200"))).toBe(true);
});

describe("folders of datasets", () => {
  test.each([
    ["ds_vnc_crop_a", "vnc/crop_a"],
    ["vnc/crop_a", "vnc/crop_a"],
    ["Dataset(vnc/crop_a)", "vnc/crop_a"],
  ])("%s is %s in every release, listed or not", async (folder, dataset) => {
    const files: MemoryFiles = new Map();
    for (const name of ["prediction", "output/threshold_127"])
      files.set(`${RUN}/validation.zarr/50/${folder}/${name}/.zarray`, encode("{}"));
    const expected = { scored: [50], iterations: [50, 100], datasets: [dataset], parameters: ["threshold_127"] };
    const volumes = { dataset, folder, prediction: "whole", outputs: [{ parameters: "threshold_127", whole: true }] };
    for (const base of [toMemoryStore(files), withoutListing(toMemoryStore(files))]) {
      expect(await new LocalArrayStore(base).listVolumes(RUN, expected)).toEqual([
        { iteration: 50, datasets: [volumes] },
      ]);
    }
  });

  test("a folder that no config names is shown under its own name", async () => {
    const files: MemoryFiles = new Map([[`${RUN}/validation.zarr/50/ds_other/prediction/.zarray`, encode("{}")]]);
    const [found] = await new LocalArrayStore(toMemoryStore(files)).listVolumes(RUN, {
      scored: [50],
      datasets: ["vnc/crop_a"],
    });
    expect(found?.datasets[0]).toMatchObject({ dataset: "other", folder: "ds_other" });
  });
});

test("outputs come in the order of writing: as enumerated, else by their numbers", () => {
  const names = ["threshold_150", "threshold_9", "threshold_100"];
  expect(toWriteOrder(names, [])).toEqual(["threshold_9", "threshold_100", "threshold_150"]);
  expect(toWriteOrder(names, ["threshold_150", "threshold_100"])).toEqual([
    "threshold_150",
    "threshold_100",
    "threshold_9",
  ]);
});

test("what is wanted is looked at first, then the newest, and all of it is told while the search goes on", async () => {
  const files: MemoryFiles = new Map();
  const iterations = Array.from({ length: 300 }, (_, index) => (index + 1) * 100);
  for (const iteration of iterations)
    files.set(`${RUN}/validation.zarr/${iteration}/ds_a/prediction/.zarray`, encode("{}"));
  const wishes = [[700], [700, 1500]]; // the second is chosen while the search goes on
  const told: number[][] = [];
  const volumes = await new LocalArrayStore(toMemoryStore(files)).listVolumes(
    RUN,
    { scored: iterations },
    {
      wanted: () => wishes[Math.min(told.length, 1)] ?? [],
      onFound: (found) => told.push(found.map(({ iteration }) => iteration)),
    },
  );
  expect(told[0]).toEqual([700, 29900, 30000]);
  expect(told[1]).toEqual([700, 1500, ...iterations.slice(-66)]);
  expect(told.at(-1)).toEqual(iterations);
  expect(volumes.map(({ iteration }) => iteration)).toEqual(iterations);
});
