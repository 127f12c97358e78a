/** How fast tiles become ready, over the recent past. */
export class SessionProgress {
  readonly #now: () => number;
  /** Seconds a tile took, smoothed. */
  #secondsPerTile: number | undefined;
  #last: number | undefined;
  #done = 0;

  /** `now` in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get done(): number {
    return this.#done;
  }

  /** Work begins after a rest: the time of the rest is not the tile's. */
  begin(): void {
    this.#last = this.#now();
  }

  count(): void {
    const now = this.#now();
    const seconds = (now - (this.#last ?? now)) / 1000;
    const smoothed = this.#secondsPerTile;
    this.#secondsPerTile = smoothed === undefined ? seconds : smoothed + SMOOTHING * (seconds - smoothed);
    this.#last = now;
    this.#done += 1;
  }

  get tilesPerSecond(): number | undefined {
    return this.#secondsPerTile ? 1 / this.#secondsPerTile : undefined;
  }

  secondsFor(tiles: number): number | undefined {
    return this.#secondsPerTile === undefined ? undefined : tiles * this.#secondsPerTile;
  }
}

/** Weight of the newest tile. */
const SMOOTHING = 0.2;
