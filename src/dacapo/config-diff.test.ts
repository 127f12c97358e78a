import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffConfigs } from "./config-diff.ts";

const record = (entries: Record<string, unknown>) => Object.assign(Object.create(null), entries) as unknown;
const differing = (...configs: readonly unknown[]) =>
  diffConfigs(configs).flatMap(({ path, values, differs }) => (differs ? [[path.join("."), ...values]] : []));

describe("the differences of configurations", () => {
  it("are the settings that are not the same everywhere, nested ones by their keys", () => {
    const run = (lr: number, down: readonly (readonly number[])[]) =>
      record({ learning_rate: lr, architecture_config: record({ downsample_factors: down, fmaps_in: 1 }) });
    expect(differing(run(1e-4, [[1, 2, 2]]), run(1e-5, [[2, 2, 2]]))).toEqual([
      ["learning_rate", "0.0001", "0.00001"],
      ["architecture_config.downsample_factors", "[[1, 2, 2]]", "[[2, 2, 2]]"],
    ]);
  });

  it("say where a configuration has no such setting", () => {
    expect(differing(record({ a: 1 }), record({ a: 1, snapshot_interval: 20 }))).toEqual([
      ["snapshot_interval", undefined, "20"],
    ]);
  });

  it("hold datasets apart by their names, whatever their order", () => {
    const dataset = (name: string, weight: number) => record({ name, weight });
    const first = record({ train: [dataset("crop_a", 1), dataset("crop_b", 1)] });
    const second = record({ train: [dataset("crop_b", 2), dataset("crop_a", 1)] });
    expect(differing(first, second)).toEqual([["train.crop_b.weight", "1", "2"]]);
  });

  it("tell text from numbers and from nothing", () => {
    expect(differing(record({ a: "1" }), record({ a: 1 }))).toEqual([["a", '"1"', "1"]]);
    expect(differing(record({ a: "null" }), record({ a: null }))).toEqual([["a", '"null"', "null"]]);
  });

  it("are none between a configuration and itself, whatever it holds", () => {
    fc.assert(
      fc.property(fc.object({ withNullPrototype: true }), (config) => {
        const fields = diffConfigs([config, structuredClone(config)]);
        expect(fields.filter(({ differs }) => differs)).toEqual([]);
      }),
    );
  });

  it("stop at a bound for a document whose aliases stand for an exponentially large one", () => {
    let value: unknown = record({ a: 1, b: 2 });
    for (let depth = 0; depth < 40; depth += 1) value = record({ a: value, b: value });
    expect(diffConfigs([value]).length).toBe(20_000);
  });
});
