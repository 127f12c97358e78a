// Where errors are asked for. What looks for them is fetched when somebody first does.
import type { StoreApi } from "zustand/vanilla";
import type { RunArray } from "#storage/open-array.ts";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { AppState, RunId } from "./app-state.ts";
import type { ErrorCommands } from "./error-commands.ts";
import type { ErrorsController } from "./errors-controller.ts";
import type { RunSource } from "./run-source.ts";

export type ErrorsDesk = {
  readonly commands: ErrorCommands;
  array(generation: number): RunArray | undefined;
  dispose(): void;
};

export type ErrorsContext = {
  readonly sourceOf: (run: RunId) => RunSource | undefined;
  readonly viewer: () => VolumeViewer | undefined;
};

type Room = { readonly controller: ErrorsController; readonly goToError: ErrorCommands["goToError"] };

export function createErrorsGate(store: StoreApi<AppState>, { sourceOf, viewer }: ErrorsContext): ErrorsDesk {
  let opened: Room | undefined;
  let isOpening = false;
  let closed = false;

  async function open(): Promise<void> {
    const [{ createErrorsController }, { createGoToError }] = await Promise.all([
      import("./errors-controller.ts"),
      import("./error-commands.ts"),
    ]);
    if (closed) return;
    opened = { controller: createErrorsController(store, { sourceOf }), goToError: createGoToError(store, viewer) };
  }

  function enter(): void {
    if (isOpening || opened !== undefined) return;
    isOpening = true;
    open().catch((error: unknown) => {
      isOpening = false;
      const message = `what compares could not be fetched (${error instanceof Error ? error.message : String(error)}).`;
      store.setState({ errors: { generation: 0, status: "failed", message } });
    });
  }

  return {
    commands: {
      showErrors(wanted) {
        if (!wanted) return store.setState({ errors: undefined, errorsDeclined: true });
        store.setState({ errorsDeclined: false });
        if (store.getState().errors === undefined) store.setState({ errors: { generation: 0, status: "waiting" } });
        enter();
      },
      computeErrors() {
        if (opened !== undefined) return opened.controller.compute();
        store.setState({ errors: { generation: 0, status: "waiting" } });
        enter();
      },
      stopErrors: () => opened?.controller.stop(),
      goToError: (error) => opened?.goToError(error),
    },
    array: (generation) => opened?.controller.array(generation),
    dispose() {
      closed = true;
      opened?.controller.dispose();
    },
  };
}
