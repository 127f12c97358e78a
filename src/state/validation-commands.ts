// What a person or a host asks to be scored again. One network is at work at a time: the datasets take turns.
import type { StoreApi } from "zustand/vanilla";
import type { RunArray } from "#storage/open-array.ts";
import type { Commands } from "./app.ts";
import type { AppState, InferenceWish } from "./app-state.ts";
import { ProtocolError } from "./protocol-error.ts";
import type { RunSource } from "./run-source.ts";
import { selectedRun } from "./selectors.ts";

export type ValidationContext = {
  readonly sourceOf: (run: string) => RunSource | undefined;
  readonly infer: Commands["infer"];
  /** The prediction of the network at work. */
  readonly prediction: () => RunArray | undefined;
};

export function createValidationCommands(
  store: StoreApi<AppState>,
  { sourceOf, infer, prediction }: ValidationContext,
): Pick<Commands, "validate"> {
  async function compute(wish: InferenceWish, dataset: string, signal: AbortSignal): Promise<RunArray> {
    signal.throwIfAborted();
    await infer({ ...wish, dataset });
    const array = prediction();
    if (array === undefined)
      throw new ProtocolError("no-inference", dataset, "The network was closed before it was done.");
    return array;
  }

  return {
    async validate(wish, { signal, onProgress }) {
      const run = selectedRun(store.getState());
      const source = run && sourceOf(run.id);
      if (run === undefined || source === undefined)
        throw new ProtocolError("no-run", "run", 'No run is open that could be scored; send "open" first.');
      const [{ planValidation }, { validate }] = await Promise.all([
        import("./plan-validation.ts"),
        import("./validation.ts"),
      ]);
      const plan = planValidation(run, wish);
      const network = { model: { iteration: plan.iteration }, ...(wish.device && { device: wish.device }) };
      const computed = (dataset: string) => compute(network, dataset, signal);
      const effects = {
        source,
        run,
        signal,
        onProgress,
        ...(wish.prediction === "inference" && { compute: computed }),
      };
      return validate(plan, effects);
    },
  };
}
