import type { AppState } from "./app-state.ts";
import { toTableText } from "./run-table-text.ts";
import { toLookRequest } from "./view-look.ts";
import type { ViewRequest } from "./view-url.ts";

/** What a link to this view says; addresses stay as they were given, so that a relative link stays relative. */
export function toViewRequest(state: AppState, given: Partial<ViewRequest>): ViewRequest {
  const { asked, selection, compare, runOrder, runs } = state;
  const several = runOrder.length > 1 && selection.run !== undefined && selection.run !== runOrder[0];
  const parts: Partial<Record<keyof ViewRequest, unknown>> = {
    runs: runOrder.map((id) => runs[id]?.address ?? id),
    selected: several ? selection.run : undefined,
    base: runOrder.length === 0 && state.base.status === "ready" ? state.base.value.url : undefined,
    list: runOrder.length === 0 ? toTableText(state.runTable) : undefined,
    stats: given.stats,
    configs: given.configs,
    s3Endpoint: given.s3Endpoint,
    dataset: selection.dataset,
    iteration: selection.iteration,
    snapshot: selection.snapshot,
    criterion: selection.criterion,
    parameters: selection.parameters,
    compare: compare?.mode,
    compareRun: compare?.run === undefined ? undefined : (runs[compare.run]?.address ?? compare.run),
    compareIteration: compare?.iteration,
    compareParameters: compare?.parameters,
    ...toLookRequest(state),
    embed: given.embed ?? false,
    parentOrigin: given.parentOrigin,
    theme:
      given.theme === undefined && state.theme === "dark"
        ? undefined
        : state.theme === "system"
          ? undefined
          : state.theme,
    view: state.viewJson,
    ...(runOrder.length === 0 ? asked : undefined),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as ViewRequest;
}
