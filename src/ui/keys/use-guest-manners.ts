import { type RefObject, useEffect } from "react";
import { fillsPage } from "../fills-page.ts";

const hintMs = 1500;

/**
 * In someone else's page, framed or mounted, the wheel scrolls that page until a person has clicked into the viewer; a hint says
 * so. And the pointer alone never brings the focus, which neuroglancer would take for the panel under it.
 */
export function useGuestManners(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const target = root.current;
    if (target === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isUnasked = () => isGuest(target) && !hasFocus(target);
    const onWheel = (event: Event) => {
      if (!isUnasked()) return;
      event.stopPropagation();
      target.dataset.wheelLeft = "";
      clearTimeout(timer);
      timer = setTimeout(() => delete target.dataset.wheelLeft, hintMs);
    };
    const onEnter = (event: Event) => {
      if (isUnasked()) event.stopPropagation();
    };
    target.addEventListener("wheel", onWheel, { capture: true, passive: true });
    target.addEventListener("mouseenter", onEnter, { capture: true });
    return () => {
      clearTimeout(timer);
      target.removeEventListener("wheel", onWheel, { capture: true });
      target.removeEventListener("mouseenter", onEnter, { capture: true });
    };
  }, [root]);
}

function isGuest(root: HTMLElement): boolean {
  return window.parent !== window || !fillsPage(root);
}

function hasFocus(root: HTMLElement): boolean {
  const scope = root.getRootNode();
  const active = scope instanceof Document || scope instanceof ShadowRoot ? scope.activeElement : null;
  return document.hasFocus() && root.contains(active);
}
