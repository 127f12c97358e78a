import { describe, expect, it } from "vitest";
import type { InferenceState } from "./app-state.ts";
import { toClusterOrder } from "./cluster-order.ts";
import { entry } from "./fakes/fake-run.ts";
import { loadedState } from "./fakes/run-state.ts";

const inference: InferenceState = {
  ...{ run: "", iteration: 200, dataset: "b", device: "wasm", generation: 1, status: "idle" },
  ...{ blocksDone: 0, blocksQueued: 0 },
  grid: { offset: [90, 0, 18], voxelSize: [45, 9, 9], shape: [10, 20, 30] },
};

async function loadedRun() {
  const { state } = await loadedState([entry(200, [[1, 2]])]);
  const [run] = Object.values(state.runs);
  if (run?.config.status !== "ready") throw new Error("no run");
  return { run, config: run.config.value };
}

describe("what is too much for this computer", () => {
  it("is DaCapo's command with the array that the run's config names, under whatever changes its values", async () => {
    const { run, config } = await loadedRun();
    const zarr = { type: "ZarrArrayConfig", name: "raw", fileName: "/data/vnc.zarr", dataset: "volumes/raw" } as const;
    const rawConfig = { type: "IntensitiesArrayConfig", name: "scaled", min: 0, max: 255, sourceArrayConfig: zarr };
    const datasplitConfig = {
      ...{ type: "TrainValidateDataSplitConfig", name: "split", trainConfigs: [] },
      validateConfigs: [{ type: "RawGTDatasetConfig", name: "b", rawConfig }],
    };
    const value = { ...config, datasplitConfig } as unknown as typeof config;
    const order = toClusterOrder({ ...run, config: { status: "ready", value, at: 0 } }, inference);
    expect(order?.command).toBe(
      `dacapo predict -r ${run.name} -i 200 -ic /data/vnc.zarr -id volumes/raw -op OUTPUT_FOLDER -roi '[90:540,0:180,18:288]' -w 1 -dt float32`,
    );
    expect(order?.notes).toHaveLength(2);
  });

  it("is left to be filled in where the config does not say where the raw is", async () => {
    const { run } = await loadedRun();
    const order = toClusterOrder(run, { ...inference, dataset: "unheard of" });
    expect(order?.command).toContain("-ic RAW.zarr -id raw");
    expect(order?.notes[0]).toContain("RAW.zarr");
  });

  it("takes an array of one's own by its address, and knows no way for a model of one's own", async () => {
    const { run } = await loadedRun();
    const ownRaw = { id: "1", name: "s0", address: "https://data.example.org/a.zarr/raw/s0/" };
    expect(toClusterOrder(run, { ...inference, ownRaw })?.command).toContain(
      "-ic https://data.example.org/a.zarr -id raw/s0",
    );
    const { iteration: _, ...own } = inference;
    expect(toClusterOrder(run, own)).toBeUndefined();
  });
});
