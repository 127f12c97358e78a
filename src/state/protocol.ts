// Answers the requests of the public contract, section 4, for whoever sent them: an iframe's host, or a page that mounts us.
import { isAbort, isStorageError } from "#storage/errors.ts";
import type { View } from "#volumes/volume-viewer.ts";
import { VolumeViewerError } from "#volumes/volume-viewer-error.ts";
import type { App } from "./app.ts";
import type { AppState, InferenceWish, RunState, Selection } from "./app-state.ts";
import { type ProtocolMessage, type RequestId, toMessage } from "./contract-message.ts";
import { toContractState } from "./contract-state.ts";
import { offered } from "./offered.ts";
import { hasTag } from "./problems.ts";
import { ProtocolError } from "./protocol-error.ts";
import { type ProtocolRequest, parseRequest } from "./protocol-message.ts";
import { criteriaOf, parametersOf, selectedRun, shownIterations } from "./selectors.ts";
import { untilLoaded, untilShown } from "./until-ready.ts";

/** `transfer` lists buffers that the receiver may take over. */
export type ProtocolReply = { readonly message: ProtocolMessage; readonly transfer: readonly ArrayBuffer[] };

/** Whoever asked. */
export type Asker = {
  /** Aborts when nobody waits for answers any more. */
  readonly signal: AbortSignal;
  /** Is told what comes before an answer. */
  readonly onProgress: (message: ProtocolMessage) => void;
};

/** `undefined` for what is not addressed to a viewer, and when the asker has gone; every failure is an `error` message, never a throw. */
export async function answer(app: App, value: unknown, asker: Asker): Promise<ProtocolReply | undefined> {
  const parsed = parseRequest(value);
  if (parsed.status === "foreign") return undefined;
  if (parsed.status === "refused") return errorReply(parsed.code, parsed.message, "message", parsed.id);
  const { request } = parsed;
  try {
    return await serve(app, request, asker);
  } catch (error) {
    if (asker.signal.aborted) return undefined;
    const { code, subject } = toErrorFields(error, request);
    return errorReply(code, error instanceof Error ? error.message : String(error), subject, request.id);
  }
}

function toErrorFields(error: unknown, request: ProtocolRequest): { readonly code: string; readonly subject: string } {
  if (error instanceof ProtocolError || isStorageError(error))
    return { code: "code" in error ? error.code : error.tag, subject: error.subject };
  const subject = subjectOf(request);
  if (error instanceof VolumeViewerError || hasTag(error)) return { code: error.tag, subject };
  return { code: error instanceof RangeError ? "bad-range" : isAbort(error) ? "aborted" : "failed", subject };
}

/** What a request is about: a layer, the address of a model. */
function subjectOf(request: ProtocolRequest): string {
  if (request.type === "read") return request.layer;
  return request.type === "infer" && "url" in request.model ? request.model.url : request.type;
}

function errorReply(code: string, message: string, subject: string, id: RequestId): ProtocolReply {
  return { message: toMessage("error", { code, message, subject }, id), transfer: [] };
}

async function serve(app: App, request: ProtocolRequest, asker: Asker): Promise<ProtocolReply> {
  switch (request.type) {
    case "getState":
      return stateReply(app, request.id);
    case "open":
      await openAll(app, request.runs);
      return stateReply(app, request.id);
    case "select":
      await untilLoaded(app);
      app.commands.select(toSelection(app.store.getState(), request));
      return stateReply(app, request.id);
    case "setView":
      await untilShown(app);
      app.commands.setView(toView(request, app.store.getState().view.unit));
      return stateReply(app, request.id);
    case "read":
      return readReply(app, request);
    case "infer":
      await app.commands.infer(toInferenceWish(request));
      return stateReply(app, request.id);
    case "validate":
      return scoresReply(app, request, asker);
    case "setTheme":
      app.commands.setTheme(request.theme);
      return stateReply(app, request.id);
    case "screenshot":
      return screenshotReply(app, request.id);
  }
}

/** @throws ProtocolError where no address names a run: then nothing was opened */
async function openAll(app: App, addresses: readonly string[]): Promise<void> {
  const known = new Set(app.store.getState().problems);
  await app.commands.openRuns(addresses);
  const { runOrder, problems } = app.store.getState();
  if (runOrder.length > 0 || addresses.length === 0) return;
  const found = problems.find((problem) => !known.has(problem));
  throw new ProtocolError(
    found?.code ?? "bad-address",
    found?.subject ?? addresses[0] ?? "runs",
    found?.message ?? "None of these addresses names a run.",
  );
}

function stateReply(app: App, id: RequestId): ProtocolReply {
  return { message: toMessage("state", { state: toContractState(app.store.getState()) }, id), transfer: [] };
}

type SelectRequest = Extract<ProtocolRequest, { type: "select" }>;

/** A run may be named by its URL or by its name. @throws ProtocolError for what the run does not have */
function toSelection(state: AppState, request: SelectRequest): Selection {
  const { dataset, iteration, criterion, parameters } = request;
  const run = findRun(state, request.run);
  if (typeof iteration === "number") offered(run, "iteration", iteration, shownIterations(run));
  if (dataset !== undefined) offered(run, "dataset", dataset, run.datasets);
  if (criterion !== undefined) offered(run, "criterion", criterion, criteriaOf(run));
  if (parameters !== undefined) offered(run, "parameters", parameters, parametersOf(run));
  const part = { run: run.id, dataset, iteration, criterion, parameters };
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
}

function findRun(state: AppState, wanted: string | undefined): RunState {
  const runs = state.runOrder.flatMap((id) => state.runs[id] ?? []);
  const run =
    wanted === undefined
      ? selectedRun(state)
      : runs.find(({ url, name, address }) => [url, name, address].includes(wanted));
  if (run !== undefined) return run;
  const subject = wanted ?? "run";
  throw new ProtocolError(
    wanted === undefined ? "no-run" : "unknown-run",
    subject,
    wanted === undefined
      ? 'No run is open; send "open" first.'
      : `No open run is called "${wanted}"; send "open" first.`,
  );
}

type SetViewRequest = Extract<ProtocolRequest, { type: "setView" }>;

function toInferenceWish(request: Extract<ProtocolRequest, { type: "infer" }>): InferenceWish {
  const { model, dataset, raw, normalisation, resample, device } = request;
  return {
    model,
    ...(dataset !== undefined && { dataset }),
    ...(raw !== undefined && { raw: { url: raw } }),
    ...(normalisation !== undefined && { normalisation }),
    ...(resample !== undefined && { resample }),
    ...(device !== undefined && { device }),
  };
}

/** @throws RangeError for another unit than the view's */
function toView({ view: { unit, ...view } }: SetViewRequest, known: string | undefined): Partial<View> {
  if (unit !== undefined && unit !== known) throw new RangeError(`The view is given in ${known}, not in "${unit}".`);
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));
}

async function readReply(app: App, request: Extract<ProtocolRequest, { type: "read" }>): Promise<ProtocolReply> {
  const viewer = await untilShown(app);
  const { dtype, shape, data } = await viewer.read(request.layer, request.begin, request.end);
  const buffer = exactBuffer(data);
  const fields = { layer: request.layer, dtype, shape: [...shape], data: buffer };
  return { message: toMessage("block", fields, request.id), transfer: [buffer] };
}

async function scoresReply(
  app: App,
  request: Extract<ProtocolRequest, { type: "validate" }>,
  { signal, onProgress }: Asker,
): Promise<ProtocolReply> {
  await untilLoaded(app);
  const { id, iteration, dataset, parameters, prediction, device } = request;
  const { scores, left } = await app.commands.validate(
    { iteration, dataset, parameters, prediction, ...(device && { device }) },
    { signal, onProgress: (progress) => onProgress(toMessage("progress", progress, id)) },
  );
  return { message: toMessage("scores", { scores, left }, id), transfer: [] };
}

/** Chunks that are on their way are waited for, but not for ever. */
const longestPoseMs = 10_000;

async function screenshotReply(app: App, id: RequestId): Promise<ProtocolReply> {
  const viewer = await untilShown(app);
  const signal = AbortSignal.timeout(longestPoseMs);
  await viewer.whenSettled(signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return { message: toMessage("image", { image: await app.commands.screenshot() }, id), transfer: [] };
}

function exactBuffer({ buffer, byteOffset, byteLength }: ArrayBufferView): ArrayBuffer {
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength;
  return (isWhole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)) as ArrayBuffer;
}
