import { type RefObject, useEffect } from "react";
import { fillsPage } from "../fills-page.ts";

/**
 * Where the viewer is the page, it has the focus that nothing else has: neuroglancer would take it from the body for the
 * volumes, and with it the keys, though nobody pointed at them. In a frame the focus is the host's.
 */
export function usePageFocus(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const target = root.current;
    if (target === null || window.top !== window || !fillsPage(target)) return;
    const take = () => {
      if (document.activeElement === document.body) target.focus({ preventScroll: true });
    };
    const onFocusOut = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget === null) queueMicrotask(take);
    };
    take();
    document.addEventListener("focusout", onFocusOut);
    return () => document.removeEventListener("focusout", onFocusOut);
  }, [root]);
}
