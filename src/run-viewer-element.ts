// The element <dacapo-run-viewer>: attributes are options, events are the contract's messages.
import type { RunViewerMessage } from "./run-viewer-message.ts";
import type { RunViewerHandle } from "./run-viewer-mount.ts";
import type { RunViewerOptions } from "./run-viewer-options.ts";

/** What `addEventListener` of the element gives: the whole message is the event's `detail`. */
export type RunViewerEventMap = {
  readonly [type in "ready" | "state" | "validation" | "best" | "error" | "progress"]: CustomEvent<RunViewerMessage>;
};

export type RunViewerElement = HTMLElement & {
  /** Beside and before the attributes: what no attribute can say. */
  options: RunViewerOptions;
  /** As of a mounted viewer; rejects while the element is in no document. */
  request: RunViewerHandle["request"];
};

const attributes = {
  run: "run",
  runs: "runs",
  stats: "stats",
  configs: "configs",
  "s3-endpoint": "s3Endpoint",
  dataset: "dataset",
  iteration: "iteration",
  criterion: "criterion",
  parameters: "parameters",
  theme: "theme",
  viewer: "viewer",
} as const;

/** `run` may name several, one a line; `embed` needs no value. */
export function readAttributes(element: Pick<Element, "getAttribute">): RunViewerOptions {
  const given = Object.entries(attributes).flatMap(([name, key]) => {
    const value = element.getAttribute(name)?.trim();
    return value === undefined || value === "" ? [] : [[key, toOption(key, value)] as const];
  });
  const embed = element.getAttribute("embed");
  return Object.fromEntries([...given, ...(embed === null || embed === "0" ? [] : [["embed", true] as const])]);
}

function toOption(key: string, value: string): string | number | readonly string[] {
  if (key === "iteration" && /^\d+$/.test(value)) return Number(value);
  return key === "run" ? value.split(/\s*\n\s*/) : value;
}

export function defineElement(mount: (element: HTMLElement, options: RunViewerOptions) => RunViewerHandle): void {
  if (typeof customElements === "undefined" || customElements.get("dacapo-run-viewer")) return;

  class Viewer extends HTMLElement implements RunViewerElement {
    static readonly observedAttributes = Object.keys(attributes);
    #given: RunViewerOptions = {};
    #handle: RunViewerHandle | undefined;

    get options(): RunViewerOptions {
      return this.#given;
    }

    set options(options: RunViewerOptions) {
      this.#given = options;
      this.#update();
    }

    request(message: Parameters<RunViewerHandle["request"]>[0]): Promise<RunViewerMessage> {
      if (this.#handle) return this.#handle.request(message);
      return Promise.reject(new Error("The viewer is in no document yet, so it can be asked nothing."));
    }

    connectedCallback(): void {
      if (this.#handle !== undefined) return; // it was moved
      const inside = document.createElement("div");
      inside.style.height = "100%";
      this.replaceChildren(inside);
      this.#handle = mount(inside, this.#all());
      this.#handle.subscribe((message) => this.dispatchEvent(new CustomEvent(message.type, { detail: message })));
    }

    disconnectedCallback(): void {
      queueMicrotask(() => this.isConnected || this.#close());
    }

    attributeChangedCallback(): void {
      this.#update();
    }

    #all(): RunViewerOptions {
      return { ...this.#given, ...readAttributes(this) };
    }

    #update(): void {
      this.#handle?.update(this.#all());
    }

    #close(): void {
      this.#handle?.dispose();
      this.#handle = undefined;
      this.replaceChildren();
    }
  }

  customElements.define("dacapo-run-viewer", Viewer);
}

declare global {
  interface HTMLElementTagNameMap {
    "dacapo-run-viewer": RunViewerElement;
  }
}
