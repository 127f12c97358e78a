// A host need not know how far the viewer has come: what it asks for is answered when it can be.
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { App } from "./app.ts";
import type { AppState } from "./app-state.ts";
import { ProtocolError } from "./protocol-error.ts";

/** Resolves at once where it already holds. */
function until(app: App, holds: (state: AppState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (holds(app.store.getState())) return resolve();
    const stop = app.store.subscribe((state) => {
      if (!holds(state)) return;
      stop();
      resolve();
    });
  });
}

/** Every open run has been looked at. */
export function untilLoaded(app: App): Promise<void> {
  return until(app, ({ runs }) => Object.values(runs).every(({ status }) => status !== "loading"));
}

/**
 * The layers of the choice are shown, none half-way between two iterations.
 * @throws ProtocolError "no-run" where nothing is open, "no-viewer" where this browser draws no volumes
 */
export async function untilShown(app: App): Promise<VolumeViewer> {
  if (app.store.getState().runOrder.length === 0)
    throw new ProtocolError("no-run", "runs", 'No run is open, so there are no volumes; send "open" first.');
  await untilLoaded(app);
  await until(app, ({ viewer, layers }) => {
    const isShown = layers.every(({ status }) => status === "ready" || status === "failed");
    return viewer === "failed" || (viewer === "ready" && isShown);
  });
  const viewer = app.viewer();
  if (viewer === undefined)
    throw new ProtocolError("no-viewer", "volumes", "The volumes cannot be drawn in this browser.");
  return viewer;
}
