import { type RefObject, useEffect } from "react";
import { useCommands } from "../app-context.ts";

/** Below it the panel is a sheet over the volumes; as in panel.css. */
const narrowPx = 800;

/** As a sheet the panel begins closed: the volumes come first. */
export function useClosedWhenNarrow(root: RefObject<HTMLElement | null>): void {
  const { setPanel } = useCommands();
  useEffect(() => {
    if (root.current === null) return;
    let wasNarrow = false;
    const observer = new ResizeObserver(([entry]) => {
      const isNarrow = (entry?.contentRect.width ?? narrowPx) < narrowPx;
      if (isNarrow && !wasNarrow) setPanel({ open: false });
      wasNarrow = isNarrow;
    });
    observer.observe(root.current);
    return () => observer.disconnect();
  }, [root, setPanel]);
}
