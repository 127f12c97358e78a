import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { namedConfigs } from "./run-configs.ts";

const demo = new URL("../../demo/configs/", import.meta.url);
const fixtures = new URL("../../e2e/fixtures/runs/configs/", import.meta.url);

test("the configs that a real run uses are those beside it", async () => {
  const names = namedConfigs(await readFile(new URL("runs/vnc_affs.yaml", demo), "utf8"));
  expect([...names]).toEqual([
    ["tasks", "affs_5"],
    ["architectures", "unet_valid_const"],
    ["trainers", "gunpowder_simple"],
    ["datasplits", "vnc_neurites"],
  ]);
});

test("names of datasets and arrays inside a datasplit are not the datasplit's own", async () => {
  for (const run of await readdir(new URL("runs/", fixtures))) {
    const names = namedConfigs(await readFile(new URL(`runs/${run}`, fixtures), "utf8"));
    for (const [folder, name] of names)
      expect(await readdir(new URL(`${folder}/`, fixtures))).toContain(`${name}.yaml`);
    expect(names.size).toBe(4);
  }
});

test("a name that would lead elsewhere is left out", () => {
  expect(namedConfigs("task_config:\n  name: ../../secret\n").size).toBe(0);
  expect(namedConfigs("task_config:\n  name: ..\n").size).toBe(0);
  expect(namedConfigs("not: [yaml").size).toBe(0);
});
