import { useCallback, useEffect, useState } from "react";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import { useApp, useAppState } from "../app-context.ts";

/**
 * What the viewer says now; `undefined` before there is one. Looked at again after `quietMs` while the viewer changes (0: at the
 * next frame), and drawn again only when it differs. `refresh` looks at once. `read` must stay the same function.
 */
export function useOfViewer<T>(read: (viewer: VolumeViewer) => T, quietMs = 0) {
  const app = useApp();
  const status = useAppState((state) => state.viewer);
  const [value, setValue] = useState<T | undefined>(undefined);
  const refresh = useCallback(() => {
    const viewer = app.viewer();
    const found = viewer && read(viewer);
    setValue((before) => (toText(before) === toText(found) ? before : found));
  }, [app, read]);
  useEffect(() => {
    const viewer = status === "ready" ? app.viewer() : undefined;
    const wait = quietMs === 0 ? onFrame : onTimer(quietMs);
    let stopWaiting: (() => void) | undefined;
    const look = () => {
      stopWaiting = undefined;
      refresh();
    };
    const stop = viewer?.onChange(() => {
      stopWaiting ??= wait(look);
    });
    look();
    return () => {
      stop?.();
      stopWaiting?.();
    };
  }, [app, status, refresh, quietMs]);
  return { value, refresh };
}

/** The same of one layer; `undefined` before the viewer shows it. */
export function useOfLayer<T>(name: string, read: (viewer: VolumeViewer, layer: string) => T, quietMs = 0) {
  const readLayer = useCallback(
    (viewer: VolumeViewer) =>
      viewer.getLayers().some((layer) => layer.name === name) ? read(viewer, name) : undefined,
    [name, read],
  );
  return useOfViewer(readLayer, quietMs);
}

/** Segment ids are no JSON. */
function toText(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
}

function onFrame(look: () => void): () => void {
  const frame = requestAnimationFrame(look);
  return () => cancelAnimationFrame(frame);
}

function onTimer(ms: number): (look: () => void) => () => void {
  return (look) => {
    const timer = setTimeout(look, ms);
    return () => clearTimeout(timer);
  };
}
