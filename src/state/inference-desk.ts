// The network's room in the state: shelves of what was brought along, the controller, and the commands on both.
import type { StoreApi } from "zustand/vanilla";
import type { AppState } from "./app-state.ts";
import { createInferenceCommands } from "./inference-commands.ts";
import { createInferenceController } from "./inference-controller.ts";
import type { InferenceDesk, InferenceDeskContext } from "./inference-room.ts";
import { createInferenceView } from "./inference-view.ts";
import { createModelShelf } from "./model-shelf.ts";
import { createRawShelf } from "./raw-shelf.ts";

export function createInferenceDesk(store: StoreApi<AppState>, context: InferenceDeskContext): InferenceDesk {
  const { page, sourceOf, storage, viewer } = context;
  const models = createModelShelf(store, page);
  const raws = createRawShelf(store, context);
  const controller = createInferenceController(store, sourceOf, storage, {
    model: models.get,
    raw: raws.get,
    onStale: () => viewer()?.reload("inference"),
  });
  const view = createInferenceView(store, controller);
  const commands = createInferenceCommands(store, controller, { models, raws, viewer });
  const { array, raw, current } = controller;
  return {
    ...{ commands, array, raw, current },
    dispose() {
      for (const part of [view, controller, models, raws]) part.dispose();
    },
  };
}
