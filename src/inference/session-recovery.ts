import type { EngineDevice } from "./engine.ts";
import type { InferenceError } from "./inference-error.ts";

/** How the computing stands when it fails. */
export type Attempt = {
  readonly device: EngineDevice;
  /** Times in a row that it failed without a block in between. */
  readonly failures: number;
  /** Whether smaller blocks than the present give the same. */
  readonly canShrink: boolean;
};

/** "again": a new thread. "smaller": with blocks of half the size. "processor": with WASM instead of the GPU. */
export type RecoveryAction = "again" | "smaller" | "processor" | "give-up";

const MAX_FAILURES = 5;

/** What to do when an engine fails: never the same thing twice in a row, and never for ever. */
export function planRecovery({ tag }: InferenceError, { device, failures, canShrink }: Attempt): RecoveryAction {
  const elsewhere = device === "webgpu" ? "processor" : "give-up";
  if (failures >= MAX_FAILURES) return elsewhere;
  switch (tag) {
    case "out-of-memory":
    case "hang":
      return canShrink ? "smaller" : elsewhere;
    case "device-lost":
    case "crashed":
      if (failures === 0) return "again";
      return failures === 1 && canShrink ? "smaller" : elsewhere;
    case "model":
    case "unavailable":
      return elsewhere;
    default:
      return "give-up";
  }
}

const SENTENCES: Readonly<Record<RecoveryAction, string>> = {
  again: "It is started anew.",
  smaller: "It goes on with smaller blocks.",
  processor: "It goes on with the processor instead, more slowly.",
  "give-up": "Reload the page to try again, or choose the other device.",
};

export function describeRecovery(error: InferenceError, action: RecoveryAction): string {
  return `${error.message.replace(/\.?\s*$/, ".")} ${SENTENCES[action]}`;
}
