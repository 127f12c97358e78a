// Remembers the runs that were opened, each with a small picture once its volumes are drawn.
import type { StoreApi } from "zustand/vanilla";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { AppState } from "./app-state.ts";
import { addRecent, type KeyValue, writeRecents } from "./recents.ts";
import { selectedRun } from "./selectors.ts";
import { toThumbnail } from "./thumbnail.ts";

export type RecentKeeper = { remember(): void; forget(url: string): void; dispose(): void };

export function createRecentKeeper(
  store: StoreApi<AppState>,
  storage: KeyValue | undefined,
  viewer: () => VolumeViewer | undefined,
): RecentKeeper {
  const pictured = new Set<string>();

  function write(recents: AppState["recents"]): void {
    store.setState({ recents });
    writeRecents(storage, recents);
  }

  function remember(thumbnail?: string): void {
    const { runs, runOrder, recents } = store.getState();
    const opened = runOrder.flatMap((id) => runs[id] ?? []).filter(({ status }) => status !== "error");
    const shown = selectedRun(store.getState());
    const entries = opened.map(({ id, address, name }) => ({
      url: address,
      name,
      at: Date.now(),
      ...(thumbnail !== undefined && id === shown?.id ? { thumbnail } : {}),
    }));
    write(entries.reduceRight(addRecent, [...recents]));
  }

  async function picture(run: string): Promise<void> {
    const target = viewer();
    if (target === undefined || pictured.has(run) || storage === undefined) return;
    pictured.add(run);
    try {
      const { view, compare } = store.getState(); // of four panels the first says most
      remember(await toThumbnail(await target.screenshot(), view.layout === "4panel" && compare === undefined));
    } catch {
      pictured.delete(run); // a picture is a nicety: the next rest tries again
    }
  }

  const unsubscribe = store.subscribe((state, before) => {
    const run = state.settled && !before.settled ? selectedRun(state) : undefined;
    if (run !== undefined && run.status !== "error" && state.layers.length > 0) void picture(run.id);
  });
  return {
    remember: () => remember(),
    forget: (url) => write(store.getState().recents.filter((recent) => recent.url !== url)),
    dispose: unsubscribe,
  };
}
