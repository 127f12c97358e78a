// The messages of the public contract, section 4, that the viewer sends.
import type { ContractState } from "./contract-state.ts";
import type { FollowEvent } from "./follow-events.ts";

export const protocolApp = "dacapo-run-viewer";
export const protocolVersion = 1;
export type RequestId = string | number | undefined;

export type ProtocolMessage = {
  readonly app: typeof protocolApp;
  readonly v: typeof protocolVersion;
  readonly type: string;
  readonly id?: RequestId;
  readonly [field: string]: unknown;
};

export function toMessage(
  type: string,
  fields: Readonly<Record<string, unknown>> = {},
  id?: RequestId,
): ProtocolMessage {
  return { app: protocolApp, v: protocolVersion, type, ...fields, ...(id === undefined ? {} : { id }) };
}

/** The messages of section 4 that a host is sent unasked for what was found while following. */
export function toEventMessages(events: readonly FollowEvent[]): ProtocolMessage[] {
  return events.flatMap((event) => {
    if (event.kind === "validation") return [toMessage("validation", { run: event.run, iteration: event.iteration })];
    return event.kind === "best" ? [toMessage("best", { run: event.run, ...event.best })] : [];
  });
}

/** Ten a second are allowed: a little less, as a busy page gets late messages close together. */
const shortestGapMs = 110;

/** At most ten a second, always the newest last. */
export function throttleStates(send: (state: ContractState) => void, now: () => number = () => performance.now()) {
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending: ContractState | undefined;
  const flush = () => {
    timer = undefined;
    if (pending === undefined) return;
    last = now();
    send(pending);
    pending = undefined;
  };
  return {
    push(state: ContractState): void {
      pending = state;
      if (timer === undefined) timer = setTimeout(flush, Math.max(0, last + shortestGapMs - now()));
    },
    dispose(): void {
      if (timer !== undefined) clearTimeout(timer);
    },
  };
}
