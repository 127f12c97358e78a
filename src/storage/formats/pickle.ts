import { createPickleMachine } from "./pickle-machine.ts";
import { checkNesting } from "./pickle-nesting.ts";
import { runPickle } from "./pickle-opcodes.ts";
import { defaultPickleLimits, type PickleOptions } from "./pickle-options.ts";
import type { PickleValue } from "./pickle-values.ts";

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
