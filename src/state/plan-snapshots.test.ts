import { describe, expect, it } from "vitest";
import { toTaskConfig } from "#dacapo/task.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { AppState, RunState } from "./app-state.ts";
import { planLayers } from "./plan-layers.ts";
import { newRun } from "./run-registry.ts";
import type { RunSource } from "./run-source.ts";
import { resolveSelection } from "./selectors.ts";
import { toSnapshotList } from "./snapshot-list.ts";
import { toLayerRequest } from "./to-layer-request.ts";

const names = ["raw", "gt", "target", "weight", "mask", "prediction", "gradients"];
const stacked = toSnapshotList(
  { layout: "stacked", folder: "a/snapshot.zarr/volumes", names, iterations: [0, 10, 20, 10] },
  "a",
);
const separate = toSnapshotList(
  { layout: "separate", groups: [{ iteration: 5, folder: "a/snapshot.zarr/5/volumes", names: ["raw", "gt"] }] },
  "a",
);

function toRun(value: typeof stacked): RunState {
  const run = newRun({ url: "http://lab/a", address: "", name: "a" } as RunSource);
  return { ...run, status: "ready", hasSnapshots: true, snapshots: { status: "ready", value, at: 0 } };
}

const plansOf = (value: typeof stacked, snapshot: number | "latest") => {
  const run = toRun(value);
  return planLayers(run, resolveSelection(run, { snapshot }));
};

describe("the layers of a snapshot", () => {
  it("are those that were kept, at the place of the last time that it was taken", () => {
    const plans = plansOf(stacked, 10);
    expect(plans.map(({ name }) => name)).toEqual([
      ...["raw", "gradients", "weight", "mask", "prediction", "target", "gt"],
    ]);
    expect(plans[0]).toMatchObject({
      path: "snapshot.zarr/volumes/raw",
      iteration: 10,
      snapshot: { stack: { index: 3 } },
    });
    expect(plans.at(-1)?.title).toBe("gt (really the target) in training at 10");
  });

  it("of an iteration that was not kept, or was undone, are those of the one before it", () => {
    expect(plansOf(stacked, 20)[0]?.iteration).toBe(10);
    expect(plansOf(stacked, 7)[0]?.iteration).toBe(0);
    expect(plansOf(separate, 1)[0]?.iteration).toBe(5);
  });

  it("of old releases lie in their own folders, with real ground truth", () => {
    expect(plansOf(separate, "latest").map(({ path, title }) => [path, title])).toEqual([
      ["snapshot.zarr/5/volumes/raw", "raw in training at 5"],
      ["snapshot.zarr/5/volumes/gt", "gt in training at 5"],
    ]);
  });

  it("leave what is shown as it is until they are listed", () => {
    const { snapshots: _, ...run } = toRun(stacked);
    expect(resolveSelection(run, { snapshot: 10 }).snapshot).toBeUndefined();
  });
});

const task = toTaskConfig({
  __type__: "AffinitiesTaskConfig",
  name: "affs",
  neighborhood: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
});

function requestsOf(value: typeof stacked, shape: readonly number[]) {
  const run = toRun(value);
  const config = { status: "ready", value: { taskConfig: task.config }, at: 0 };
  const state = { runs: { [run.id]: { ...run, config } }, layers: [] } as unknown as AppState;
  const types = shape.map((_, axis) => (axis < shape.length - 3 ? "channel" : "space"));
  const metadata = { types, voxelSize: [45, 9, 9], offset: [3, 8, 8] };
  const array = { dtype: "<f4", shape, metadata } as unknown as RunArray;
  const plans = planLayers(run, resolveSelection(run, { snapshot: "latest" }));
  return new Map(plans.map((plan) => [plan.name, toLayerRequest(state, plan, array, plan.name)]));
}

describe("what is drawn of a snapshot", () => {
  const requests = requestsOf(stacked, [4, 2, 3, 8, 8, 8]);

  it("is the first of the batch, of one entry", () => {
    expect(requests.get("raw")?.fixed).toEqual([
      { axis: 0, index: 3 },
      { axis: 1, index: 0 },
    ]);
  });

  it("is a prediction without the activation that validation adds", () => {
    expect(requests.get("prediction")).toMatchObject({ kind: "affinities", channelKinds: ["logit", "logit", "logit"] });
    expect(requests.get("target")).toMatchObject({
      kind: "affinities",
      channels: ["aff_1.0.0", "aff_0.1.0", "aff_0.0.1"],
      channelKinds: ["affinity", "affinity", "affinity"],
    });
    expect(requests.get("gt")?.kind).toBe("affinities");
    expect(requests.get("mask")?.kind).toBe("binary");
  });

  it("lies where it was cut: old releases wrote offsets in voxels", () => {
    const old = requestsOf(separate, [8, 8, 8]);
    expect(old.get("raw")?.array.metadata.offset).toEqual([135, 72, 72]);
    expect(old.get("raw")?.fixed).toEqual([]);
    expect(requests.get("raw")?.array.metadata.offset).toEqual([3, 8, 8]);
  });
});
