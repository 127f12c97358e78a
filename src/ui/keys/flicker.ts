import type { App } from "#state/app.ts";
import { isListed } from "#state/comparison.ts";

const holdMs = 300;
/** Half a period: under two flashes a second. */
const halfPeriodMs = 350;

/** 1 to 9 toggle layers in the legend's order; held, the layer comes and goes until the key is let go, then is as before. */
export function createFlicker({ store, commands }: App) {
  let held:
    | { readonly code: string; readonly name: string; readonly visible: boolean; timer: number; flickers: boolean }
    | undefined;

  function layerAt(code: string) {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1];
    const state = store.getState();
    const listed = state.layers.filter(({ name }) => isListed(state, name));
    return digit === undefined ? undefined : listed[Number(digit) - 1];
  }

  function flip(name: string): void {
    const layer = store.getState().layers.find((candidate) => candidate.name === name);
    if (layer !== undefined) commands.setLayer(name, { visible: !layer.visible });
  }

  function beat(): void {
    if (held === undefined) return;
    held.flickers = true;
    if (!prefersStillness()) flip(held.name);
    held.timer = window.setTimeout(beat, halfPeriodMs);
  }

  function release(): void {
    if (held === undefined) return;
    clearTimeout(held.timer);
    if (held.flickers) commands.setLayer(held.name, { visible: held.visible });
    held = undefined;
  }

  return {
    /** Whether the key was taken. */
    onKeyDown(event: KeyboardEvent): boolean {
      const layer = event.shiftKey ? undefined : layerAt(event.code);
      if (layer === undefined) return false;
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat || held?.code === event.code) return true;
      release();
      held = {
        code: event.code,
        name: layer.name,
        visible: layer.visible,
        timer: window.setTimeout(beat, holdMs),
        flickers: false,
      };
      flip(layer.name);
      return true;
    },
    onKeyUp(event: KeyboardEvent): void {
      if (event.code === held?.code) release();
    },
    dispose: release,
  };
}

function prefersStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
