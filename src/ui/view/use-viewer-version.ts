import { useEffect, useState } from "react";
import { useApp, useAppState } from "../app-context.ts";

/** Draws the component again after the viewer changed, once a frame at most; for what only the viewer knows. */
export function useViewerVersion(): number {
  const app = useApp();
  const status = useAppState((state) => state.viewer);
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const viewer = status === "ready" ? app.viewer() : undefined;
    if (viewer === undefined) return;
    let frame: number | undefined;
    const renew = () => {
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        setVersion((count) => count + 1);
      });
    };
    renew();
    const stop = viewer.onChange(renew);
    return () => {
      stop();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [app, status]);
  return version;
}
