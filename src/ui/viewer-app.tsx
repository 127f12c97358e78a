import { lazy, Suspense, useRef } from "react";
import type { App } from "#state/app.ts";
import { AppContext, useAppState } from "./app-context.ts";
import { AppHeader } from "./header/app-header.tsx";
import { ShortcutsSheet } from "./keys/shortcuts-sheet.tsx";
import { useGuestManners } from "./keys/use-guest-manners.ts";
import { usePageFocus } from "./keys/use-page-focus.ts";
import { useShortcuts } from "./keys/use-shortcuts.ts";
import { LinkMessages } from "./notices/link-messages.tsx";
import { Notices } from "./notices/notices.tsx";
import { PaneBoundary } from "./pane-boundary.tsx";
import { SidePanel } from "./panel/side-panel.tsx";
import { useClosedWhenNarrow } from "./panel/use-closed-when-narrow.ts";
import { DropZone } from "./start/drop-zone.tsx";
import { Timeline } from "./timeline/timeline.tsx";
import { useDocumentTitle } from "./use-document-title.ts";
import { useResolvedTheme } from "./use-theme.ts";
import { VolumePane } from "./view/volume-pane.tsx";
import "./theme.css";
import "./parts/controls.css";
import "./viewer-app.css";

const StartPage = lazy(() => import("./start/start-page.tsx"));

/** The whole screen; it fills the element that it is put in. */
export function ViewerApp({ app }: { readonly app: App }) {
  return (
    <AppContext value={app}>
      <Root />
    </AppContext>
  );
}

function Root() {
  const root = useRef<HTMLDivElement>(null);
  const theme = useResolvedTheme();
  const embed = useAppState((state) => state.embed);
  const hasRun = useAppState((state) => state.runOrder.length > 0);
  useDocumentTitle(root);
  useShortcuts(root);
  usePageFocus(root);
  useGuestManners(root);
  useClosedWhenNarrow(root);
  return (
    <div ref={root} tabIndex={-1} className="dv-root" data-theme={theme} data-embed={embed || undefined}>
      {embed ? (
        <Screen hasRun={hasRun} embed />
      ) : (
        <DropZone>
          <Screen hasRun={hasRun} embed={false} />
        </DropZone>
      )}
      <Notices />
      <ShortcutsSheet />
    </div>
  );
}

function Screen({ hasRun, embed }: { readonly hasRun: boolean; readonly embed: boolean }) {
  return hasRun ? <RunScreen embed={embed} /> : <StartScreen embed={embed} />;
}

function StartScreen({ embed }: { readonly embed: boolean }) {
  if (embed) return <p className="dv-pane-failed">No run is open yet: the page around this view chooses one.</p>;
  return (
    <PaneBoundary name="start page">
      <Suspense>
        <StartPage />
      </Suspense>
    </PaneBoundary>
  );
}

function RunScreen({ embed }: { readonly embed: boolean }) {
  return (
    <div className="dv-screen">
      {embed ? undefined : (
        <PaneBoundary name="header">
          <AppHeader />
        </PaneBoundary>
      )}
      <PaneBoundary name="volumes">
        <VolumePane />
      </PaneBoundary>
      {embed ? undefined : (
        <PaneBoundary name="side panel">
          <SidePanel />
        </PaneBoundary>
      )}
      <PaneBoundary name="timeline">
        <Timeline />
      </PaneBoundary>
      {embed ? undefined : <LinkMessages />}
    </div>
  );
}
