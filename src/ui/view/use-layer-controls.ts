import { useCallback, useEffect, useState } from "react";
import type { LayerControl } from "#volumes/volume-viewer.ts";
import { useApp, useAppState } from "../app-context.ts";

const none: readonly LayerControl[] = [];

/**
 * The controls of a layer as the viewer has them now; none before the viewer shows it. Looked at again once a frame at
 * most while the viewer changes, and drawn again only when they differ. `refresh` looks at once, after setting one.
 */
export function useLayerControls(name: string) {
  const app = useApp();
  const status = useAppState((state) => state.viewer);
  const [controls, setControls] = useState(none);
  const refresh = useCallback(() => {
    const viewer = app.viewer();
    const isThere = viewer?.getLayers().some((layer) => layer.name === name) ?? false;
    const found = isThere ? (viewer?.getLayerControls(name) ?? none) : none;
    setControls((before) => (JSON.stringify(before) === JSON.stringify(found) ? before : found));
  }, [app, name]);
  useEffect(() => {
    const viewer = status === "ready" ? app.viewer() : undefined;
    let frame: number | undefined;
    const look = () => {
      frame = undefined;
      refresh();
    };
    const stop = viewer?.onChange(() => {
      frame ??= requestAnimationFrame(look);
    });
    look();
    return () => {
      stop?.();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [app, status, refresh]);
  return { controls, refresh };
}
