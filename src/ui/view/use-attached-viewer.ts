import { type RefObject, useCallback, useEffect, useState } from "react";
import { loadViewer } from "#volumes/load-viewer.ts";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import { useApp } from "../app-context.ts";

/** Loads the engine, makes a viewer in the element and hands it to the app; returns what tries again after a failure. */
export function useAttachedViewer(mount: RefObject<HTMLElement | null>): () => void {
  const { commands, store } = useApp();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt makes a new viewer
  useEffect(() => {
    const host = mount.current;
    if (host === null) return;
    const element = host.appendChild(document.createElement("div"));
    Object.assign(element.style, { width: "100%", height: "100%" });
    let viewer: VolumeViewer | undefined;
    let detach: (() => void) | undefined;
    let left = false;
    const take = (opened: VolumeViewer) => {
      if (left) return opened.dispose();
      viewer = opened;
      detach = commands.attachViewer(opened);
    };
    const fail = (error: unknown) => {
      if (!left) commands.setViewerStatus("failed", toMessage(error));
    };
    commands.setViewerStatus("loading");
    loadViewer(element, { view: store.getState().viewJson, theme: "dark" }).then(take).catch(fail);
    return () => {
      left = true;
      detach?.();
      viewer?.dispose();
      element.remove();
    };
  }, [commands, store, mount, attempt]);
  return useCallback(() => setAttempt((count) => count + 1), []);
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
