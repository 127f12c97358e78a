import { describe, expect, test } from "vitest";
import { toTaskConfig } from "#dacapo/task.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { AppState } from "./app-state.ts";
import type { LayerPlan } from "./layer-plan.ts";
import { toLayerRequest } from "./to-layer-request.ts";

const affinities = {
  __type__: "AffinitiesTaskConfig",
  name: "affs",
  neighborhood: [
    [1, 0, 0],
    [0, 1, 0],
  ],
};
const distances = (type: string) => ({
  __type__: type,
  name: "distances",
  channels: ["mito"],
  clip_distance: 5,
  tol_distance: 5,
});
const pretrained = (within: unknown) => ({
  __type__: "PretrainedTaskConfig",
  name: "p",
  weights: "w",
  sub_task_config: within,
});

/** What the viewer is asked to draw of an array of so many channels, by a run with this task. */
function requestOf(task: unknown, name: LayerPlan["name"], channels: number, dtype = "<f4") {
  const { config: taskConfig } = toTaskConfig(task);
  const config = { status: "ready", value: { taskConfig }, at: 0 };
  const state = { runs: { run: { config } }, layers: [] } as unknown as AppState;
  const plan: LayerPlan = { name, run: "run", path: "a", title: name, visible: true };
  const metadata = { types: ["channel", "space", "space", "space"] };
  const array = { dtype, shape: [channels, 8, 8, 8], metadata, attributes: {} } as unknown as RunArray;
  const { kind, channels: names, channelKinds, computed, span } = toLayerRequest(state, plan, array, "key");
  return { kind, names, channelKinds, computed, span };
}

describe("what the viewer is asked to draw", () => {
  test("affinities by name, and shape descriptors after them by theirs", () => {
    const { kind, names, channelKinds } = requestOf(affinities, "prediction", 12);
    expect(kind).toBe("affinities");
    expect(names?.slice(0, 4)).toEqual(["aff_1.0.0", "aff_0.1.0", "lsd_offset_z", "lsd_offset_y"]);
    expect(channelKinds?.slice(1, 3)).toEqual(["affinity", "lsd"]);
  });

  test("a pretrained task is drawn as the task that it wraps, however deep", () => {
    expect(requestOf(pretrained(affinities), "prediction", 2)).toEqual(requestOf(affinities, "prediction", 2));
    expect(requestOf(pretrained(pretrained(affinities)), "segmentation", 1, "<u8").kind).toBe("instances");
  });

  test("hot distances are logits, then distances; inner distances are told from signed ones", () => {
    expect(requestOf(distances("HotDistanceTaskConfig"), "prediction", 2)).toMatchObject({
      kind: "distances",
      names: ["mito", "mito distance"],
      channelKinds: ["logit", "distance"],
    });
    expect(requestOf(distances("InnerDistanceTaskConfig"), "prediction", 1).channelKinds).toEqual(["inner-distance"]);
  });

  test("a task that nobody knows leaves grey values and numbers for names", () => {
    expect(requestOf({ __type__: "NovelTaskConfig" }, "prediction", 3)).toMatchObject({
      kind: "grey",
      names: undefined,
    });
  });

  test("channels of raw are not the network's", () => {
    expect(requestOf(affinities, "raw", 2)).toMatchObject({ kind: "grey", names: undefined, channelKinds: undefined });
  });

  test("only what is computed where it is looked at is awaited", () => {
    expect(requestOf(affinities, "inference", 2).computed).toBe(true);
    expect(requestOf(affinities, "prediction", 2).computed).toBeUndefined();
  });

  test("a difference with the channels of both, on a scale that their values have", () => {
    const { kind, names, span } = requestOf(affinities, "difference", 2);
    expect([kind, names?.length, span]).toEqual(["difference", 2, 1]);
    expect(requestOf(distances("HotDistanceTaskConfig"), "difference", 2).span).toBe(10);
    expect(requestOf(affinities, "agreement", 1).kind).toBe("agreement");
  });

  test("B as A is drawn, in the second view", () => {
    const a = requestOf(affinities, "prediction", 3);
    expect(requestOf(affinities, "prediction B", 3)).toEqual(a);
  });
});
