// An iframe's messages: what the host at one origin asks is answered, and nobody else is listened to (contract, section 4).
import type { App } from "#state/app.ts";
import { protocolApp } from "#state/contract-message.ts";
import { isLargerThan } from "#state/message-size.ts";
import type { ProtocolReply } from "#state/protocol.ts";
import { answer } from "./embed.tsx";
import { streamMessages } from "./message-stream.ts";

const maxMessageBytes = 1 << 20;

/** Answers the messages of `host` at `origin`, and no other's; returns what ends it. */
export function connectHost(app: App, host: Window, origin: string): () => void {
  const gone = new AbortController();
  const { signal } = gone;
  const send = ({ message, transfer }: ProtocolReply) => {
    if (!signal.aborted) host.postMessage(message, origin, [...transfer]);
  };
  const asker = { signal, onProgress: (message: ProtocolReply["message"]) => send({ message, transfer: [] }) };

  async function receive(event: MessageEvent): Promise<void> {
    if (event.source !== host || event.origin !== origin) return warnForeign(event, origin);
    if (isLargerThan(event.data, maxMessageBytes))
      return warn(`A message of over ${maxMessageBytes} bytes from ${origin} was ignored.`);
    const reply = await answer(app, event.data, asker);
    if (reply === undefined) return signal.aborted ? undefined : warnUnread(event.data, origin);
    if (reply.message.code === "bad-message") warn(`A message from ${origin} was ignored. ${reply.message.message}`);
    send(reply);
  }

  window.addEventListener("message", (event) => void receive(event), { signal });
  window.addEventListener("pagehide", ({ persisted }) => persisted || gone.abort(), { signal });
  const stop = streamMessages(app, (message) => send({ message, transfer: [] }));
  signal.addEventListener("abort", stop);
  return () => gone.abort();
}

function warn(sentence: string): void {
  console.warn(sentence);
}

/** Other windows have messages of their own to one another: only what is meant for a viewer is worth a word. */
function warnForeign({ origin, data }: MessageEvent, expected: string): void {
  if (isOurs(data)) warn(`A message from ${origin} was ignored: only the host at ${expected} is answered.`);
}

function warnUnread(data: unknown, origin: string): void {
  if (isOurs(data)) return; // an answer of our own kind, which is never a request
  warn(`A message from ${origin} was ignored: it is no object of the form {app: "${protocolApp}", v: 1, type, id}.`);
}

function isOurs(data: unknown): boolean {
  return typeof data === "object" && data !== null && "app" in data && data.app === protocolApp;
}
