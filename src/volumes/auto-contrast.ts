import { toContrastRange } from "./contrast.ts";
import type { Engine } from "./engine.ts";
import { type SourcedLayer, sampleLoaded } from "./loaded-values.ts";
import { imageLayerOf, setControl } from "./user-layer.ts";

const CONTROL = "contrast";

/** False while nothing is loaded, or the layer has no contrast. */
export function stretchContrast(engine: Engine, layer: SourcedLayer): boolean {
  const range = toContrastRange(sampleLoaded(engine, layer));
  return range !== undefined && setControl(layer.managed, CONTROL, range);
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
export function startAutoContrast(engine: Engine, layer: SourcedLayer): AutoContrast {
  let ours: string | undefined;
  const current = () =>
    JSON.stringify(imageLayerOf(layer.managed)?.shaderControlState.state.get(CONTROL)?.trackable.toJSON());
  const untouched = () => ours === undefined || ours === current();
  const set = () => {
    if (untouched() && stretchContrast(engine, layer)) ours = current();
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
