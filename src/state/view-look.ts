// What of the panel, the divider and the errors a link tells, and what a link makes of them. Pure.
import type { AppState } from "./app-state.ts";
import type { ViewRequest } from "./view-url.ts";

type Look = Pick<ViewRequest, "tab" | "errors" | "compareSplit">;

/** What is as it begins is left out; `undefined` otherwise. */
export function toLookRequest(state: AppState): { readonly [K in keyof Look]: Look[K] | undefined } {
  const tab = toTab(state);
  return { tab, errors: toErrors(state, tab), compareSplit: toSplit(state) };
}

/** "none" where the panel is closed; an embedded viewer and the list of runs have no panel. */
function toTab({ panel: { open, tab }, runOrder, embed }: AppState): ViewRequest["tab"] {
  if (runOrder.length === 0 || embed) return undefined;
  if (!open) return "none";
  return tab === "scores" ? undefined : tab;
}

/** Who looks at the tab of errors looks for them, if not said otherwise. */
function toErrors({ errors, errorsDeclined, runOrder }: AppState, tab: ViewRequest["tab"]): boolean | undefined {
  if (runOrder.length === 0) return undefined;
  if (tab === "errors") return errorsDeclined ? false : undefined;
  return errors === undefined ? undefined : true;
}

const middle = 0.5;

function toSplit({ compare, split }: AppState): number | undefined {
  return compare?.mode !== "swipe" || split === middle ? undefined : Number(split.toFixed(4));
}

export const wantsErrors = ({ tab, errors }: Partial<Look>): boolean => errors ?? tab === "errors";

/** `panel`: as it is. */
export function toLookState(
  { tab = "scores", errors, compareSplit = middle }: Partial<Look>,
  panel: AppState["panel"],
): Pick<AppState, "panel" | "split" | "errorsDeclined"> {
  const shown = tab === "none" ? { open: false } : { open: true, tab };
  return { panel: { ...panel, ...shown }, split: compareSplit, errorsDeclined: errors === false };
}
