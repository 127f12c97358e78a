// What a person or a host asks of the network.
import type { StoreApi } from "zustand/vanilla";
import type { Commands } from "./app.ts";
import type { AppState } from "./app-state.ts";
import type { InferenceController } from "./inference-controller.ts";
import { resolveSelection, selectedRun } from "./selectors.ts";

export type InferenceCommands = Pick<
  Commands,
  "infer" | "pauseInference" | "cancelInference" | "closeInference" | "insistOnInference"
>;

export function createInferenceCommands(store: StoreApi<AppState>, controller: InferenceController): InferenceCommands {
  return {
    async infer({ iteration: wanted, dataset: named, device = defaultDevice() }) {
      const run = selectedRun(store.getState());
      if (run === undefined) throw new Error('No run is open whose network could be run; send "open" first.');
      const choice =
        named === undefined ? store.getState().selection : { ...store.getState().selection, dataset: named };
      if (named !== undefined && !run.datasets.includes(named))
        throw new Error(`${run.name} has no dataset "${named}"; it has ${run.datasets.join(", ")}.`);
      const shown = resolveSelection(run, { ...choice, iteration: wanted });
      const { dataset } = shown;
      const iteration = typeof wanted === "number" ? wanted : shown.iteration;
      if (dataset === undefined || iteration === undefined)
        throw new Error(`${run.name} has no validation dataset on which its network could be run here.`);
      if (run.checkpoints.length > 0 && !run.checkpoints.includes(iteration))
        throw new Error(
          `No checkpoint of iteration ${iteration} was found in ${run.name}; there are ${run.checkpoints.join(", ")}.`,
        );
      store.setState({ selection: { ...store.getState().selection, dataset } });
      await controller.start({ run: run.id, iteration, dataset, device });
    },
    pauseInference: controller.pause,
    cancelInference: controller.cancel,
    closeInference: controller.close,
    insistOnInference: controller.insist,
  };
}

function defaultDevice(): "webgpu" | "wasm" {
  return globalThis.navigator !== undefined && "gpu" in globalThis.navigator ? "webgpu" : "wasm";
}
