import { describe, expect, it } from "vitest";
import { toRunConfig } from "#dacapo/run-config.ts";
import type { RunState } from "./app-state.ts";
import { biases, entry } from "./fakes/fake-run.ts";
import { loadedState } from "./fakes/run-state.ts";
import { recipeOf } from "./output-recipe.ts";
import { planValidation } from "./plan-validation.ts";

const { run: affinities } = await loadedState([
  entry(100, [
    [1, 2],
    [3, 4],
  ]),
]);
const distances: RunState = {
  ...affinities,
  config: {
    status: "ready",
    at: 0,
    value: toRunConfig({ task_config: { __type__: "DistanceTaskConfig", name: "d", channels: ["mito"] } }).config,
  },
};
const offsets = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

describe("an output of a prediction that is computed here", () => {
  it("is a watershed with the offsets of the task", () => {
    expect(recipeOf(affinities, biases[1] ?? "")).toEqual({ kind: "watershed", bias: 0.25, offsets });
  });

  it.each([
    ["threshold_0.25", { threshold: 0.25 }],
    ["threshold_127", { threshold: 127 }],
    ["ThresholdPostProcessorParameters(id=1)", { threshold: 0 }],
    ["ThresholdPostProcessorParameters(id=0, threshold=100)", { threshold: 100, eightBit: { sigmoid: false } }],
  ])("is a threshold, in 8 bits where the release counted so: %s", (name, recipe) => {
    expect(recipeOf(distances, name)).toEqual({ kind: "threshold", ...recipe });
  });

  it("is the class of the largest value", () => {
    expect(recipeOf(distances, "ArgmaxPostProcessorParameters(id=1)")).toEqual({ kind: "argmax" });
  });

  it.each([
    [affinities, "WatershedPostProcessorParameters(id=1, bias=0.5)", /release 0\.2\.0 took a bias of 0\.5/],
    [{ ...affinities, release: "0.2.1-0.3.0" }, biases[0] ?? "", /block by block/],
    [distances, biases[0] ?? "", /does not say which offsets/],
    [affinities, "DummyPostProcessorParameters(id=0, min_size=1)", /no post-processor whose work could be repeated/],
  ] as const)("is refused with the reason: %#", (run, name, why) => {
    expect(() => recipeOf(run, name)).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringMatching(why) }),
    );
  });

  it("is planned for every dataset and all parameters, in the order of both", () => {
    const plan = planValidation(affinities, { iteration: 100, prediction: "inference" });
    expect(plan.criteria).toEqual(["voi_split", "voi_merge", "voi"]);
    expect(plan.outputs).toEqual(
      ["a", "b"].flatMap((dataset) => biases.map((parameters) => ({ dataset, parameters }))),
    );
  });

  it("is not scored where DaCapo writes random numbers, and it is said so", async () => {
    const { run } = await loadedState([]);
    const task = { __type__: "OneHotTaskConfig", name: "o", classes: ["a", "b"] };
    const config = { status: "ready", at: 0, value: toRunConfig({ task_config: task }).config } as const;
    const classes: RunState = { ...run, config, scores: { status: "absent" }, checkpoints: [100] };
    const wish = { iteration: 100, prediction: "inference" } as const;
    expect(() => planValidation(classes, wish)).toThrow(/random numbers, which nothing can compute again/);
  });
});
