import type { StateDict } from "#storage/formats/torch-checkpoint.ts";

/** A sentence on what does not fit. Inner to the rebuilding: `toNetwork` turns it into a value. */
export class RebuildError extends Error {
  readonly tag = "rebuild";
}

/** Weights by name, that keeps account of what was used. */
export class WeightReader {
  readonly #stateDict: StateDict;
  readonly #used = new Set<string>();
  #parameterCount = 0;

  constructor(stateDict: StateDict) {
    this.#stateDict = stateDict;
  }

  get parameterCount(): number {
    return this.#parameterCount;
  }

  has(name: string): boolean {
    return this.#stateDict.has(name);
  }

  shapeOf(name: string): readonly number[] | undefined {
    return this.#stateDict.get(name)?.shape;
  }

  /** The first prefix under which there is a tensor of this name. */
  enter(name: string, prefixes: readonly string[]): string {
    const prefix = prefixes.find((candidate) => this.has(`${candidate}${name}`));
    if (prefix !== undefined) return prefix;
    const first = this.#stateDict.keys().next().value;
    throw new RebuildError(
      `The checkpoint has no tensor "${prefixes[0]}${name}" (its first is ${quote(first ?? "none")}), so it does not belong to this architecture.`,
    );
  }

  take(name: string, shape: readonly number[]): Float32Array {
    const data = this.#find(name, shape);
    this.#parameterCount += data.length;
    return data;
  }

  /** A running statistic: not a parameter. */
  takeStatistic(name: string, shape: readonly number[]): Float32Array {
    return this.#find(name, shape);
  }

  #find(name: string, shape: readonly number[]): Float32Array {
    const tensor = this.#stateDict.get(name);
    if (tensor === undefined)
      throw new RebuildError(`The checkpoint lacks the tensor ${quote(name)} that its architecture asks for.`);
    if (tensor.shape.length !== shape.length || shape.some((length, axis) => tensor.shape[axis] !== length))
      throw new RebuildError(
        `The tensor ${quote(name)} has the shape ${tensor.shape.join(" x ")}; its architecture asks for ${shape.join(" x ")}.`,
      );
    this.#used.add(name);
    return tensor.data;
  }

  /** Throws for a tensor that has no place: neither used nor another name of one that was. */
  checkAllUsed(): void {
    const left = [...this.#stateDict.keys()].filter((name) => !this.#used.has(name) && !this.#isCopy(name));
    if (left.length === 0) return;
    const some = left.slice(0, 3).map(quote).join(", ");
    throw new RebuildError(
      `The checkpoint holds ${left.length} tensors for which the architecture has no place (${some}); the config may belong to another run.`,
    );
  }

  // DaCapo registers the head, and in releases up to 0.3.5 the architecture, under two names.
  #isCopy(name: string): boolean {
    const original = COPIES.find(([prefix]) => name.startsWith(prefix));
    const twin = original && `${original[1]}${name.slice(original[0].length)}`;
    if (twin === undefined || !this.#used.has(twin)) return false;
    const [copy, used] = [this.#stateDict.get(name)?.data, this.#stateDict.get(twin)?.data];
    return (
      copy === used ||
      (copy?.length === used?.length && copy?.every((value, index) => value === used?.[index])) === true
    );
  }
}

const COPIES: readonly (readonly [prefix: string, twin: string])[] = [
  ["prediction_head.", "chain.1."],
  ["architecture.", "chain.0."],
];

const quote = (name: string) => JSON.stringify(name.slice(0, 120));
