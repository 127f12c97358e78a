// What neuroglancer 2.41.2 ships without types, as far as it is used here.
declare module "neuroglancer/unstable/chunk_worker.bundle.js";

declare module "neuroglancer/unstable/kvstore/backend.js" {
  import type { KvStoreProviderRegistry, SharedKvStoreContextBase } from "neuroglancer/unstable/kvstore/register.js";
  export const backendOnlyKvStoreProviderRegistry: KvStoreProviderRegistry<SharedKvStoreContextBase>;
}

declare module "neuroglancer/unstable/chunk_manager/backend.js" {
  import type { RPC } from "neuroglancer/unstable/worker_rpc.js";
  export class Chunk {
    key: string | null;
    source: { rpc: RPC; rpcId: number; parameters?: unknown } | null;
    downloadFailed(error: unknown): void;
  }
}

declare module "neuroglancer/unstable/chunk_manager/frontend.js" {
  import type { DisplayContext } from "neuroglancer/unstable/display_context.js";
  import { RefCounted } from "neuroglancer/unstable/util/disposable.js";
  import type { NullarySignal } from "neuroglancer/unstable/util/signal.js";
  import { RPC, SharedObject } from "neuroglancer/unstable/worker_rpc.js";
  export class CapacitySpecification {
    constructor(limits: { defaultItemLimit: number; defaultSizeLimit: number });
  }
  export class ChunkQueueManager extends SharedObject {
    visibleChunksChanged: NullarySignal;
    constructor(
      rpc: RPC,
      gl: DisplayContext["gl"],
      frameNumberCounter: DisplayContext,
      capacities: Record<"gpuMemory" | "systemMemory" | "download" | "compute", CapacitySpecification>,
    );
    flushPendingChunkUpdates(): number;
  }
  export class ChunkManager extends SharedObject {
    rpc: RPC;
    chunkQueueManager: ChunkQueueManager;
    constructor(chunkQueueManager: ChunkQueueManager);
  }
  export class Chunk {
    state: number;
    data?: unknown;
  }
  export class ChunkSource extends SharedObject {
    chunks: Map<string, Chunk>;
    parameters?: { url?: string };
    invalidateCache(): void;
  }
  export { RefCounted };
}

declare module "neuroglancer/unstable/sliceview/frontend.js" {
  import type { ChunkSource } from "neuroglancer/unstable/chunk_manager/frontend.js";
  import type { LayerManager } from "neuroglancer/unstable/layer/index.js";
  import type { RenderLayer } from "neuroglancer/unstable/renderlayer.js";
  export type VisibleSource = { readonly source: ChunkSource; readonly chunkLayout: unknown };
  export class SliceView {
    readonly layerManager: LayerManager;
    readonly navigationState: { readonly valid: boolean };
    readonly projectionParameters: { readonly value: { readonly width: number; readonly height: number } };
    readonly visibleLayers: Map<RenderLayer, { readonly visibleSources: readonly VisibleSource[] }>;
    readonly updateVisibleLayers: { flush(): void };
    updateVisibleSources(): void;
    forEachVisibleChunk(source: VisibleSource, layout: unknown, callback: (key: string) => void): void;
  }
}
