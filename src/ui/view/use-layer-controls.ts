import type { LayerControl, VolumeViewer } from "#volumes/volume-viewer.ts";
import { useOfLayer } from "./use-of-viewer.ts";

const none: readonly LayerControl[] = [];

const read = (viewer: VolumeViewer, name: string) => viewer.getLayerControls(name);

/** The controls of a layer as they stand; none before the viewer shows it. */
export function useLayerControls(name: string) {
  const { value, refresh } = useOfLayer(name, read);
  return { controls: value ?? none, refresh };
}
