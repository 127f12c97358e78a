import type { App } from "./app.ts";
import { createHistorySync, type HistorySync } from "./history-sync.ts";

/** Ties an app to a window's address bar, its back and its forward. */
export function connectHistory(app: App, page: Window): HistorySync {
  return createHistorySync(
    app,
    {
      href: () => page.location.href,
      push: (href) => page.history.pushState(null, "", href),
      replace: (href) => page.history.replaceState(null, "", href),
      onBack(listener) {
        page.addEventListener("popstate", listener);
        return () => page.removeEventListener("popstate", listener);
      },
    },
    app.toRequest,
    app.apply,
  );
}
