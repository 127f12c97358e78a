// Mounting a viewer into an element of any page, under the names that the library has for everything.
import { mountRunViewer as mount } from "./embed.tsx";
import { adoptStyles } from "./lib-styles.ts";
import type { RunViewerMessage, RunViewerRequest } from "./run-viewer-message.ts";
import { type RunViewerOptions, toAppOptions, toChanges } from "./run-viewer-options.ts";

/** A mounted viewer. */
export type RunViewerHandle = {
  /** Sends one request of the contract, such as `{type: "select", iteration: "best"}`; a failure is an `error` message. */
  request(message: RunViewerRequest): Promise<RunViewerMessage>;
  /** `ready`, `state`, `validation`, `best`, `error` and `progress`, as they come; returns what ends it. */
  subscribe(listener: (message: RunViewerMessage) => void): () => void;
  /** Makes it show what these options say: runs, selection and theme; the rest is fixed when it is mounted. */
  update(options: RunViewerOptions): void;
  /** Leaves the element empty, and no worker, graphics context or listener. */
  dispose(): void;
};

/** Fills `element`, which must have a height and be the viewer's alone. */
export function mountRunViewer(element: HTMLElement, options: RunViewerOptions = {}): RunViewerHandle {
  const releaseStyles = adoptStyles(element);
  const { app, request, subscribe, dispose } = mount(element, toAppOptions(options));
  const ask = async (message: RunViewerRequest) => (await request({ ...message })) as RunViewerMessage;
  if (options.theme === "system") app.commands.setTheme("system");
  let shown = options;
  let asked: Promise<unknown> = Promise.resolve();
  return {
    request: ask,
    subscribe: (listener) => subscribe((message) => listener(message as RunViewerMessage)),
    update(next) {
      const changes = toChanges(shown, next);
      shown = next;
      for (const change of changes) asked = asked.then(() => ask(change));
    },
    dispose() {
      dispose();
      releaseStyles();
    },
  };
}
