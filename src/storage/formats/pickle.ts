import { createPickleMachine } from "./pickle-machine.ts";
import { checkNesting } from "./pickle-nesting.ts";
import { runPickle } from "./pickle-opcodes.ts";
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

/**
 * Reads one pickle, protocols 0 to 5, that fills `bytes` exactly. Nothing is executed: only callables in `allow` are
 * called. The value is acyclic and at most `limits.depth` deep; shared parts stay shared, so a walk may meet one twice.
 * Throws PickleError: torn when the bytes stop early (also when empty), refused, malformed, limit.
 */
export function readPickle(bytes: Uint8Array, options: PickleOptions = {}): PickleValue {
  const limits = { ...defaultPickleLimits, ...options.limits };
  const value = runPickle(createPickleMachine(bytes, options, limits));
  checkNesting(value, limits.depth);
  return value;
}
