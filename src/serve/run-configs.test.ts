import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { namedConfigPaths } from "./run-configs.ts";

const demo = new URL("../../demo/configs/", import.meta.url);
const fixtures = new URL("../../e2e/fixtures/runs/configs/", import.meta.url);

test("the configs that a real run uses are those beside it", async () => {
  expect(namedConfigPaths(await readFile(new URL("runs/vnc_affs.yaml", demo), "utf8"))).toEqual([
    "tasks/affs_5.yaml",
    "architectures/unet_valid_const.yaml",
    "trainers/gunpowder_simple.yaml",
    "datasplits/vnc_neurites.yaml",
  ]);
});

test("names of datasets and arrays inside a datasplit are not the datasplit's own", async () => {
  const beside = await readdir(fixtures, { recursive: true });
  for (const run of await readdir(new URL("runs/", fixtures))) {
    const paths = namedConfigPaths(await readFile(new URL(`runs/${run}`, fixtures), "utf8"));
    expect(paths).toHaveLength(4);
    expect(beside).toEqual(expect.arrayContaining([...paths]));
  }
});

test("a name that would lead elsewhere is left out", () => {
  for (const yaml of [
    "task_config:\n  name: ../../secret\n",
    "task_config:\n  name: ..\n",
    "task_config: [1]\n",
    "not: [yaml",
    "",
  ])
    expect(namedConfigPaths(yaml)).toEqual([]);
});
