// What stands in for the network's commands until one of them is asked for: their code is fetched then.
import type { StoreApi } from "zustand/vanilla";
import type { AppState } from "./app-state.ts";
import {
  type InferenceCommands,
  type InferenceDesk,
  type InferenceDeskContext,
  inferenceCommandNames,
} from "./inference-room.ts";

export function createInferenceGate(store: StoreApi<AppState>, context: InferenceDeskContext): InferenceDesk {
  let desk: InferenceDesk | undefined;
  let loading: Promise<InferenceDesk> | undefined;
  let closed = false;

  async function load(): Promise<InferenceDesk> {
    const { createInferenceDesk } = await import("./inference-desk.ts");
    if (closed) throw new DOMException("The viewer was closed.", "AbortError");
    desk = createInferenceDesk(store, context);
    return desk;
  }

  function call(name: keyof InferenceCommands, args: readonly unknown[]): unknown {
    const run = ({ commands }: InferenceDesk) => (commands[name] as (...args: readonly unknown[]) => unknown)(...args);
    if (desk !== undefined) return run(desk);
    loading ??= load().finally(() => {
      loading = undefined; // what could not be fetched is tried again
    });
    return loading.then(run);
  }

  const commands = Object.fromEntries(
    inferenceCommandNames.map((name) => [name, (...args: unknown[]) => call(name, args)]),
  );
  return {
    commands: commands as unknown as InferenceCommands,
    array: (generation) => desk?.array(generation),
    raw: (generation) => desk?.raw(generation),
    current: () => desk?.current(),
    dispose() {
      closed = true;
      desk?.dispose();
    },
  };
}
