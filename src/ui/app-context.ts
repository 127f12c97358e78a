// The ui room shows the state and calls commands; it decides nothing about runs, files or following.
// It may import state, dacapo's values and the volume viewer's types; the engine and the charts are loaded when first needed.
// It must not fetch, parse, or touch anything outside its own root element.
import { createContext, use } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { App, Commands } from "#state/app.ts";
import type { AppState, RunState, Selection, Shown } from "#state/app-state.ts";
import { selectedRun, shownOf } from "#state/selectors.ts";

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = use(AppContext);
  if (app === undefined) throw new Error("This component is drawn outside of ViewerApp, which gives it the app.");
  return app;
}

export function useCommands(): Commands {
  return useApp().commands;
}

/** `selector` returns a part of the state as it is; see useShallowState for one that makes a new object. */
export function useAppState<T>(selector: (state: AppState) => T): T {
  return useStore(useApp().store, selector);
}

export function useShallowState<T>(selector: (state: AppState) => T): T {
  return useStore(useApp().store, useShallow(selector));
}

export function useRun(): RunState | undefined {
  return useAppState(selectedRun);
}

export function useShown(): Shown {
  return useAppState(toShown);
}

const nothing: Shown = {};
const lastShown = new WeakMap<RunState, { readonly selection: Selection; readonly shown: Shown }>();

/** As shownOf, found once for a run and a selection: thousands of iterations are looked through for it. */
export function toShown(state: AppState): Shown {
  const run = selectedRun(state);
  if (run === undefined) return nothing;
  const last = lastShown.get(run);
  if (last?.selection === state.selection) return last.shown;
  const shown = shownOf(state);
  lastShown.set(run, { selection: state.selection, shown });
  return shown;
}
