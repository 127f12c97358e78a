// What a person or a host chooses. Choosing never loads by itself: the controllers see the change and act.
import type { StoreApi } from "zustand/vanilla";
import type { Commands } from "./app.ts";
import type { AppState, Selection, SelectionPart } from "./app-state.ts";
import { scrubOf } from "./selectors.ts";
import { leavesSnapshots } from "./snapshot-choice.ts";

export type SelectionCommands = Pick<
  Commands,
  | "select"
  | "step"
  | "first"
  | "last"
  | "setPlaying"
  | "setCursor"
  | "setTheme"
  | "setPanel"
  | "dismissNotice"
  | "dismissProblem"
>;

export function createSelectionCommands(store: StoreApi<AppState>): SelectionCommands {
  const scrub = () => scrubOf(store.getState());
  const show = (iteration: number | undefined) => {
    if (iteration === undefined) return;
    const part = scrub().toPart(iteration);
    store.setState(({ selection }) => ({ selection: mergeSelection(selection, part), playing: false }));
  };
  return {
    select: (part) => store.setState(({ selection }) => ({ selection: mergeSelection(selection, part) })),
    step(by) {
      const { all, shown } = scrub();
      show(all[nextIndex(all, shown, by)]);
    },
    first: () => show(scrub().all[0]),
    last: () => show(scrub().all.at(-1)),
    setPlaying: (playing) => store.setState({ playing }),
    setCursor(iteration) {
      if (iteration === undefined) store.setState(({ cursorIteration: _, ...rest }) => rest, true);
      else store.setState({ cursorIteration: iteration });
    },
    setTheme: (theme) => store.setState({ theme }),
    setPanel: (part) => store.setState(({ panel }) => ({ panel: { ...panel, ...part } })),
    dismissNotice: (id) => store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
    dismissProblem: (id) =>
      store.setState(({ problems }) => ({ problems: problems.filter((problem) => problem.id !== id) })),
  };
}

/** Another run keeps what was chosen of it as far as it has the same; an undefined part takes a choice back. */
function mergeSelection(selection: Selection, part: SelectionPart): Selection {
  const merged = { ...selection, ...(leavesSnapshots(part) && { snapshot: undefined }), ...part };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

/** Stays at the ends; from an iteration that is not in the list, goes to its neighbour. */
export function nextIndex(all: readonly number[], shown: number | undefined, by: number): number {
  const after = all.findIndex((iteration) => shown !== undefined && iteration >= shown);
  const at = after < 0 ? all.length : after;
  const isBetween = all[at] !== shown && by > 0;
  return Math.min(Math.max(isBetween ? at + by - 1 : at + by, 0), Math.max(all.length - 1, 0));
}
