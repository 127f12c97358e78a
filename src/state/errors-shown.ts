import type { AppState, RunState, Shown } from "./app-state.ts";

/** What is told of errors is about what is shown. */
export function areErrorsShown({ errors }: Pick<AppState, "errors">, run: RunState, shown: Shown): boolean {
  const { target } = errors ?? {};
  return (
    target?.run === run.id &&
    target.dataset === shown.dataset &&
    target.iteration === shown.iteration &&
    target.parameters === shown.parameters
  );
}
