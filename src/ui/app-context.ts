// The ui room shows the state and calls commands; it decides nothing about runs, files or following.
// It may import state, dacapo's values and the volume viewer's types; the engine and the charts are loaded when first needed.
// It must not fetch, parse, or touch anything outside its own root element.
import { createContext, use } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { App, Commands } from "#state/app.ts";
import type { AppState, RunState, Shown } from "#state/app-state.ts";
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
  return useAppState(shownOf);
}

/** What a part of the screen is called: beside other viewers on a page, also of which run it is. */
export function usePartName(part: string): string {
  return useAppState((state) => (state.embed ? [part, selectedRun(state)?.name].filter(Boolean).join(" of ") : part));
}
