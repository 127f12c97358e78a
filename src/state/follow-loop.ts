// When to look again: every so often, never while the tab is hidden or a person paused, less often while a server is away.
import type { StoreApi } from "zustand/vanilla";
import type { Commands } from "./app.ts";
import type { AppState, RunId } from "./app-state.ts";

export type FollowLoop = Pick<Commands, "setFollow" | "checkNow"> & { dispose(): void };

/** A page's visibility; a test gives its own. */
export type Visibility = { isHidden(): boolean; onChange(listener: () => void): () => void };

const shortestIntervalMs = 1000;
const longestIntervalMs = 60 * 60_000;
const longestPauseMs = 5 * 60_000;

export function createFollowLoop(
  store: StoreApi<AppState>,
  check: (run: RunId) => Promise<void>,
  visibility: Visibility = pageVisibility(),
): FollowLoop {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let checking: Promise<void> | undefined;

  async function look(): Promise<void> {
    store.setState(({ follow }) => ({ follow: { ...follow, checking: true } }));
    await Promise.all(store.getState().runOrder.map(check));
    store.setState(({ follow }) => ({ follow: { ...follow, checking: false } }));
  }

  async function checkNow(): Promise<void> {
    stop();
    checking ??= look().finally(() => {
      checking = undefined;
    });
    await checking;
    schedule();
  }

  function stop(): void {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
  }

  function schedule(): void {
    stop();
    const { follow, runs, runOrder } = store.getState();
    if (!follow.enabled || follow.hidden || runOrder.length === 0) return;
    const failures = Math.max(0, ...Object.values(runs).map(({ freshness }) => freshness.failures));
    timer = setTimeout(() => void checkNow(), pauseMs(follow.intervalMs, failures, Math.random()));
  }

  function onVisibility(): void {
    const hidden = visibility.isHidden();
    store.setState(({ follow }) => ({ follow: { ...follow, hidden } }));
    if (hidden) stop();
    else if (store.getState().follow.enabled && store.getState().runOrder.length > 0) void checkNow();
  }

  const stopVisibility = visibility.onChange(onVisibility);
  const stopStore = store.subscribe((state, before) => {
    if (state.runOrder !== before.runOrder) schedule();
  });
  return {
    checkNow,
    setFollow({ enabled, intervalMs }) {
      store.setState(({ follow }) => ({
        follow: {
          ...follow,
          enabled: enabled ?? follow.enabled,
          intervalMs: clampInterval(intervalMs ?? follow.intervalMs),
        },
      }));
      schedule();
    },
    dispose() {
      stop();
      stopVisibility();
      stopStore();
    },
  };
}

function clampInterval(intervalMs: number): number {
  return Number.isFinite(intervalMs) ? Math.min(Math.max(intervalMs, shortestIntervalMs), longestIntervalMs) : 10_000;
}

/**
 * Twice as long after each failure, up to five minutes, and never shorter than asked for. `chance`, from 0 to 1, takes up to a
 * quarter away: a server that comes back does not hear from everybody at once.
 */
export function pauseMs(intervalMs: number, failures: number, chance: number): number {
  const longest = Math.min(intervalMs * 2 ** Math.min(failures, 20), longestPauseMs);
  return Math.max(intervalMs, failures === 0 ? longest : longest * (1 - chance / 4));
}

function pageVisibility(): Visibility {
  const page = globalThis.document;
  if (page === undefined) return { isHidden: () => false, onChange: () => () => undefined };
  return {
    isHidden: () => page.visibilityState === "hidden",
    onChange(listener) {
      page.addEventListener("visibilitychange", listener);
      return () => page.removeEventListener("visibilitychange", listener);
    },
  };
}
