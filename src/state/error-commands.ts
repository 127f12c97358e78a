// Going to what is wrong, and having it selected in the layers of segments.
import type { StoreApi } from "zustand/vanilla";
import { toSiUnit } from "#volumes/coordinate-space.ts";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { Commands } from "./app.ts";
import type { AppState, ErrorsState } from "./app-state.ts";

export type ErrorCommands = Pick<Commands, "showErrors" | "computeErrors" | "stopErrors" | "goToError">;

export function createGoToError(
  store: StoreApi<AppState>,
  viewer: () => VolumeViewer | undefined,
): ErrorCommands["goToError"] {
  return ({ place, segments }) => {
    const { errors, view } = store.getState();
    const shown = viewer();
    if (errors?.grid === undefined || shown === undefined) return;
    const [z = 0, y = 0, x = 0] = toPosition(errors.grid, place, view.unit);
    shown.setView({ position: [z, y, x] });
    for (const [layer, ids] of Object.entries(segments ?? {}))
      if (shown.getSegments(layer) !== undefined) shown.selectSegments(layer, ids);
  };
}

/** The middle of a voxel in the view's unit, z first; flat data lies at 0. */
export function toPosition(
  { origin, step }: NonNullable<ErrorsState["grid"]>,
  place: readonly number[],
  unit = "nm",
): readonly number[] {
  const [, factor] = toSiUnit(unit);
  const position = place.map((voxel, axis) => ((origin[axis] ?? 0) + (voxel + 0.5) * (step[axis] ?? 0)) / factor);
  return [0, 0, 0, ...position].slice(-3);
}
