import { type RefObject, useEffect } from "react";
import { createKeybindingsHandler, type KeybindingsMap } from "tinykeys";
import { useApp } from "../app-context.ts";
import { fillsPage } from "../fills-page.ts";
import { createFlicker } from "./flicker.ts";
import { createPeek } from "./peek.ts";
import { type Shortcut, shortcuts } from "./shortcuts.ts";
import { openShortcutsSheet } from "./shortcuts-sheet.tsx";

/**
 * Keys typed in this viewer; where it is the page, also those typed while nothing has the focus. Handled before neuroglancer sees them, and only
 * those that the table gives everywhere (and 1 to 9, which mean the same there) while the volumes have the focus.
 */
export function useShortcuts(root: RefObject<HTMLElement | null>): void {
  const app = useApp();
  useEffect(() => {
    const target = root.current;
    if (target === null) return;
    const flicker = createFlicker(app);
    const peek = createPeek(app);
    const bound = createKeybindingsHandler(
      toBindings(shortcuts, (shortcut) => shortcut.run(app)),
      { ignore: never },
    );
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isForUs(event, target)) return;
      if (event.key === "?") return openShortcutsSheet(target);
      if (!flicker.onKeyDown(event) && !peek.onKeyDown(event)) bound(event);
    };
    const onKeyUp = (event: KeyboardEvent) => {
      flicker.onKeyUp(event);
      peek.onKeyUp(event);
    };
    addEventListener("keydown", onKeyDown, { capture: true });
    addEventListener("keyup", onKeyUp, { capture: true });
    return () => {
      removeEventListener("keydown", onKeyDown, { capture: true });
      removeEventListener("keyup", onKeyUp, { capture: true });
      flicker.dispose();
      peek.dispose();
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
  const inside = root.contains(target) || (target === document.body && fillsPage(root));
  return inside && !usesKeysItself(target, event.key) && root.querySelector("dialog[open]") === null;
}

const textTypes = new Set(["text", "search", "url", "number", "email", "password", "tel"]);
const widgetKeys = new Set([" ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "Enter"]);
const widgets =
  "button, a[href], select, input, summary, [role=tab], [role=slider], [role=separator], [role=img][tabindex]";

/** Typing wins over shortcuts; buttons, lists, sliders and charts keep the keys that work them. */
function usesKeysItself(target: HTMLElement, key: string): boolean {
  if (isTypedInto(target)) return true;
  if (!widgetKeys.has(key)) return false;
  if (target.getAttribute("role") === "slider") return key !== " ";
  return target.closest(widgets) !== null;
}

function isTypedInto(target: HTMLElement): boolean {
  if (target instanceof HTMLInputElement) return textTypes.has(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function isInVolumes(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".dv-volumes-mount") !== null;
}
