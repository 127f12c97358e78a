import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import type { AppState } from "./app-state.ts";
import { emptyState } from "./empty-state.ts";
import { fakeSource } from "./fakes/fake-run.ts";
import { createFollowLoop, pauseMs, type Visibility } from "./follow-loop.ts";
import { newRun } from "./run-registry.ts";

const source = fakeSource();

function start() {
  const store = createStore<AppState>(() => ({ ...emptyState, runs: { [source.url]: newRun(source) } }));
  const looks: number[] = [];
  let hidden = false;
  let listener: () => void = () => undefined;
  const visibility: Visibility = {
    isHidden: () => hidden,
    onChange(next) {
      listener = next;
      return () => undefined;
    },
  };
  const loop = createFollowLoop(store, async () => void looks.push(Date.now()), visibility);
  store.setState({ runOrder: [source.url] });
  const setHidden = (value: boolean) => {
    hidden = value;
    listener();
  };
  return { store, loop, looks, setHidden };
}

describe("when to look again", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => void vi.useRealTimers());

  it("is every ten seconds", async () => {
    const { looks } = start();
    await vi.advanceTimersByTimeAsync(35_000);
    expect(looks).toEqual([10_000, 20_000, 30_000]);
  });

  it("is never while paused, and from then on when resumed", async () => {
    const { looks, loop } = start();
    loop.setFollow({ enabled: false });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toEqual([]);
    loop.setFollow({ enabled: true, intervalMs: 2000 });
    await vi.advanceTimersByTimeAsync(4000);
    expect(looks).toEqual([62_000, 64_000]);
  });

  it("is never while the tab is hidden, and at once when it comes back", async () => {
    const { looks, setHidden } = start();
    setHidden(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toEqual([]);
    setHidden(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(looks).toEqual([60_000]);
  });

  it("backs off while a server is away, up to five minutes, never below the interval", () => {
    expect([0, 1, 2, 3, 9, 1000].map((failures) => pauseMs(10_000, failures, 0))).toEqual([
      10_000, 20_000, 40_000, 80_000, 300_000, 300_000,
    ]);
    expect(pauseMs(600_000, 3, 0)).toBe(600_000);
    expect(pauseMs(600_000, 3, 1)).toBe(600_000);
  });

  it("comes back at another moment than everybody else, and only then", () => {
    expect([0, 0.5, 1].map((chance) => pauseMs(10_000, 2, chance))).toEqual([40_000, 35_000, 30_000]);
    expect([0, 0.5, 1].map((chance) => pauseMs(10_000, 0, chance))).toEqual([10_000, 10_000, 10_000]);
  });

  it("does not look twice at the same time", async () => {
    const { loop, looks } = start();
    await Promise.all([loop.checkNow(), loop.checkNow()]);
    expect(looks).toEqual([0]);
  });
});
