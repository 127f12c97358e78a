import { type ReactNode, useMemo } from "react";
import type { App } from "#state/app.ts";
import { useApp } from "../app-context.ts";
import { type ChartCursor, ChartCursorProvider } from "../charts/chart-cursor.tsx";

/** The charts' cursor is the timeline's. */
export function SharedChartCursor({ children }: { readonly children: ReactNode }) {
  const app = useApp();
  const cursor = useMemo(() => toChartCursor(app), [app]);
  return <ChartCursorProvider cursor={cursor}>{children}</ChartCursorProvider>;
}

function toChartCursor({ store, commands }: App): ChartCursor {
  return {
    get: () => store.getState().cursorIteration,
    set: commands.setCursor,
    subscribe: (listener) =>
      store.subscribe((state, before) => {
        if (state.cursorIteration !== before.cursorIteration) listener();
      }),
  };
}
