// Answers the requests of the public contract, section 4, for whoever sent them: an iframe's host, or a page that mounts us.
import { isAbort } from "#storage/errors.ts";
import type { View } from "#volumes/volume-viewer.ts";
import type { App } from "./app.ts";
import type { AppState, Selection } from "./app-state.ts";
import { type ProtocolMessage, toMessage } from "./contract-message.ts";
import { toContractState } from "./contract-state.ts";
import { type ProtocolRequest, parseRequest, type RequestId } from "./protocol-message.ts";

/** `transfer` lists buffers that the receiver may take over. */
export type ProtocolReply = { readonly message: ProtocolMessage; readonly transfer: readonly ArrayBuffer[] };

/** `undefined` for what is not addressed to a viewer; every failure is an `error` message, never a throw. */
export async function answer(app: App, value: unknown): Promise<ProtocolReply | undefined> {
  const parsed = parseRequest(value);
  if (parsed.status === "foreign") return undefined;
  if (parsed.status === "refused") return errorReply(parsed.code, parsed.message, "message", parsed.id);
  const { request } = parsed;
  try {
    return await serve(app, request);
  } catch (error) {
    const code = error instanceof RangeError ? "bad-range" : isAbort(error) ? "aborted" : "failed";
    const message = error instanceof Error ? error.message : String(error);
    return errorReply(code, message, request.type, request.id);
  }
}

function errorReply(code: string, message: string, subject: string, id: RequestId): ProtocolReply {
  return { message: toMessage("error", { code, message, subject }, id), transfer: [] };
}

async function serve(app: App, request: ProtocolRequest): Promise<ProtocolReply> {
  switch (request.type) {
    case "getState":
      return stateReply(app, request.id);
    case "open":
      await app.commands.openRuns(request.runs);
      return stateReply(app, request.id);
    case "select":
      app.commands.select(toSelection(app.store.getState(), request));
      return stateReply(app, request.id);
    case "setView":
      app.commands.setView(toView(request.view));
      return stateReply(app, request.id);
    case "read":
      return readReply(app, request);
    case "screenshot":
      return { message: toMessage("image", { image: await app.commands.screenshot() }, request.id), transfer: [] };
  }
}

function stateReply(app: App, id: RequestId): ProtocolReply {
  return { message: toMessage("state", { state: toContractState(app.store.getState()) }, id), transfer: [] };
}

type SelectRequest = Extract<ProtocolRequest, { type: "select" }>;

/** A run may be named by its URL or by its name. */
function toSelection(state: AppState, { run, dataset, iteration, criterion, parameters }: SelectRequest): Selection {
  const known = state.runOrder.find((id) => id === run || state.runs[id]?.name === run || state.runs[id]?.url === run);
  if (run !== undefined && known === undefined) throw new Error(`No open run is called "${run}"; send "open" first.`);
  const part = { run: known, dataset, iteration, criterion, parameters };
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
}

function toView(view: Extract<ProtocolRequest, { type: "setView" }>["view"]): Partial<View> {
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));
}

async function readReply(app: App, request: Extract<ProtocolRequest, { type: "read" }>): Promise<ProtocolReply> {
  const viewer = app.viewer();
  if (viewer === undefined) throw new Error("The volumes are not loaded yet; wait until state.settled is true.");
  const { dtype, shape, data } = await viewer.read(request.layer, request.begin, request.end);
  const buffer = exactBuffer(data);
  const fields = { layer: request.layer, dtype, shape: [...shape], data: buffer };
  return { message: toMessage("block", fields, request.id), transfer: [buffer] };
}

function exactBuffer({ buffer, byteOffset, byteLength }: ArrayBufferView): ArrayBuffer {
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength;
  return (isWhole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)) as ArrayBuffer;
}
