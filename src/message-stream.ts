// What a viewer tells whoever listens, a host page or the page it is mounted in: fetched with the first that does.
import type { App } from "#state/app.ts";
import type { AppState } from "#state/app-state.ts";
import { type ProtocolMessage, throttleStates, toMessage } from "#state/contract-message.ts";
import { toContractState } from "#state/contract-state.ts";

/** `ready` and the present state come at once. */
export function streamMessages(app: App, listener: (message: ProtocolMessage) => void): () => void {
  const states = throttleStates((state) => listener(toMessage("state", { state })));
  let told = new Set<string>();
  const tell = (state: AppState) => {
    states.push(toContractState(state));
    for (const { id, code, message, subject } of state.problems)
      if (!told.has(id)) listener(toMessage("error", { code, message, subject }));
    told = new Set(state.problems.map(({ id }) => id));
  };
  const stopState = app.store.subscribe(tell);
  const stopEvents = app.onMessage(listener);
  listener(toMessage("ready"));
  tell(app.store.getState());
  return () => {
    stopState();
    stopEvents();
    states.dispose();
  };
}
