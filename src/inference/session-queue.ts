import type { Coordinate } from "#dacapo/coordinate.ts";
import { createDeferred } from "./session-deferred.ts";

/** Why a tile is wanted: someone looks at it, or it belongs to a region that is computed as a whole. */
export type Urgency = "view" | "region";

export type TileData = Float32Array<ArrayBuffer>;

/** A tile that someone waits for; those who left are gone from `waiters`. */
export type TileJob = {
  readonly key: string;
  readonly index: Coordinate;
  readonly urgency: Urgency;
  /** Counts up in the order asked for. */
  readonly order: number;
};

type Waiter = {
  readonly resolve: (data: TileData | undefined) => void;
  readonly reject: (error: unknown) => void;
};

type Entry = { job: TileJob; readonly waiters: Set<Waiter>; started: boolean };

const RANK: Readonly<Record<Urgency, number>> = { view: 0, region: 1 };

/** Distance of a tile to what is looked at, in any unit; 0 for all where nothing is known: then the first asked is first. */
export type TileDistance = (index: Coordinate) => number;

/** Tiles wanted, each once however many wait for it. One that nobody waits for any more is dropped, unless it has been started. */
export class TileQueue {
  readonly #entries = new Map<string, Entry>();
  #order = 0;

  /** Tiles that are not being computed yet. */
  get waiting(): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (!entry.started) count++;
    return count;
  }

  /** Those being computed too. */
  get size(): number {
    return this.#entries.size;
  }

  /** Resolves with the tile, or `undefined` when it was cancelled; rejects when computing failed or the signal fires. */
  want(key: string, index: Coordinate, urgency: Urgency, signal?: AbortSignal): Promise<TileData | undefined> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = createDeferred<TileData | undefined>();
    const waiter = { resolve, reject };
    this.#enter(key, index, urgency).waiters.add(waiter);
    const leave = () => {
      this.#leave(key, waiter);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", leave);
    return promise.finally(() => signal?.removeEventListener("abort", leave));
  }

  /** Takes the tile that matters most: looked at before wanted, nearest first, then first asked first. */
  start(distance: TileDistance): TileJob | undefined {
    let entry: Entry | undefined;
    let best: readonly number[] = [];
    for (const candidate of this.#entries.values()) {
      if (candidate.started) continue;
      const { urgency, index, order } = candidate.job;
      const rank = [RANK[urgency], distance(index), order];
      if (entry === undefined || isBefore(rank, best)) [entry, best] = [candidate, rank];
    }
    if (entry === undefined) return undefined;
    entry.started = true;
    return entry.job;
  }

  /** Gives it back uncomputed, to be started again, unless nobody waits any more. */
  putBack(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.started = false;
    if (entry.waiters.size === 0) this.#entries.delete(key);
  }

  finish(key: string, data: TileData): void {
    for (const { resolve } of this.#take(key)) resolve(data);
  }

  fail(key: string, error: unknown): void {
    for (const { reject } of this.#take(key)) reject(error);
  }

  /** Lets go everyone who waits; a tile that has been started ends without an audience. Returns how many tiles were dropped. */
  cancelAll(): number {
    const keys = [...this.#entries.keys()];
    for (const key of keys) for (const { resolve } of this.#take(key)) resolve(undefined);
    return keys.length;
  }

  failAll(error: unknown): void {
    for (const key of [...this.#entries.keys()]) this.fail(key, error);
  }

  #enter(key: string, index: Coordinate, urgency: Urgency): Entry {
    const known = this.#entries.get(key);
    if (known === undefined) {
      const entry = { job: { key, index, urgency, order: this.#order++ }, waiters: new Set<Waiter>(), started: false };
      this.#entries.set(key, entry);
      return entry;
    }
    if (RANK[urgency] < RANK[known.job.urgency]) known.job = { ...known.job, urgency };
    return known;
  }

  #leave(key: string, waiter: Waiter): void {
    const entry = this.#entries.get(key);
    entry?.waiters.delete(waiter);
    if (entry && !entry.started && entry.waiters.size === 0) this.#entries.delete(key);
  }

  #take(key: string): readonly Waiter[] {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    return [...(entry?.waiters ?? [])];
  }
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const first = a.findIndex((value, i) => value !== b[i]);
  return first >= 0 && (a[first] ?? 0) < (b[first] ?? 0);
}
