// Matches the objects of two segmentations as long as somebody wants to see where they agree: who reads waits for it, and what
// nobody looks at any more is ended.
import type { ObjectMatcher } from "#evaluation/object-matcher.ts";

/** Parts of both arrays. */
export type MatchProgress = { readonly done: number; readonly total: number };

export type MatchWish = "seen" | "hidden" | "gone";

export type MatchContext = {
  /** What is wanted of it now: hidden it is not begun and not continued, gone it is forgotten. */
  wish(): MatchWish;
  /** Calls whenever that may have changed. */
  onChange(listener: () => void): () => void;
  /** `undefined` when nothing is being matched any more. */
  tell(progress: MatchProgress | undefined): void;
};

export type MatchWork = (signal: AbortSignal, onProgress: (progress: MatchProgress) => void) => Promise<ObjectMatcher>;

/** Resolves once all is matched, however often that is ended and begun anew meanwhile. Rejects with `signal`, and where it failed. */
export type Matching = (signal: AbortSignal | undefined) => Promise<ObjectMatcher>;

type Waiting = { resolve(matcher: ObjectMatcher): void; reject(error: unknown): void };

export function createMatching({ wish, onChange, tell }: MatchContext, match: MatchWork): Matching {
  const waiting = new Set<Waiting>();
  let matcher: ObjectMatcher | undefined;
  let running: AbortController | undefined;
  let stop: (() => void) | undefined;

  function end(): void {
    running?.abort();
    running = undefined;
    tell(undefined);
  }

  function forget(): void {
    matcher?.dispose();
    matcher = undefined;
    stop?.();
    stop = undefined;
  }

  function look(): void {
    const wanted = wish();
    if (running !== undefined && (wanted !== "seen" || waiting.size === 0)) end();
    const isNeeded = waiting.size > 0 && matcher === undefined && running === undefined;
    if (wanted === "gone") forget();
    else if (wanted === "seen" && isNeeded) void begin();
  }

  async function begin(): Promise<void> {
    const own = new AbortController();
    running = own;
    const isCurrent = () => running === own;
    try {
      const found = await match(own.signal, (progress) => {
        if (isCurrent()) tell(progress);
      });
      if (!isCurrent()) return found.dispose();
      matcher = found;
      settle(({ resolve }) => resolve(found));
    } catch (error) {
      if (isCurrent()) settle(({ reject }) => reject(error));
    }
  }

  function settle(tellOne: (one: Waiting) => void): void {
    const all = [...waiting];
    waiting.clear();
    end();
    all.forEach(tellOne);
  }

  return async (signal) => {
    signal?.throwIfAborted();
    stop ??= onChange(look);
    if (matcher !== undefined) return matcher;
    return new Promise<ObjectMatcher>((resolve, reject) => {
      const one = { resolve, reject };
      waiting.add(one);
      signal?.addEventListener(
        "abort",
        () => {
          if (!waiting.delete(one)) return;
          reject(signal.reason);
          look();
        },
        { once: true },
      );
      look();
    });
  };
}
