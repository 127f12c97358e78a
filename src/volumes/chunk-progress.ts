import { ChunkState } from "neuroglancer/unstable/chunk_manager/base.js";
import type { DisplayContext } from "neuroglancer/unstable/display_context.js";
import type { ManagedUserLayer } from "neuroglancer/unstable/layer/index.js";
import type { RenderLayer } from "neuroglancer/unstable/renderlayer.js";
import { getNormalizedChunkLayout } from "neuroglancer/unstable/sliceview/base.js";
import type { SliceView } from "neuroglancer/unstable/sliceview/frontend.js";
import { SliceViewRenderLayer } from "neuroglancer/unstable/sliceview/renderlayer.js";
import type { Engine } from "./engine.ts";

type Panel = {
  readonly visible: boolean;
  readonly sliceView?: SliceView;
  readonly sliceViews?: ReadonlyMap<SliceView, boolean>;
};

/** The cross sections that are on screen, in their own panels or in the 3-D one. */
export function sliceViewsOf({ viewer }: Engine): ReadonlySet<SliceView> {
  const views = new Set<SliceView>();
  for (const panel of (viewer.display as DisplayContext).panels as ReadonlySet<unknown> as ReadonlySet<Panel>) {
    if (!panel.visible) continue;
    if (panel.sliceView !== undefined) views.add(panel.sliceView);
    for (const [view, always] of panel.sliceViews ?? []) {
      if (always || viewer.showPerspectiveSliceViews.value) views.add(view);
    }
  }
  return views;
}

export function renderLayersOf(layer: ManagedUserLayer): readonly RenderLayer[] {
  return layer.layer?.renderLayers.filter((renderLayer) => renderLayer instanceof SliceViewRenderLayer) ?? [];
}

function isWhole(engine: Engine, view: SliceView, layer: RenderLayer): boolean {
  const info = view.visibleLayers.get(layer);
  if (info === undefined) return false;
  return info.visibleSources.every((visible) => {
    const { source } = visible;
    const layout = getNormalizedChunkLayout(view.projectionParameters.value as never, visible.chunkLayout as never);
    let whole = true;
    view.forEachVisibleChunk(visible, layout, (key) => {
      if (source.chunks.get(key)?.state === ChunkState.GPU_MEMORY) return;
      if (!engine.failures.has(source.rpcId, key)) whole = false;
    });
    return whole;
  });
}

/** Why neuroglancer could not open what we serve of this layer. */
export function loadErrorOf({ layer }: ManagedUserLayer): Error | undefined {
  for (const { loadState } of layer?.dataSources ?? []) {
    const error: unknown = loadState?.error;
    if (error !== undefined) return error instanceof Error ? error : new Error(String(error));
  }
  return undefined;
}

/** Every chunk of this layer that is on screen is ready to be drawn, or has failed. True for a layer that is hidden. */
export function isLayerWhole(engine: Engine, layer: ManagedUserLayer): boolean {
  if (!layer.isReady()) return false;
  if (!layer.visible || loadErrorOf(layer) !== undefined) return true;
  const renderLayers = renderLayersOf(layer);
  if (renderLayers.length === 0) return false;
  for (const view of sliceViewsOf(engine)) {
    if (!view.layerManager.has(layer)) continue;
    if (!view.navigationState.valid) return false;
    view.updateVisibleLayers.flush();
    view.updateVisibleSources();
    if (!renderLayers.every((renderLayer) => isWhole(engine, view, renderLayer))) return false;
  }
  return true;
}

/** Every layer is whole and there is a surface to draw it on. */
export function isWholeViewReady(engine: Engine): boolean {
  const { viewer } = engine;
  const { clientWidth, clientHeight } = viewer.display.canvas;
  if (clientWidth === 0 || clientHeight === 0) return false;
  viewer.chunkQueueManager.flushPendingChunkUpdates();
  const second = engine.second.layerManager.managedLayers;
  return [...viewer.layerManager.managedLayers, ...second].every((layer) => isLayerWhole(engine, layer));
}
