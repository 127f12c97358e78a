import type { ManagedUserLayer } from "neuroglancer/unstable/layer/index.js";
import type { VoxelData } from "#storage/open-array.ts";
import { renderLayersOf, sliceViewsOf } from "./chunk-progress.ts";
import type { Engine } from "./engine.ts";
import { type LoadedBox, toSortedSample } from "./sample-values.ts";
import { getControl } from "./user-layer.ts";
import type { VolumeSource } from "./volume-source.ts";

/** A layer and where its chunks come from. */
export type SourcedLayer = { readonly managed: ManagedUserLayer; readonly source: VolumeSource };

/** What is read here of neuroglancer's chunk sources and chunks; axes with the fastest first. */
type Source = {
  readonly spec: { readonly chunkDataSize: ArrayLike<number>; readonly upperVoxelBound: ArrayLike<number> };
  readonly chunks: ReadonlyMap<string, Chunk>;
};
type Chunk = { readonly data?: unknown; readonly chunkGridPosition: ArrayLike<number> };

function toBox({ spec }: Source, { data, chunkGridPosition }: Chunk, only: LoadedBox["only"]): LoadedBox | undefined {
  if (!ArrayBuffer.isView(data)) return undefined;
  const size = Array.from(spec.chunkDataSize);
  const used = size.map((count, axis) => {
    const left = (spec.upperVoxelBound[axis] ?? 0) - count * (chunkGridPosition[axis] ?? 0);
    return Math.max(0, Math.min(count, left));
  });
  return { data: data as VoxelData, size, used, ...(only === undefined ? {} : { only }) };
}

/** The channel that is drawn, where one is chosen. */
function toShownChannel({ managed, source }: SourcedLayer): LoadedBox["only"] {
  const axis = source.space.findIndex(({ channel }) => channel);
  if (axis < 0) return undefined;
  const fastest = source.plan.served.order === "F" ? axis : source.space.length - 1 - axis;
  return { axis: fastest, index: Number(getControl(managed, "channel") ?? 0) };
}

/**
 * Finite values, in ascending order, of what neuroglancer holds of a layer that is on screen: looking at them asks the network for
 * nothing. What a chunk has beyond the array is no value.
 */
export function sampleLoaded(engine: Engine, layer: SourcedLayer): Float64Array {
  const renderLayers = new Set(renderLayersOf(layer.managed));
  const only = toShownChannel(layer);
  const boxes = new Map<Chunk, LoadedBox>();
  for (const view of sliceViewsOf(engine)) {
    for (const [renderLayer, { visibleSources }] of view.visibleLayers) {
      if (!renderLayers.has(renderLayer)) continue;
      for (const { source } of visibleSources as unknown as readonly { source: Source }[]) {
        for (const chunk of source.chunks.values()) {
          const box = toBox(source, chunk, only);
          if (box !== undefined) boxes.set(chunk, box);
        }
      }
    }
  }
  return toSortedSample([...boxes.values()]);
}
