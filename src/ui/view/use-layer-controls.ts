import type { LayerControl } from "#volumes/volume-viewer.ts";
import { useApp } from "../app-context.ts";
import { useViewerVersion } from "./use-viewer-version.ts";

/** The controls of a layer, as the viewer has them now; none before the viewer shows it. */
export function useLayerControls(name: string): readonly LayerControl[] {
  const viewer = useApp().viewer();
  useViewerVersion();
  const isThere = viewer?.getLayers().some((layer) => layer.name === name) ?? false;
  return isThere ? (viewer?.getLayerControls(name) ?? []) : [];
}
