// The keys, as one table: what is bound and what the sheet says are the same thing.
// Over the volumes neuroglancer's own keys keep their meaning; `everywhere` keys are ones it leaves free.
import type { App } from "#state/app.ts";

export type Shortcut = {
  /** As tinykeys writes them; any of them does it. */
  readonly keys: readonly string[];
  readonly text: string;
  /** Works while the volumes have the focus too. */
  readonly everywhere: boolean;
  run(app: App): void;
};

export const shortcuts: readonly Shortcut[] = [
  { keys: ["k"], text: "next iteration", everywhere: true, run: ({ commands }) => commands.step(1) },
  { keys: ["j"], text: "previous iteration", everywhere: true, run: ({ commands }) => commands.step(-1) },
  { keys: ["ArrowRight"], text: "next iteration", everywhere: false, run: ({ commands }) => commands.step(1) },
  { keys: ["ArrowLeft"], text: "previous iteration", everywhere: false, run: ({ commands }) => commands.step(-1) },
  { keys: ["Home"], text: "first iteration", everywhere: true, run: ({ commands }) => commands.first() },
  { keys: ["End"], text: "last iteration", everywhere: true, run: ({ commands }) => commands.last() },
  {
    keys: ["b"],
    text: "follow the best",
    everywhere: false,
    run: ({ commands }) => commands.select({ iteration: "best" }),
  },
  {
    keys: ["l"],
    text: "follow the latest",
    everywhere: false,
    run: ({ commands }) => commands.select({ iteration: "latest" }),
  },
  { keys: ["Space"], text: "play, pause", everywhere: false, run: togglePlaying },
  { keys: ["p"], text: "play, pause", everywhere: true, run: togglePlaying },
  { keys: ["f"], text: "show all of the data", everywhere: true, run: ({ commands }) => commands.frame() },
  { keys: ["c"], text: "open or close the side panel", everywhere: true, run: togglePanel },
];

function togglePlaying({ store, commands }: App): void {
  commands.setPlaying(!store.getState().playing);
}

function togglePanel({ store, commands }: App): void {
  commands.setPanel({ open: !store.getState().panel.open });
}

/** neuroglancer's own, for the sheet; they work while the pointer is over the volumes. */
export const neuroglancerKeys: readonly (readonly [keys: string, text: string])[] = [
  ["drag", "move the section; turn the 3-D view"],
  ["wheel", "through the sections"],
  ["Ctrl + wheel", "zoom"],
  ["← → ↑ ↓", "move in the section"],
  [", .", "previous, next section"],
  ["right click", "centre here"],
  ["double click", "select a segment"],
  ["x", "clear the selected segments"],
  ["l", "other colours for the segments"],
  ["Space", "layout: four panels, one panel"],
  ["s", "sections in the 3-D view"],
  ["b", "scale bar"],
  ["a", "axis lines"],
  ["o", "orthographic projection"],
  ["r e, Shift + arrows", "turn the sections"],
  ["z", "straighten the sections"],
];
