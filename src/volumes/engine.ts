import "neuroglancer"; // registers the layer types, data sources and codecs that the build enables
import "neuroglancer/unstable/sliceview/chunk_format_handlers.js";
import {
  CapacitySpecification,
  ChunkManager,
  ChunkQueueManager,
} from "neuroglancer/unstable/chunk_manager/frontend.js";
import type { DataManagementContext } from "neuroglancer/unstable/data_management_context.js";
import { DisplayContext } from "neuroglancer/unstable/display_context.js";
import { setDefaultInputEventBindings } from "neuroglancer/unstable/ui/default_input_event_bindings.js";
import { RefCounted } from "neuroglancer/unstable/util/disposable.js";
import { Viewer } from "neuroglancer/unstable/viewer.js";
import { RPC } from "neuroglancer/unstable/worker_rpc.js";
import { type ChunkFailures, watchChunkFailures } from "./chunk-failures.ts";
import { serveVolumes, type VolumeSources } from "./page-kv-store.ts";
import { createSecondView, type SecondView } from "./second-view.ts";
import { VolumeViewerError } from "./volume-viewer-error.ts";
import "./outline.ts";
import "./viewer.css";

/** One neuroglancer with its own canvas, worker and memory. */
export type Engine = {
  readonly viewer: Viewer;
  readonly sources: VolumeSources;
  readonly failures: ChunkFailures;
  readonly rpc: RPC;
  readonly second: SecondView;
  dispose(): void;
};

const LIMITS = { gpuBytes: 768e6, systemBytes: 1.5e9, downloads: 64 };

/** As neuroglancer's own DataManagementContext, with our worker and our limits. */
class DataContext extends RefCounted implements Pick<DataManagementContext, "worker" | "rpc"> {
  readonly worker = new Worker(new URL("./chunk.worker.ts", import.meta.url), { type: "module", name: "volumes" });
  readonly chunkQueueManager: ChunkQueueManager;
  readonly chunkManager: ChunkManager;
  readonly rpc: RPC;

  constructor(display: DisplayContext) {
    super();
    const capacity = (items: number, bytes: number) =>
      new CapacitySpecification({ defaultItemLimit: items, defaultSizeLimit: bytes });
    this.rpc = new RPC(this.worker, true);
    this.chunkQueueManager = this.registerDisposer(
      new ChunkQueueManager(this.rpc, display.gl, display, {
        gpuMemory: capacity(1e6, LIMITS.gpuBytes),
        systemMemory: capacity(1e7, LIMITS.systemBytes),
        download: capacity(LIMITS.downloads, Number.POSITIVE_INFINITY),
        compute: capacity(128, 5e8),
      }),
    );
    this.chunkQueueManager.registerDisposer(() => this.worker.terminate());
    this.chunkManager = this.registerDisposer(new ChunkManager(this.chunkQueueManager));
  }
}

function createDisplay(container: HTMLElement): DisplayContext {
  try {
    return new DisplayContext(container);
  } catch (cause) {
    throw new VolumeViewerError(
      "no-webgl",
      "This browser gives the page no WebGL 2, which drawing volumes needs: enable hardware acceleration, or try another browser.",
      cause,
    );
  }
}

/** neuroglancer answers a restored graphics context by reloading the whole page: it never hears of one. */
function keepContextEvents(container: HTMLElement): void {
  container.addEventListener("webglcontextrestored", (event) => event.stopImmediatePropagation(), { capture: true });
}

/** `container` is given a positioned box of neuroglancer's own, so it must be ours alone. @throws VolumeViewerError "no-webgl" */
export function createEngine(container: HTMLElement): Engine {
  keepContextEvents(container);
  const display = createDisplay(container);
  const context = new DataContext(display);
  const sources = serveVolumes(context.chunkManager, context.rpc);
  const failures = watchChunkFailures(context.rpc);
  const viewer = new Viewer(display, {
    dataContext: context as unknown as DataManagementContext,
    showUIControls: false,
    showPanelBorders: true,
    showLayerDialog: false,
    resetStateWhenEmpty: false,
  });
  setDefaultInputEventBindings(viewer.inputEventBindings);
  viewer.showDefaultAnnotations.value = false;
  viewer.hideCrossSectionBackground3D.value = true;
  const retained = viewer.layerSpecification.coordinateSpaceCombiner.retain();
  const second = createSecondView(viewer, container);
  return {
    viewer,
    second,
    sources,
    failures,
    rpc: context.rpc,
    dispose() {
      retained();
      second.dispose();
      viewer.dispose();
      display.dispose();
      failures.dispose();
      display.gl.getExtension("WEBGL_lose_context")?.loseContext();
      sources.clear();
      container.replaceChildren();
    },
  };
}
