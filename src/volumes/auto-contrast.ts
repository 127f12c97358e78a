import type { ManagedUserLayer } from "neuroglancer/unstable/layer/index.js";
import type { VoxelData } from "#storage/open-array.ts";
import { renderLayersOf, sliceViewsOf } from "./chunk-progress.ts";
import { toContrastRange } from "./contrast.ts";
import type { Engine } from "./engine.ts";
import { imageLayerOf, setControl } from "./user-layer.ts";

const CONTROL = "contrast";

/** Voxels that neuroglancer holds for what is on screen of this layer: sampling them asks the network for nothing. */
function loadedVoxels(engine: Engine, layer: ManagedUserLayer): readonly VoxelData[] {
  const renderLayers = new Set(renderLayersOf(layer));
  const chunks = new Set<VoxelData>();
  for (const view of sliceViewsOf(engine)) {
    for (const [renderLayer, { visibleSources }] of view.visibleLayers) {
      if (!renderLayers.has(renderLayer)) continue;
      for (const { source } of visibleSources) {
        for (const { data } of source.chunks.values()) if (ArrayBuffer.isView(data)) chunks.add(data as VoxelData);
      }
    }
  }
  return [...chunks];
}

function stretch(engine: Engine, layer: ManagedUserLayer): boolean {
  const range = toContrastRange(loadedVoxels(engine, layer));
  return range !== undefined && setControl(layer, CONTROL, range);
}

export type AutoContrast = {
  /** For when the layer is whole. */
  whole(): void;
  /** For when it is gone. */
  stop(): void;
  /** Nobody has set another contrast than this one. */
  isUntouched(): boolean;
};

/**
 * Sets the contrast of a grey layer from its own data: before its first chunk is drawn, and once more when it is whole.
 * A contrast that somebody has set meanwhile stays.
 */
export function startAutoContrast(engine: Engine, layer: ManagedUserLayer): AutoContrast {
  let ours: string | undefined;
  const current = () => JSON.stringify(imageLayerOf(layer)?.shaderControlState.state.get(CONTROL)?.trackable.toJSON());
  const untouched = () => ours === undefined || ours === current();
  const set = () => {
    if (untouched() && stretch(engine, layer)) ours = current();
    return ours !== undefined;
  };
  const remove = engine.viewer.chunkQueueManager.visibleChunksChanged.add(() => {
    if (set()) remove();
  });
  return {
    whole() {
      remove();
      set();
    },
    stop: () => void remove(),
    isUntouched: untouched,
  };
}
