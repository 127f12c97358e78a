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
  { keys: ["m"], text: "compare with another result, or end it", everywhere: true, run: toggleComparison },
  { keys: ["c"], text: "open or close the side panel", everywhere: true, run: togglePanel },
];

function togglePlaying({ store, commands }: App): void {
  commands.setPlaying(!store.getState().playing);
}

function toggleComparison({ store, commands }: App): void {
  commands.compare(store.getState().compare === undefined ? {} : undefined);
}

function togglePanel({ store, commands }: App): void {
  commands.setPanel({ open: !store.getState().panel.open });
}
