// The door through which every page uses the viewer, ours as well: mounting into an element. It speaks the public contract,
// section 4. It must not know what is drawn or how: that is ui/'s and state/'s.
import { createRoot } from "react-dom/client";
import type { App } from "#state/app.ts";
import type { AppOptions } from "#state/app-options.ts";
import { type ProtocolMessage, toMessage } from "#state/contract-message.ts";
import { createApp } from "#state/create-app.ts";
import type { Asker, ProtocolReply } from "#state/protocol.ts";
import { ViewerApp } from "#ui/viewer-app.tsx";

export type MountedViewer = {
  /** Sends one request of the contract; a failure is an `error` message. */
  request(message: { readonly type: string; readonly [field: string]: unknown }): Promise<ProtocolMessage>;
  /** `ready`, `state`, `validation`, `best` and `error`, as they come. */
  subscribe(listener: (message: ProtocolMessage) => void): () => void;
  readonly app: App;
  dispose(): void;
};

/** Mounts a viewer into `element`, which it fills; `dispose` leaves the element empty. */
export function mountRunViewer(element: HTMLElement, options: AppOptions = {}): MountedViewer {
  const app = createApp(options);
  const closed = new AbortController();
  const listeners = new Set<(message: ProtocolMessage) => void>();
  const onProgress = (message: ProtocolMessage) => {
    for (const listener of listeners) listener(message);
  };
  const root = createRoot(element);
  root.render(<ViewerApp app={app} />);
  return {
    app,
    async request(message) {
      const asker = { signal: closed.signal, onProgress };
      const reply = await answer(app, toMessage(message.type, message), asker);
      return reply?.message ?? noReply(closed.signal);
    },
    subscribe(listener) {
      listeners.add(listener);
      const stop = subscribe(app, listener);
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
    dispose() {
      closed.abort();
      root.unmount();
      app.dispose();
    },
  };
}

function noReply({ aborted }: AbortSignal): ProtocolMessage {
  if (aborted) return toMessage("error", { code: "aborted", message: "The viewer was closed.", subject: "viewer" });
  return toMessage("error", { code: "bad-message", message: "This is not a request.", subject: "message" });
}

/** Most pages are asked nothing: what reads requests comes with the first. */
export async function answer(app: App, value: unknown, asker: Asker): Promise<ProtocolReply | undefined> {
  const protocol = await import("#state/protocol.ts");
  return protocol.answer(app, value, asker);
}

/** `ready` comes first, then the present state. Returns what ends it. */
function subscribe(app: App, listener: (message: ProtocolMessage) => void): () => void {
  let stop: (() => void) | undefined;
  let stopped = false;
  void import("./message-stream.ts").then(({ streamMessages }) => {
    if (!stopped) stop = streamMessages(app, listener);
  });
  return () => {
    stopped = true;
    stop?.();
  };
}
