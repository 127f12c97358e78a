import type { TrainingStats } from "#dacapo/training-stats.ts";

/** Three growing columns: rows cost 24 bytes each and no object. */
export class StatsColumns {
  #length = 0;
  #iterations: Float64Array<ArrayBuffer>;
  #losses: Float64Array<ArrayBuffer>;
  #times: Float64Array<ArrayBuffer>;

  constructor(capacity: number) {
    const size = Math.max(capacity, 16);
    this.#iterations = new Float64Array(size);
    this.#losses = new Float64Array(size);
    this.#times = new Float64Array(size);
  }

  push(iteration: number, loss: number, time: number): void {
    if (this.#length === this.#iterations.length) this.#grow();
    const row = this.#length++;
    this.#iterations[row] = iteration;
    this.#losses[row] = loss;
    this.#times[row] = time;
  }

  /** Copies, exactly as long as the rows, each with a buffer of its own that may be transferred. */
  toStats(): TrainingStats {
    const trim = (column: Float64Array) => column.slice(0, this.#length);
    return { iterations: trim(this.#iterations), losses: trim(this.#losses), times: trim(this.#times) };
  }

  #grow(): void {
    this.#iterations = doubled(this.#iterations);
    this.#losses = doubled(this.#losses);
    this.#times = doubled(this.#times);
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}
