import { type RefObject, useEffect } from "react";
import type { AppState } from "#state/app-state.ts";
import { bestOf, selectedRun, shownOf } from "#state/selectors.ts";
import { useAppState } from "./app-context.ts";
import { fillsPage } from "./fills-page.ts";

/** "★ 1000 · vnc_affs": the iteration that is shown, starred when it is the best, and the run. */
export function toTitle(state: AppState): string {
  const run = selectedRun(state);
  if (run === undefined) return "DaCapo run viewer";
  const { iteration, dataset, criterion } = shownOf(state);
  if (iteration === undefined) return run.name;
  const star = bestOf(run, dataset, criterion)?.iteration === iteration ? "★ " : "";
  return `${star}${iteration} · ${run.name}`;
}

export function useDocumentTitle(root: RefObject<HTMLElement | null>): void {
  const title = useAppState(toTitle);
  useEffect(() => {
    if (root.current === null || !fillsPage(root.current)) return;
    const before = document.title;
    document.title = title;
    return () => {
      document.title = before;
    };
  }, [title, root]);
}
