import { useEffect } from "react";
import type { AppState } from "#state/app-state.ts";
import { bestOf, selectedRun } from "#state/selectors.ts";
import { toShown, useAppState } from "./app-context.ts";

/** "★ 1000 · vnc_affs": the iteration that is shown, starred when it is the best, and the run. */
export function toTitle(state: AppState): string {
  const run = selectedRun(state);
  if (run === undefined) return "DaCapo run viewer";
  const { iteration, dataset, criterion } = toShown(state);
  if (iteration === undefined) return run.name;
  const star = bestOf(run, dataset, criterion)?.iteration === iteration ? "★ " : "";
  return `${star}${iteration} · ${run.name}`;
}

export function useDocumentTitle(): void {
  const title = useAppState(toTitle);
  const embed = useAppState((state) => state.embed);
  useEffect(() => {
    if (embed) return;
    const before = document.title;
    document.title = title;
    return () => {
      document.title = before;
    };
  }, [title, embed]);
}
