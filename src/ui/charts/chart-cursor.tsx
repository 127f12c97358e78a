import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from "react";

/** The iteration under the pointer, shared by every chart and the timeline; no component renders but those that show it. */
export type ChartCursor = {
  get(): number | undefined;
  set(iteration: number | undefined): void;
  subscribe(listener: () => void): () => void;
};

export function createChartCursor(): ChartCursor {
  const listeners = new Set<() => void>();
  let current: number | undefined;
  return {
    get: () => current,
    set(iteration) {
      if (iteration === current) return;
      current = iteration;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const CursorContext = createContext<ChartCursor | undefined>(undefined);

/** Everything inside shares one cursor: the given one, or one of its own. */
export function ChartCursorProvider({ cursor, children }: { cursor?: ChartCursor; children: ReactNode }) {
  const [own] = useState(createChartCursor);
  return <CursorContext value={cursor ?? own}>{children}</CursorContext>;
}

/** The shared cursor, to move it; a chart outside any provider has one to itself. */
export function useChartCursor(): ChartCursor {
  const [own] = useState(createChartCursor);
  return useContext(CursorContext) ?? own;
}

/** The iteration under the cursor, rendering again when it moves. */
export function useCursorIteration(cursor: ChartCursor): number | undefined {
  return useSyncExternalStore(cursor.subscribe, cursor.get, cursor.get);
}
