// Nobody loses their place: coming back to a dataset comes back to where one was in it, and a view whose middle lies in
// the new data stays as it is. Only what would show nothing is framed.
import { containsPoint, type Roi } from "#dacapo/roi.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { LayerRequest, View, VolumeViewer } from "#volumes/volume-viewer.ts";

export type PlaceKeeper = {
  /** Before layers of a dataset are shown; returns whether they are to be framed. */
  enter(viewer: VolumeViewer, dataset: string, layers: readonly LayerRequest[], placed: boolean): boolean;
};

export function createPlaceKeeper(): PlaceKeeper {
  const places = new Map<string, View>();
  let current: string | undefined;
  return {
    enter(viewer, dataset, layers, placed) {
      if (layers.length === 0 || dataset === current) return false;
      const before = current;
      current = dataset;
      if (before === undefined) return !placed;
      const view = viewer.getView();
      places.set(before, view);
      const place = places.get(dataset);
      if (place !== undefined) viewer.setView(place);
      return place === undefined && !layers.some(({ array }) => isInside(array, view));
    },
  };
}

function isInside({ shape, metadata }: RunArray, view: View): boolean {
  const extent = metadata.spatialAxes.map((axis, i) => (shape[axis] ?? 1) * (metadata.voxelSize[i] ?? 1));
  const roi: Roi = { offset: metadata.offset, shape: extent };
  return containsPoint(roi, view.position.slice(-extent.length));
}
