// A viewer that shows what it is told when a test lets it: everything of VolumeViewer that the controllers use.
import type { LayerRequest, LayerState, View, VolumeViewer } from "#volumes/volume-viewer.ts";

export type FakeViewer = VolumeViewer & {
  /** Every request, in order; `release` makes the newest whole. */
  readonly asked: (readonly LayerRequest[])[];
  readonly framed: boolean[];
  release(): void;
};

const nothing = () => undefined;

export function fakeViewer(): FakeViewer {
  let layers: LayerState[] = [];
  let finish: () => void = nothing;
  let view: View = { position: [0, 0, 0], scale: 1, layout: "4panel", unit: "nm" };
  const listeners = new Set<() => void>();
  const asked: (readonly LayerRequest[])[] = [];
  const framed: boolean[] = [];
  const show = (requests: readonly LayerRequest[]) => {
    layers = requests.map(({ name, title, kind, key, visible }) => ({
      name,
      title,
      kind,
      key,
      visible,
      opacity: 1,
      swapping: false,
    }));
    for (const listener of listeners) listener();
  };
  return {
    asked,
    framed,
    release: () => finish(),
    setLayers(requests, { signal, frame } = {}) {
      asked.push(requests);
      framed.push(frame ?? false);
      return new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        finish = () => {
          show(requests);
          resolve();
        };
      });
    },
    getLayers: () => layers,
    placeSecondView: nothing,
    getView: () => view,
    setView: (part) => {
      view = { ...view, ...part };
    },
    getVisibleBox: () => ({ begin: view.position, end: view.position }),
    getViewJson: () => ({}),
    restoreViewJson: () => [],
    getStockState: () => ({ state: {}, left: [] }),
    setLayerVisible: nothing,
    setLayerOpacity: nothing,
    setShaderControl: nothing,
    getLayerControls: () => [],
    getLayerKey: nothing,
    selectSegments: nothing,
    getSegments: nothing,
    getHistogram: nothing,
    resetContrast: nothing,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onProblem: () => nothing,
    onHover: () => nothing,
    isSettled: () => true,
    whenSettled: () => Promise.resolve(),
    read: () => Promise.reject(new Error("A fake viewer has no voxels.")),
    screenshot: () => Promise.reject(new Error("A fake viewer has no picture.")),
    frame: nothing,
    retryFailed: nothing,
    reload: nothing,
    fetchCounts: () => ({}),
    focus: nothing,
    dispose: nothing,
  };
}
