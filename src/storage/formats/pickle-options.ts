import type { PickleBuilder, PickleValue } from "./pickle-values.ts";

export type PickleLimits = {
  /** File size. */
  readonly bytes: number;
  readonly operations: number;
  /** Open marks while reading, and nesting of the value returned. */
  readonly depth: number;
  /** Estimated bytes of the values built. */
  readonly memory: number;
  /** Bytes of one arbitrary-precision integer. */
  readonly integerBytes: number;
};

export const defaultPickleLimits: PickleLimits = {
  bytes: 512 * 2 ** 20,
  operations: 100_000_000,
  depth: 100,
  memory: 512 * 2 ** 20,
  integerBytes: 256,
};

export type PickleOptions = {
  /** The only callables that may be named, by "module name", for example "collections OrderedDict". */
  readonly allow?: ReadonlyMap<string, PickleBuilder>;
  /** Resolves a persistent id (torch storages); without it such ids are refused. */
  readonly persistentLoad?: (id: PickleValue) => PickleValue;
  readonly limits?: Partial<PickleLimits>;
};
