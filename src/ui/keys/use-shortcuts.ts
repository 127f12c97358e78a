import { type RefObject, useEffect } from "react";
import { createKeybindingsHandler, type KeybindingsMap } from "tinykeys";
import { useApp } from "../app-context.ts";
import { createFlicker } from "./flicker.ts";
import { type Shortcut, shortcuts } from "./shortcuts.ts";
import { openShortcutsSheet } from "./shortcuts-sheet.tsx";

/**
 * Keys typed in this viewer, or where nothing on the page has the focus. Handled before neuroglancer sees them, and only
 * those that the table gives everywhere (and 1 to 9, which mean the same there) while the volumes have the focus.
 */
export function useShortcuts(root: RefObject<HTMLElement | null>): void {
  const app = useApp();
  useEffect(() => {
    const target = root.current;
    if (target === null) return;
    const flicker = createFlicker(app);
    const bound = createKeybindingsHandler(
      toBindings(shortcuts, (shortcut) => shortcut.run(app)),
      { ignore: never },
    );
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isForUs(event, target)) return;
      if (event.key === "?") return openShortcutsSheet(target);
      if (!flicker.onKeyDown(event)) bound(event);
    };
    const onKeyUp = (event: KeyboardEvent) => flicker.onKeyUp(event);
    addEventListener("keydown", onKeyDown, { capture: true });
    addEventListener("keyup", onKeyUp, { capture: true });
    return () => {
      removeEventListener("keydown", onKeyDown, { capture: true });
      removeEventListener("keyup", onKeyUp, { capture: true });
      flicker.dispose();
    };
  }, [app, root]);
}

const never = () => false;

function toBindings(table: readonly Shortcut[], act: (shortcut: Shortcut) => void): KeybindingsMap {
  const bindings = table.flatMap((shortcut) =>
    shortcut.keys.map((key) => {
      const handle = (event: KeyboardEvent) => {
        if (!shortcut.everywhere && isInVolumes(event.target)) return;
        event.preventDefault();
        event.stopPropagation();
        act(shortcut);
      };
      return [key, handle] as const;
    }),
  );
  return Object.fromEntries(bindings);
}

function isForUs(event: KeyboardEvent, root: HTMLElement): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  const inside = root.contains(target) || target === document.body;
  return inside && !usesKeysItself(target, event.key) && root.querySelector("dialog[open]") === null;
}

const textTypes = new Set(["text", "search", "url", "number", "email", "password", "tel"]);
const widgetKeys = new Set([" ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "Enter"]);
const widgets = "button, a[href], select, input, summary, [role=tab], [role=slider], [role=separator], [data-own-keys]";

/** Typing wins over shortcuts; buttons, lists and sliders keep the keys that work them. */
function usesKeysItself(target: HTMLElement, key: string): boolean {
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  if (target instanceof HTMLInputElement && textTypes.has(target.type)) return true;
  return widgetKeys.has(key) && target.closest(widgets) !== null && target.getAttribute("role") !== "slider"
    ? true
    : target.getAttribute("role") === "slider" && key !== " " && widgetKeys.has(key);
}

function isInVolumes(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".dv-volumes-mount") !== null;
}
