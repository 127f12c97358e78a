// The factory: a store, the commands on it, and the controllers that keep it true. Two viewers on a page are two apps.
import { createStore } from "zustand/vanilla";
import type { App, Commands } from "./app.ts";
import type { AppOptions, RawOptions } from "./app-options.ts";
import type { AppState } from "./app-state.ts";
import { createComparison } from "./comparison.ts";
import { createDatasetKeeper } from "./dataset-keeper.ts";
import { emptyState } from "./empty-state.ts";
import { createErrorsGate, type ErrorsDesk } from "./errors-gate.ts";
import { createFollowLoop } from "./follow-loop.ts";
import { createInferenceGate } from "./inference-gate.ts";
import { readJob } from "./inference-job.ts";
import type { InferenceDesk } from "./inference-room.ts";
import { createLayersController } from "./layers-controller.ts";
import { createLazyKeeper } from "./lazy-keeper.ts";
import { createMessageBus } from "./message-bus.ts";
import { createOrderKeeper } from "./order-keeper.ts";
import { createPlayer } from "./player.ts";
import { readRecents } from "./recents.ts";
import { createRunRegistry, type RunRegistry } from "./run-registry.ts";
import type { RunTableChoice } from "./run-table.ts";
import { createRunTableLoader } from "./run-table-loader.ts";
import { parseTableText } from "./run-table-text.ts";
import { createSelectionCommands } from "./selection-commands.ts";
import { createSettleTracker } from "./settle.ts";
import { holdStatsReader } from "./shared-stats-reader.ts";
import { createSharing } from "./sharing.ts";
import { createStartCommands, type StartCommands } from "./start-commands.ts";
import { createViewCommands } from "./view-commands.ts";
import { toLookState, wantsErrors } from "./view-look.ts";
import { toViewRequest } from "./view-request.ts";

export function createApp(options: AppOptions = {}): App {
  const page = options.page ?? globalThis.document?.baseURI ?? "http://localhost/";
  const releaseReader = holdStatsReader();
  const store = createStore<AppState>(() => initialState(options));
  const keeper = createDatasetKeeper(store);
  const bus = createMessageBus();
  const orders = createOrderKeeper(store, options.storage);
  const arrays: RawOptions = { page, ...(options.s3Endpoint !== undefined && { s3Endpoint: options.s3Endpoint }) };
  const inference: InferenceDesk = createInferenceGate(store, {
    ...arrays,
    sourceOf: (run) => runs.sourceOf(run),
    storage: options.storage,
    viewer: () => view.viewer(),
  });
  const errors: ErrorsDesk = createErrorsGate(store, {
    sourceOf: (run) => runs.sourceOf(run),
    viewer: () => view.viewer(),
  });
  const runs: RunRegistry = createRunRegistry(store, {
    inference: inference.array,
    raw: inference.raw,
    errors: errors.array,
    page,
    options,
    orders,
    onEvents: bus.tell(store),
  });
  const table = createRunTableLoader(store, {
    sourcesOf: (base) => start.sourcesOf(base),
    listRuns: (base) => start.listRuns(base),
    knownOrder: orders.knownOrder,
    now: Date.now,
  });
  const snapshots = createLazyKeeper(
    store,
    ({ selection }) => selection.snapshot !== undefined,
    async () => (await import("./snapshots-keeper.ts")).createSnapshotsKeeper(store, runs.sourceOf),
  );
  const layers = createLayersController(store, runs);
  const settle = createSettleTracker(store, () => layers.isBusy());
  const loop = createFollowLoop(store, runs.check);
  const view = createViewCommands(store, { layers, settle });
  const selection = createSelectionCommands(store);
  const comparison = createComparison(store);
  const player = createPlayer(store, selection.select);
  const start: StartCommands = createStartCommands(store, { runs, page, options, viewer: view.viewer });
  const toRequest = (state: AppState) => toViewRequest(state, options);
  const commands: Commands = {
    ...selection,
    ...comparison.commands,
    ...view.commands,
    ...start.commands,
    ...inference.commands,
    pick: (part) => store.setState(({ pick }) => ({ pick: { ...pick, ...part } })),
    async validate(...asked) {
      const { createValidationCommands } = await import("./validation-commands.ts");
      const { validate } = createValidationCommands(store, {
        sourceOf: runs.sourceOf,
        infer: inference.commands.infer,
        prediction: () => inference.current()?.array,
      });
      return validate(...asked);
    },
    ...errors.commands,
    arrangeRuns: (part) => store.setState(({ runTable }) => ({ runTable: withoutUndefined({ ...runTable, ...part }) })),
    showRuns: table.show,
    setFollow: loop.setFollow,
    checkNow: loop.checkNow,
    reachArray: async (file, signal) => (await import("./reach-array.ts")).reachArray(file, arrays, signal),
    ...createSharing(store, { toRequest, page, viewer: options.viewer }),
  };
  start.begin();
  if (hasRuns(options) && wantsErrors(options)) errors.commands.showErrors(true);
  settle.update(); // a page without runs is at rest at once
  return {
    store,
    commands,
    hasOwnPage: options.viewer !== undefined,
    viewer: view.viewer,
    onMessage: bus.subscribe,
    toRequest,
    async apply(request) {
      errors.commands.showErrors(wantsErrors(request));
      store.setState(({ panel }) => toLookState(request, panel));
      await start.apply(request);
    },
    dispose() {
      releaseReader();
      const parts = [
        table,
        snapshots,
        errors,
        inference,
        start,
        player,
        loop,
        settle,
        comparison,
        layers,
        orders,
        runs,
        keeper,
      ];
      for (const part of parts) part.dispose();
    },
  };
}

function initialState(options: AppOptions): AppState {
  return {
    ...emptyState,
    ...toLookState(options, emptyState.panel),
    recents: readRecents(options.storage),
    inferenceJob: readJob(options.storage),
    viewJson: options.view,
    runTable: parseTableText(options.list),
    theme: options.theme ?? emptyState.theme,
    embed: options.embed ?? false,
  };
}

const hasRuns = ({ runs = [] }: AppOptions): boolean => runs.length > 0;

/** A part that is taken back is left out. */
function withoutUndefined(
  choice: { readonly [K in keyof RunTableChoice]?: RunTableChoice[K] | undefined },
): RunTableChoice {
  return Object.fromEntries(Object.entries(choice).filter(([, part]) => part !== undefined)) as RunTableChoice;
}
