import { X } from "lucide-react";
import { type CSSProperties, Suspense, useEffect, useId } from "react";
import type { AppState } from "#state/app-state.ts";
import type { PanelTab } from "#state/panel-tab.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { FollowChoices } from "../header/follow-menu.tsx";
import { RunMenuItems } from "../header/run-menu.tsx";
import { ShareItems } from "../header/share-menu.tsx";
import { PaneBoundary } from "../pane-boundary.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { lazyPart } from "../parts/lazy-part.tsx";
import { PanelResizer } from "./panel-resizer.tsx";
import { PanelSkeleton } from "./panel-skeleton.tsx";
import { PanelTabs, tabId, tabPanelId } from "./panel-tabs.tsx";
import { SharedChartCursor } from "./shared-chart-cursor.tsx";
import "./panel.css";

const ComparePanel = lazyPart(() => import("./compare-panel.tsx"));
const ConfigPanel = lazyPart(() => import("./config-panel.tsx"));
const ErrorsPanel = lazyPart(() => import("./errors-panel.tsx"));
const LayersPanel = lazyPart(() => import("./layers-panel.tsx"));
const ProblemsPanel = lazyPart(() => import("./problems-panel.tsx"));
const ScoresPanel = lazyPart(() => import("./scores-panel.tsx"));
const NetworkPanel = lazyPart(() => import("./network-panel.tsx"));
const LossPanel = lazyPart(() => import("./loss-panel.tsx"));

const preloaded = [
  ScoresPanel,
  NetworkPanel,
  LossPanel,
  ErrorsPanel,
  LayersPanel,
  ConfigPanel,
  ProblemsPanel,
  FollowChoices,
  RunMenuItems,
  ShareItems,
];

export function SidePanel() {
  const { open, width } = useAppState((state) => state.panel);
  usePreloadedPanels();
  if (!open) return undefined;
  const style = { "--panel-width": `${width}px` } as CSSProperties;
  return (
    <aside className="dv-panel" aria-label="Side panel" style={style}>
      <PanelResizer width={width} />
      <PanelBody />
    </aside>
  );
}

/** Once the volumes are there and nothing else waits, so that every tab opens at once, and offline too. */
function usePreloadedPanels(): void {
  const idle = useAppState((state) => state.settled && state.viewer === "ready");
  useEffect(() => {
    if (idle) for (const panel of preloaded) panel.preload();
  }, [idle]);
}

/** One run has nothing to be compared with. */
const toTab = ({ panel, runOrder }: AppState): PanelTab =>
  panel.tab === "compare" && runOrder.length < 2 ? "scores" : panel.tab;

function PanelBody() {
  const tab = useAppState(toTab);
  const { setPanel } = useCommands();
  const scope = useId();
  return (
    <>
      <div className="dv-tabs">
        <PanelTabs tab={tab} scope={scope} />
        <div className="dv-tabs-end">
          <IconButton label="Close the side panel (c)" onClick={() => setPanel({ open: false })}>
            <X size={15} />
          </IconButton>
        </div>
      </div>
      <div
        className="dv-tab-body"
        role="tabpanel"
        id={tabPanelId(scope)}
        aria-labelledby={tabId(scope, tab)}
        tabIndex={-1}
      >
        <PaneBoundary key={tab} name={`${tab} panel`}>
          <SharedChartCursor>
            <Suspense fallback={<PanelSkeleton />}>
              <TabContent tab={tab} />
            </Suspense>
          </SharedChartCursor>
        </PaneBoundary>
      </div>
    </>
  );
}

function TabContent({ tab }: { readonly tab: PanelTab }) {
  switch (tab) {
    case "compare":
      return <ComparePanel />;
    case "scores":
      return <ScoresPanel />;
    case "loss":
      return <LossPanel />;
    case "errors":
      return <ErrorsPanel />;
    case "layers":
      return <LayersPanel />;
    case "network":
      return <NetworkPanel />;
    case "config":
      return <ConfigPanel />;
    case "problems":
      return <ProblemsPanel />;
  }
}
