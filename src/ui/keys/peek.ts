import type { App } from "#state/app.ts";

/** While v is held, B alone is seen where A and B are swiped, and A where their difference is. */
export function createPeek({ store, commands }: App) {
  const release = () => {
    if (store.getState().peeking) commands.peek(false);
  };
  addEventListener("blur", release); // the key may be let go elsewhere
  return {
    /** Whether the key was taken. */
    onKeyDown(event: KeyboardEvent): boolean {
      const mode = store.getState().compare?.mode;
      if (event.code !== "KeyV" || event.shiftKey || mode === undefined || mode === "side") return false;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) commands.peek(true);
      return true;
    },
    onKeyUp(event: KeyboardEvent): void {
      if (event.code === "KeyV") release();
    },
    dispose(): void {
      removeEventListener("blur", release);
      release();
    },
  };
}
