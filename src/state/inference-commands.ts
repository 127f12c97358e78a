// What a person or a host asks of the network.
import type { StoreApi } from "zustand/vanilla";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { AppState, InferenceTask, InferenceWish, IterationChoice, OwnRef, RunState } from "./app-state.ts";
import type { InferenceController } from "./inference-controller.ts";
import type { InferenceCommands } from "./inference-room.ts";
import { toVisibleRegion, toWholeRegion } from "./inference-view.ts";
import type { ModelShelf } from "./model-shelf.ts";
import { ProtocolError } from "./protocol-error.ts";
import type { RawShelf } from "./raw-shelf.ts";
import { resolveSelection, selectedRun } from "./selectors.ts";

export type CommandContext = {
  readonly models: ModelShelf;
  readonly raws: RawShelf;
  readonly viewer: () => VolumeViewer | undefined;
};

export function createInferenceCommands(
  store: StoreApi<AppState>,
  controller: InferenceController,
  { models, raws, viewer }: CommandContext,
): InferenceCommands {
  async function toModel(
    run: RunState,
    { model }: InferenceWish,
    dataset: string | undefined,
  ): Promise<Partial<InferenceTask>> {
    if ("iteration" in model) return { iteration: toIteration(store.getState(), run, model.iteration, dataset) };
    return { ownModel: "url" in model ? await models.addUrl(model.url) : findModel(model.id) };
  }

  function findModel(id: string): OwnRef {
    const known = store.getState().models.find((each) => each.id === id);
    if (known === undefined) throw new ProtocolError("unknown-model", id, "That model is not at hand any more.");
    return { id, name: known.name, address: known.address };
  }

  /** Absent for a dataset of the run. */
  async function toRaw({ raw }: InferenceWish): Promise<Partial<InferenceTask>> {
    if (raw === undefined) return {};
    if ("url" in raw) return { ownRaw: await raws.addUrl(raw.url) };
    const known = store.getState().raws.find((each) => each.id === raw.id);
    if (known === undefined) throw new ProtocolError("unknown-raw", raw.id, "That array is not at hand any more.");
    return { ownRaw: { id: known.id, name: known.name, address: known.address } };
  }

  return {
    async infer(wish) {
      const run = selectedRun(store.getState());
      if (run === undefined)
        throw new ProtocolError(
          "no-run",
          "run",
          'No run is open whose data a network could be run on; send "open" first.',
        );
      const dataset = toDataset(store.getState(), run, wish);
      const [model, raw] = await Promise.all([toModel(run, wish, dataset), toRaw(wish)]);
      if (dataset !== undefined) store.setState({ selection: { ...store.getState().selection, dataset } });
      const { normalisation, resample, settings, ask, device = defaultDevice() } = wish;
      const how = {
        ...(normalisation && { normalisation }),
        ...(resample !== undefined && { resample }),
        ...(settings && { settings }),
        ...(ask && { ask }),
      };
      await controller.start({
        run: run.id,
        ...model,
        ...raw,
        ...how,
        ...(dataset !== undefined && { dataset }),
        device,
      });
    },
    addRaw(origin) {
      if (typeof origin === "string") return raws.addUrl(origin);
      return "addresses" in origin ? raws.addOther(origin) : raws.addFolder(origin);
    },
    forgetRaw: raws.forget,
    addModel: (origin) => (typeof origin === "string" ? models.addUrl(origin) : models.addFile(origin)),
    setModelLayout: models.setLayout,
    forgetModel: models.forget,
    pauseInference: controller.pause,
    cancelInference: controller.cancel,
    closeInference: controller.close,
    insistOnInference: controller.insist,
    confirmInference: controller.confirm,
    async computeInference(what) {
      const array = controller.current()?.array;
      if (array === undefined) return;
      const region = what === "all" ? toWholeRegion(array) : toVisibleRegion(viewer(), store.getState(), array);
      if (region !== undefined) await controller.compute({ what, ...region });
    },
    stopInferenceRegion: controller.stopRegion,
    async resumeInferenceJob() {
      const job = store.getState().inferenceJob;
      if (job === undefined) return;
      const { done: _, total: __, ...order } = job;
      store.setState({ inferenceJob: undefined });
      // what was done is there before anything is looked at
      await controller.start({ ...order, settings: { ...order.settings, keep: true }, ask: true });
      const array = controller.current()?.array;
      if (array !== undefined) await controller.compute({ what: "all", ...toWholeRegion(array) });
    },
    forgetInferenceJob: controller.forgetJob,
    keepInference: controller.keep,
    followInference: controller.follow,
    closeInferenceB: controller.closeKept,
  };
}

/** @throws ProtocolError where the run has no such dataset, or none at all and no array takes its place */
function toDataset({ selection }: AppState, run: RunState, wish: InferenceWish): string | undefined {
  const { dataset: wanted, raw } = wish;
  if (wanted !== undefined && run.datasets.includes(wanted)) return wanted;
  if (wanted !== undefined)
    throw new ProtocolError(
      "unknown-dataset",
      wanted,
      `${run.name} has no dataset "${wanted}"; it has ${run.datasets.join(", ")}.`,
    );
  const { dataset } = resolveSelection(run, selection);
  if (dataset !== undefined || raw !== undefined) return dataset;
  throw new ProtocolError("no-dataset", run.name, `${run.name} has no validation dataset to run a network on.`);
}

/** @throws ProtocolError where there is no checkpoint of it */
function toIteration(
  { selection }: AppState,
  run: RunState,
  wanted: IterationChoice,
  dataset: string | undefined,
): number {
  const { checkpoints, name } = run;
  const choice = { ...selection, ...(dataset !== undefined && { dataset }), iteration: wanted };
  const shown = resolveSelection(run, choice);
  const iteration = typeof wanted === "number" ? wanted : shown.iteration;
  if (iteration === undefined)
    throw new ProtocolError("unknown-iteration", String(wanted), `${name} has no ${wanted} iteration yet.`);
  if (checkpoints.length > 0 && !checkpoints.includes(iteration))
    throw new ProtocolError(
      "unknown-iteration",
      String(iteration),
      `No checkpoint of iteration ${iteration} was found in ${name}; there are ${checkpoints.join(", ")}.`,
    );
  return iteration;
}

function defaultDevice(): "webgpu" | "wasm" {
  return globalThis.navigator !== undefined && "gpu" in globalThis.navigator ? "webgpu" : "wasm";
}
