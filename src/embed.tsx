// The doors through which pages use the viewer: mounting into an element, and an iframe's messages. Both speak the
// public contract, section 4. It must not know what is drawn or how: that is ui/'s and state/'s.
import { createRoot } from "react-dom/client";
import type { App } from "#state/app.ts";
import type { AppOptions } from "#state/app-options.ts";
import type { AppState } from "#state/app-state.ts";
import { type ProtocolMessage, throttleStates, toMessage } from "#state/contract-message.ts";
import { toContractState } from "#state/contract-state.ts";
import { createApp } from "#state/create-app.ts";
import type { ProtocolReply } from "#state/protocol.ts";
import { ViewerApp } from "#ui/viewer-app.tsx";

export type RunViewerOptions = AppOptions;

export type RunViewerHandle = {
  /** Sends one request of the contract; a failure is an `error` message. */
  request(message: { readonly type: string; readonly [field: string]: unknown }): Promise<ProtocolMessage>;
  /** `ready`, `state`, `validation`, `best` and `error`, as they come. */
  subscribe(listener: (message: ProtocolMessage) => void): () => void;
  readonly app: App;
  dispose(): void;
};

/** Mounts a viewer into `element`, which it fills; `dispose` leaves the element empty. */
export function mountRunViewer(element: HTMLElement, options: RunViewerOptions = {}): RunViewerHandle {
  const app = createApp(options);
  const root = createRoot(element);
  root.render(<ViewerApp app={app} />);
  return {
    app,
    async request(message) {
      const reply = await answer(app, toMessage(message.type, message));
      return (
        reply?.message ?? toMessage("error", { code: "bad-message", message: "Not a request.", subject: "message" })
      );
    },
    subscribe: (listener) => subscribe(app, listener),
    dispose() {
      root.unmount();
      app.dispose();
    },
  };
}

/** Most pages are asked nothing: what reads requests comes with the first. */
async function answer(app: App, value: unknown): Promise<ProtocolReply | undefined> {
  const protocol = await import("#state/protocol.ts");
  return protocol.answer(app, value);
}

function subscribe(app: App, listener: (message: ProtocolMessage) => void): () => void {
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

const maxMessageBytes = 1 << 20;

/** Answers the messages of `host` at `origin`, and no other's; returns what ends it. */
export function connectHost(app: App, host: Window, origin: string): () => void {
  const send = ({ message, transfer }: ProtocolReply) => host.postMessage(message, origin, [...transfer]);
  const receive = (event: MessageEvent) => {
    if (event.source !== host || event.origin !== origin) return warnForeign(event, origin);
    if (sizeOf(event.data) > maxMessageBytes)
      return console.warn(`A message of over ${maxMessageBytes} bytes from ${origin} was ignored.`);
    void answer(app, event.data).then((reply) => reply !== undefined && send(reply));
  };
  window.addEventListener("message", receive);
  const stop = subscribe(app, (message) => send({ message, transfer: [] }));
  return () => {
    window.removeEventListener("message", receive);
    stop();
  };
}

function warnForeign({ origin, data }: MessageEvent, expected: string): void {
  const isOurs = typeof data === "object" && data !== null && data.app === "dacapo-run-viewer";
  if (isOurs) console.warn(`A message from ${origin} was ignored: only the host at ${expected} is answered.`);
}

function sizeOf(data: unknown): number {
  try {
    return JSON.stringify(data)?.length ?? 0;
  } catch {
    return Number.POSITIVE_INFINITY; // cyclic, or holds what no message of the contract has
  }
}
