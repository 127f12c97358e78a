import { describe, expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import type { AppState } from "./app-state.ts";
import { emptyState } from "./empty-state.ts";
import { createLazyKeeper } from "./lazy-keeper.ts";

const isWanted = (state: AppState) => state.selection.snapshot !== undefined;
const want = { selection: { snapshot: 1 } } as const;

describe("a part that is fetched when it is wanted", () => {
  it("is fetched once, with the first state that wants it", async () => {
    const store = createStore<AppState>(() => emptyState);
    const load = vi.fn(async () => ({ dispose: () => undefined }));
    createLazyKeeper(store, isWanted, load);
    store.setState({ playing: true });
    expect(load).not.toHaveBeenCalled();
    store.setState(want);
    store.setState({ selection: { snapshot: 2 } });
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1));
  });

  it("is asked for again after it could not be fetched", async () => {
    const store = createStore<AppState>(() => ({ ...emptyState, ...want }));
    const load = vi
      .fn()
      .mockRejectedValueOnce(new TypeError("offline"))
      .mockResolvedValue({ dispose: () => undefined });
    createLazyKeeper(store, isWanted, load);
    await Promise.resolve();
    await Promise.resolve();
    store.setState({ selection: { snapshot: 2 } });
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("ends with its app, also where that ended while it was fetched", async () => {
    const store = createStore<AppState>(() => ({ ...emptyState, ...want }));
    const dispose = vi.fn();
    createLazyKeeper(store, isWanted, async () => ({ dispose })).dispose();
    await vi.waitFor(() => expect(dispose).toHaveBeenCalledTimes(1));
  });
});
