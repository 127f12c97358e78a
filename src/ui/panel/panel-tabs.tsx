import type { KeyboardEvent } from "react";
import type { PanelTab } from "#state/panel-tab.ts";
import { problemsOf, selectedRun } from "#state/selectors.ts";
import { useAppState, useCommands } from "../app-context.ts";

type Tab = { readonly tab: PanelTab; readonly text: string };

const compare: Tab = { tab: "compare", text: "Compare" };
const tabsOfRun: readonly Tab[] = [
  { tab: "scores", text: "Scores" },
  { tab: "loss", text: "Loss" },
  { tab: "errors", text: "Errors" },
  { tab: "layers", text: "Layers" },
  { tab: "network", text: "Network" },
  { tab: "config", text: "Config" },
  { tab: "problems", text: "Problems" },
];

/** `scope` is of one viewer: two may stand on a page. */
export const tabPanelId = (scope: string) => `${scope}-panel`;
export const tabId = (scope: string, tab: PanelTab) => `${scope}-${tab}`;

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, Home: -9, End: 9 };

export function PanelTabs({ tab, scope }: { readonly tab: PanelTab; readonly scope: string }) {
  const { setPanel } = useCommands();
  const areSeveral = useAppState((state) => state.runOrder.length > 1);
  const tabs = areSeveral ? [compare, ...tabsOfRun] : tabsOfRun;
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const next = neighbour(tabs, tab, steps[event.key]);
    if (next === undefined) return;
    event.preventDefault();
    setPanel({ tab: next });
    event.currentTarget.querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus();
  };
  return (
    <div role="tablist" aria-label="Side panel" onKeyDown={onKeyDown}>
      {tabs.map(({ tab: each, text }) => (
        <button
          key={each}
          type="button"
          role="tab"
          id={tabId(scope, each)}
          data-tab={each}
          className="dv-tab"
          aria-selected={each === tab}
          aria-controls={each === tab ? tabPanelId(scope) : undefined}
          tabIndex={each === tab ? 0 : -1}
          onClick={() => setPanel({ tab: each })}
        >
          {text}
          {each === "problems" ? <ProblemCount /> : undefined}
        </button>
      ))}
    </div>
  );
}

function neighbour(tabs: readonly Tab[], tab: PanelTab, by: number | undefined): PanelTab | undefined {
  if (by === undefined) return undefined;
  const index = tabs.findIndex((each) => each.tab === tab);
  return tabs[Math.max(0, Math.min(tabs.length - 1, index + by))]?.tab;
}

function ProblemCount() {
  const count = useAppState(
    (state) => problemsOf(state, selectedRun(state)).filter(({ severity }) => severity !== "info").length,
  );
  return count === 0 ? undefined : <span className="dv-count">{count}</span>;
}
