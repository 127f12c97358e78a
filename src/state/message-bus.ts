// Spreads what following finds: to a host page as the contract's messages, to the person as notices.
import type { StoreApi } from "zustand/vanilla";
import type { AppState } from "./app-state.ts";
import { type ProtocolMessage, toEventMessages } from "./contract-message.ts";
import type { FollowEvent } from "./follow-events.ts";
import { toNotices } from "./notices.ts";
import { isFollowing, resolveSelection, selectedRun } from "./selectors.ts";

export type MessageBus = {
  subscribe(listener: (message: ProtocolMessage) => void): () => void;
  tell(store: StoreApi<AppState>): (events: readonly FollowEvent[]) => void;
};

const maxNotices = 20;

export function createMessageBus(now: () => number = Date.now): MessageBus {
  const listeners = new Set<(message: ProtocolMessage) => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: (store) => (events) => {
      if (events.length === 0) return;
      for (const message of toEventMessages(events)) for (const listener of listeners) listener(message);
      store.setState((state) => ({ notices: withNotices(state, events, now()) }));
    },
  };
}

function withNotices(state: AppState, events: readonly FollowEvent[], at: number): AppState["notices"] {
  const found = events.flatMap((event) => {
    const run = state.runs[event.run];
    if (run === undefined) return [];
    const isShown = selectedRun(state)?.id === run.id;
    const following = isShown && isFollowing(state.selection);
    return toNotices([event], run, resolveSelection(run, state.selection), following, at);
  });
  return [...state.notices, ...found].slice(-maxNotices);
}
