import { createServer } from "node:http";
import { expect, type FrameLocator, type Page } from "@playwright/test";
import { faultsOf, type State } from "./state-schema.ts";

/** A message as a host page received it, and when, by the page's clock in ms. */
export type Received = { readonly at: number; readonly message: Message };
export type Message = { readonly type: string; readonly id?: string | number; readonly [field: string]: unknown };

/** A block that was read, with a hash of its bytes in their place. */
export type Block = {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  readonly sha256: string;
};

/** Another site, on a port of its own, that shows the viewer in an iframe. */
export type DashboardServer = { readonly origin: string; stop(): Promise<void> };

export type Dashboard = {
  readonly frame: FrameLocator;
  /** Sends a request and waits for what repeats its id. */
  ask(type: string, fields?: Record<string, unknown>): Promise<Message>;
  /** Sends anything, as it is. */
  post(data: unknown): Promise<void>;
  state(): Promise<State>;
  /** Waits for `settled`, and returns the state. */
  settled(timeoutMs?: number): Promise<State>;
  /** Waits until a condition on the newest state holds. */
  until(condition: (state: State) => boolean, what: string): Promise<State>;
  received(type?: string): Promise<readonly Received[]>;
  read(layer: string, begin: readonly number[], end: readonly number[]): Promise<Block>;
  /** All `state` messages until now, replies included, keep the contract's shape. */
  check(): Promise<void>;
};

type HostWindow = {
  received: { at: number; message: Message }[];
  ask(message: Record<string, unknown>): Promise<Message>;
  post(message: unknown): void;
};

const hostPage = `<!doctype html>
<meta charset="utf-8"><title>A dashboard</title>
<style>html, body, iframe { margin: 0; width: 100%; height: 100%; border: 0; overflow: hidden; }</style>
<iframe title="viewer"></iframe>
<script>
  const frame = document.querySelector("iframe");
  const waiting = new Map();
  const address = new URL(location.hash.slice(1));
  let asked = 0;
  window.received = [];
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== address.origin) return;
    const { data: bytes, image, ...rest } = data;
    window.received.push({ at: performance.now(), message: rest });
    if (data.type !== "progress") waiting.get(data.id)?.(data);
  });
  window.post = (message) => frame.contentWindow.postMessage(message, address.origin);
  window.ask = (message) => new Promise((resolve) => {
    const id = "request " + ++asked;
    waiting.set(id, resolve);
    window.post({ app: "dacapo-run-viewer", v: 1, ...message, id });
  });
  frame.src = address.href;
</script>`;

export async function startDashboard(): Promise<DashboardServer> {
  const server = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(hostPage));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const stop = () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections());
  return { origin: `http://127.0.0.1:${port}`, stop };
}

/** `query`: the rest of the view URL, such as `run=data/0/vnc_affs`; `viewer`: the page, with a slash at the end. */
export function toEmbedUrl(viewer: string, origin: string, query: string): string {
  return `${viewer}?embed=1&parentOrigin=${encodeURIComponent(origin)}${query === "" ? "" : `&${query}`}`;
}

/** Shows the viewer at `url`, and does not wait for it. */
export async function showDashboard(page: Page, origin: string, url: string): Promise<Dashboard> {
  await page.goto("about:blank"); // another fragment alone would load nothing
  await page.goto(`${origin}/#${url}`);
  return toDashboard(page);
}

/** Shows the viewer and waits for its `ready`. */
export async function openDashboard(page: Page, origin: string, viewer: string, query: string): Promise<Dashboard> {
  const dashboard = await showDashboard(page, origin, toEmbedUrl(viewer, origin, query));
  const options = { message: "ready", intervals: [100] };
  await expect.poll(() => dashboard.received("ready").then(({ length }) => length), options).toBe(1);
  return dashboard;
}

function toDashboard(page: Page): Dashboard {
  const ask: Dashboard["ask"] = (type, fields = {}) => page.evaluate(askAndShow, { ...fields, type });
  const state = async () => (await ask("getState")).state as State;
  async function until(condition: (state: State) => boolean, what: string, timeout?: number): Promise<State> {
    let last: State | undefined;
    const options = { message: what, intervals: [100], ...(timeout === undefined ? {} : { timeout }) };
    await expect
      .poll(async () => {
        last = await state();
        return condition(last) || JSON.stringify(last);
      }, options)
      .toBe(true);
    return last ?? state();
  }
  const received: Dashboard["received"] = (type) =>
    page.evaluate(
      (wanted) =>
        (window as unknown as HostWindow).received.filter(({ message }) => wanted === "" || message.type === wanted),
      type ?? "",
    );
  return {
    frame: page.frameLocator("iframe"),
    ask,
    post: (data) => page.evaluate((message) => (window as unknown as HostWindow).post(message), data),
    state,
    settled: (timeout) => until((now) => now.settled, "settled", timeout),
    until,
    received,
    read: (layer, begin, end) => page.evaluate(readAndHash, { type: "read", layer, begin, end }),
    async check() {
      const states = (await received("state")).map(({ message }) => message.state);
      expect(states.length, "state messages").toBeGreaterThan(0);
      for (const each of states) expect(faultsOf(each), JSON.stringify(each)).toEqual([]);
    },
  };
}

/** Bytes and pictures stay in the page; what they are is told in their place. */
async function askAndShow(message: Record<string, unknown>): Promise<Message> {
  const reply = await (window as unknown as HostWindow).ask(message);
  const entries = Object.entries(reply).map(([key, value]) => {
    if (value instanceof Blob) return [key, { type: value.type, size: value.size }];
    return value instanceof ArrayBuffer ? [key, { buffer: value.byteLength }] : [key, value];
  });
  return Object.fromEntries(entries) as Message;
}

async function readAndHash(message: Record<string, unknown>): Promise<Block> {
  const reply = await (window as unknown as HostWindow).ask(message);
  if (reply.type !== "block") throw new Error(`Instead of a block came: ${JSON.stringify(reply)}`);
  const { dtype, shape, data } = reply as unknown as { dtype: string; shape: number[]; data: ArrayBuffer };
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { dtype, shape, bytes: data.byteLength, sha256 };
}
