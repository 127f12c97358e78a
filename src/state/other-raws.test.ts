import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { toRunConfig } from "#dacapo/run-config.ts";
import { parseYaml } from "#storage/formats/yaml.ts";
import type { RunState } from "./app-state.ts";
import { otherRaws } from "./other-raws.ts";
import { newRun } from "./run-registry.ts";
import type { RunSource } from "./run-source.ts";

function runOf(base: string, name: string, url: string): RunState {
  const { config } = toRunConfig(parseYaml(readFileSync(`${base}/configs/runs/${name}.yaml`, "utf8")));
  const source = { url, address: url, name } as RunSource;
  return { ...newRun(source), config: { status: "ready", value: config, at: 0 } };
}

describe("the raws that a config names beside the validation datasets", () => {
  test("relative paths are sought in the base directory, and beside it", () => {
    const run = runOf("e2e/fixtures/runs", "vnc_rawgt_distance", "https://example.org/lab/runs/vnc_rawgt_distance");
    expect(otherRaws(run)[0]).toEqual({
      name: "vnc/train",
      path: "data/vnc_classes/train/vnc_z00_11/raw",
      addresses: [
        "https://example.org/lab/runs/data/vnc_classes/train/vnc_z00_11/raw",
        "https://example.org/lab/data/vnc_classes/train/vnc_z00_11/raw",
      ],
    });
    expect(otherRaws(run).map(({ name }) => name)).toEqual(["vnc/train", "vnc/crop_a", "vnc/crop_b"]);
  });

  test("a datasplit that is a folder has its training group", () => {
    const run = runOf("demo", "vnc_affs", "https://example.org/runs/vnc_affs");
    expect(otherRaws(run).map(({ path }) => path)).toEqual(["data/vnc_neurites/train/raw"]);
    expect(otherRaws(run)[0]?.addresses).toContain("https://example.org/runs/data/vnc_neurites/train");
  });

  test("nothing is sought of a run from a folder of the person's disk", () => {
    const run = runOf("demo", "vnc_affs", "folder:runs/vnc_affs");
    expect(otherRaws(run)[0]?.addresses).toEqual([]);
  });
});
