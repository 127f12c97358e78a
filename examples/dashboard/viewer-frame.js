// One embedded viewer, spoken with as the viewer's README says: plain messages to and from its iframe, and from nowhere else.

const app = "dacapo-run-viewer";
const silentAfterMs = 10_000;

export class ViewerFrame {
  #frame;
  #origin;
  #waiting = new Map();
  #listeners = new Map();
  #asked = 0;

  /** `viewer`: address of the viewer's page; `query`: the rest of its view URL, such as {run: "data/0/vnc_affs"}. */
  constructor(frame, viewer, query) {
    const address = new URL(viewer, location.href);
    address.search = new URLSearchParams({ embed: "1", parentOrigin: location.origin, ...query }).toString();
    this.#frame = frame;
    this.#origin = address.origin;
    addEventListener("message", (event) => this.#receive(event));
    const silence = setTimeout(() => this.#tell({ type: "silent" }), silentAfterMs);
    this.on("ready", () => clearTimeout(silence));
    frame.src = address.href;
  }

  /**
   * Calls `listener` with every message of a type: "ready", "state", "validation", "best", "error", "progress"; and with "silent"
   * where the page in the frame has not said that it is ready after a while, as a server that is not there never does.
   */
  on(type, listener) {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
    return this;
  }

  /** Sends a request; resolves with its answer, rejects with the sentence of an error. */
  ask(type, fields = {}) {
    const id = `${type} ${++this.#asked}`;
    this.#frame.contentWindow.postMessage({ app, v: 1, type, id, ...fields }, this.#origin);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #receive({ source, origin, data }) {
    if (source !== this.#frame.contentWindow || origin !== this.#origin || data?.app !== app) return;
    const waiting = data.type === "progress" ? undefined : this.#waiting.get(data.id);
    if (waiting !== undefined) {
      this.#waiting.delete(data.id);
      if (data.type === "error") waiting.reject(new Error(data.message));
      else waiting.resolve(data);
    }
    this.#tell(data);
  }

  #tell(message) {
    for (const listener of this.#listeners.get(message.type) ?? []) listener(message);
  }
}
