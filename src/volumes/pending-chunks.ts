import { ChunkState } from "neuroglancer/unstable/chunk_manager/base.js";
import type { ManagedUserLayer } from "neuroglancer/unstable/layer/index.js";
import type { SliceView } from "neuroglancer/unstable/sliceview/frontend.js";
import { SliceViewVolumeRenderLayer } from "neuroglancer/unstable/sliceview/volume/renderlayer.js";

// neuroglancer draws nothing where a chunk has not come, which over a prediction looks like background. A layer whose chunks are being
// computed is drawn there as if they had come full of its fill value, NaN, which shaders hatch.

const computed = new WeakSet<object>();

export function markComputed(layer: ManagedUserLayer): void {
  computed.add(layer);
}

type Drawn = { readonly state: number };
type Source = {
  chunks: ReadonlyMap<string, Drawn>;
  readonly spec: { readonly chunkDataSize: Uint32Array };
  readonly chunkFormatHandler: { readonly fillValueChunk?: object };
};

/** The chunks of a source, and in the place of each that has not come one that holds the fill value everywhere. */
function withStandIns({ chunks, spec, chunkFormatHandler }: Source): ReadonlyMap<string, Drawn> {
  const { fillValueChunk } = chunkFormatHandler;
  if (fillValueChunk === undefined) return chunks;
  const get = (key: string): Drawn => {
    const chunk = chunks.get(key);
    if (chunk?.state === ChunkState.GPU_MEMORY) return chunk;
    const chunkGridPosition = key.split(",").map(Number);
    return {
      ...fillValueChunk,
      state: ChunkState.GPU_MEMORY,
      chunkDataSize: spec.chunkDataSize,
      chunkGridPosition,
    } as Drawn;
  };
  return { get } as ReadonlyMap<string, Drawn>;
}

const { draw } = SliceViewVolumeRenderLayer.prototype;

SliceViewVolumeRenderLayer.prototype.draw = function (context) {
  const layer = this.userLayer?.managedLayer;
  const hatched = layer !== undefined && computed.has(layer);
  const visible = hatched ? (context.sliceView as SliceView).visibleLayers.get(this)?.visibleSources : undefined;
  const sources = (visible ?? []).map(({ source }) => source as unknown as Source);
  const held = sources.map((source) => source.chunks);
  for (const source of sources) source.chunks = withStandIns(source);
  try {
    draw.call(this, context);
  } finally {
    for (const [i, source] of sources.entries()) source.chunks = held[i] ?? source.chunks;
  }
};
