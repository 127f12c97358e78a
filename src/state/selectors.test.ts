import { beforeAll, describe, expect, it } from "vitest";
import type { AppState, RunState } from "./app-state.ts";
import { biases, entry, wholeVolumes } from "./fakes/fake-run.ts";
import { loadedState } from "./fakes/run-state.ts";
import { planLayers } from "./plan-layers.ts";
import { nextIndex } from "./selection-commands.ts";
import { resolveSelection, shownIterations, shownOf } from "./selectors.ts";

// voi, lower is better: a is best at 200 with the second bias, b at 100 with the first
const entries = [
  entry(100, [
    [2, 3],
    [4, 5],
  ]),
  entry(200, [
    [3, 1],
    [6, 7],
  ]),
  entry(300, [
    [5, 5.5],
    [8, 8],
  ]),
];
let state: AppState;
let run: RunState;
beforeAll(async () => {
  ({ state, run } = await loadedState(entries));
});

describe("what a choice comes to", () => {
  it("is the best of the task's own criterion on the first dataset when nothing was chosen", () => {
    expect(shownOf(state)).toEqual({
      run: run.id,
      dataset: "a",
      criterion: "voi",
      iteration: 200,
      parameters: biases[1],
    });
  });

  it("follows the best of each dataset and the latest of all", () => {
    expect(resolveSelection(run, { dataset: "b", iteration: "best" })).toMatchObject({
      iteration: 100,
      parameters: biases[0],
    });
    expect(resolveSelection(run, { dataset: "b", iteration: "latest" })).toMatchObject({
      iteration: 300,
      parameters: biases[0],
    });
  });

  it("takes the best parameters of a chosen iteration unless some were chosen", () => {
    expect(resolveSelection(run, { iteration: 300 })).toMatchObject({ iteration: 300, parameters: biases[0] });
    expect(resolveSelection(run, { iteration: 300, parameters: biases[1] ?? "" })).toMatchObject({
      parameters: biases[1],
    });
  });

  it("falls back where the run has no such dataset, criterion or parameters", () => {
    const shown = resolveSelection(run, { dataset: "z", criterion: "f1_score", parameters: "threshold_3" });
    expect(shown).toMatchObject({ dataset: "a", criterion: "voi", parameters: biases[1] });
  });

  it("is found once for a run and a selection, however often it is asked for", async () => {
    const { state } = await loadedState(entries);
    const chosen = { ...state, selection: { iteration: 200 } };
    expect(shownOf(chosen)).toBe(shownOf({ ...chosen, settled: true }));
    expect(shownOf({ ...chosen, selection: { iteration: 300 } })).toMatchObject({ iteration: 300 });
    expect(shownOf(chosen)).toMatchObject({ iteration: 200 });
    const reread = Object.entries(chosen.runs).map(([id, run]) => [id, { ...run, datasets: ["b"] }]);
    expect(shownOf({ ...chosen, runs: Object.fromEntries(reread) })).toMatchObject({ dataset: "b" });
  });

  it("does not follow the latest into a half-written prediction", async () => {
    const partial = wholeVolumes(300);
    const volumes = [
      wholeVolumes(200),
      {
        ...partial,
        datasets: partial.datasets.map((dataset) => ({ ...dataset, prediction: "partial" as const, outputs: [] })),
      },
    ];
    const { run: writing } = await loadedState(entries.slice(0, 2), volumes);
    expect(resolveSelection(writing, { iteration: "latest" }).iteration).toBe(200);
    expect(shownIterations(writing)).toEqual([100, 200, 300]);
    expect(planLayers(writing, resolveSelection(writing, { iteration: 300 })).map(({ name }) => name)).toEqual([
      "raw",
      "best",
      "gt",
    ]);
  });
});

describe("the planned layers", () => {
  it("lie where DaCapo wrote them, lowest first", () => {
    const plans = planLayers(run, resolveSelection(run, { iteration: 300 }));
    expect(plans.map(({ name, path }) => [name, path])).toEqual([
      ["raw", "validation.zarr/inputs/a/raw"],
      ["prediction", "validation.zarr/300/ds_a/prediction"],
      ["segmentation", `validation.zarr/300/ds_a/output/${biases[0]}`],
      ["best", `validation.zarr/200/ds_a/output/${biases[1]}`],
      ["gt", "validation.zarr/inputs/a/gt"],
    ]);
  });

  it("take a stored best array where a release wrote one", () => {
    const stored = { ...run, storedBest: [{ dataset: "a", criterion: "voi" }] };
    expect(planLayers(stored, resolveSelection(stored, {})).find(({ name }) => name === "best")?.path).toBe(
      "validation.zarr/a/voi",
    );
  });
});

describe("stepping through iterations", () => {
  const all = [100, 200, 300];
  it.each([
    [200, 1, 2],
    [200, -1, 0],
    [300, 1, 2],
    [100, -1, 0],
    [150, 1, 1],
    [150, -1, 0],
    [999, -1, 2],
    [undefined, -1, 2],
  ])("from %s by %i comes to index %i", (shown, by, index) => expect(nextIndex(all, shown, by)).toBe(index));
});
