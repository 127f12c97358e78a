import { isSameStamp } from "./byte-range.ts";
import { StorageError } from "./errors.ts";
import { type ModelWeights, toModelWeights } from "./formats/torch-checkpoint.ts";
import {
  type ByteSpan,
  entryBytes,
  type FilePart,
  notZipError,
  pickleSpan,
  planStorages,
  sliceOf,
  storagesOf,
  type TorchLayout,
  toTorchLayout,
} from "./formats/torch-layout.ts";
import { parseTorchPickle, type TensorView } from "./formats/torch-pickle.ts";
import type { KeptModel, ModelCache } from "./model-cache.ts";
import type { ListOptions, ReadOptions, Stamp, Store } from "./store.ts";
import { createTurns } from "./turns.ts";
import { parseZipTail, type ZipTail } from "./zip-directory.ts";

/** What reading the model of a checkpoint will fetch; nothing of the weights themselves has been fetched yet. */
export type ModelPlan = {
  readonly status: "planned";
  /** "whole": the server ignores ranges, so that the optimizer comes along. */
  readonly way: "ranges" | "whole";
  /** Bytes still to be fetched, and of the file; undefined where the server does not tell the size of a whole file. */
  readonly bytes: number | undefined;
  readonly fileBytes: number | undefined;
  /** Bytes of weights in the file; undefined before a whole file has come. */
  readonly modelBytes: number | undefined;
  /** Fetched for the plan. */
  readonly planBytes: number;
  /** Of the version that was planned: a key for caches. */
  readonly stamp: Stamp;
  readonly source: ModelSource;
};

/** `cache`: what was fetched before is not fetched again while the file is the same. */
export type PlanOptions = ListOptions & { readonly cache?: ModelCache | undefined };

/** Opaque to callers. */
export type ModelSource = {
  readonly store: Store;
  readonly path: string;
  readonly cache: ModelCache | undefined;
  readonly known: readonly FilePart[];
  readonly model: PlannedModel | undefined;
};

export type ModelAbsence = { readonly status: "absent" } | { readonly status: "incomplete" };

export type RetrievedModel = ModelWeights & {
  readonly status: "found";
  readonly stamp: Stamp;
  /** Over the wire, plan included. */
  readonly fetchedBytes: number;
  readonly fileBytes: number;
};

type PlannedModel = {
  readonly layout: TorchLayout;
  readonly views: ReadonlyMap<string, TensorView>;
  readonly spans: readonly ByteSpan[];
};

// The pickle lies at the front and the directory at the end; both fit for all but very large networks.
const END_BYTES = 2 ** 14;

/**
 * Reads a checkpoint's two ends. Throws StorageError, and CheckpointError or PickleError for a file that is no
 * checkpoint that can be read.
 */
export async function planModel(
  store: Store,
  path: string,
  options: PlanOptions = {},
): Promise<ModelPlan | ModelAbsence> {
  const kept = await recallPlan(store, path, options);
  if (kept !== undefined) return kept;
  const head = await store.readRange(path, { offset: 0, length: END_BYTES }, options);
  if (head.status !== "found") return { status: "absent" };
  const { bytes, stamp, ignoredRange } = head;
  if (bytes.length === 0) return { status: "incomplete" };
  if (!isZip(bytes)) throw notZipError(bytes);
  if (ignoredRange || stamp.size === undefined)
    return planWhole({ store, path, cache: options.cache }, stamp, bytes.length);
  const file = new PartialFile(store, path, stamp, [{ offset: 0, bytes }]);
  const layout = await readLayout(file, stamp.size, options);
  return layout === undefined ? { status: "incomplete" } : planRanges(file, layout, options);
}

/** Of what was fetched before, where the file is still the same: for one small request. */
async function recallPlan(store: Store, path: string, options: PlanOptions): Promise<ModelPlan | undefined> {
  const kept = await options.cache?.get(store.urlOf(path)).catch(() => undefined); // a cache that fails is none
  if (kept === undefined) return undefined;
  const asked = store.readRange(path, { offset: 0, length: 1 }, { ...options, unless: kept.stamp });
  const again = await asked.catch(() => undefined); // whatever it is, fetching meets it too
  return again?.status === "unchanged" ? planKept(store, path, kept, options) : undefined;
}

async function planKept(
  store: Store,
  path: string,
  { stamp, fileBytes, parts }: KeptModel,
  options: PlanOptions,
): Promise<ModelPlan | undefined> {
  const file = new PartialFile(store, path, stamp, parts, 0);
  const layout = await readLayout(file, fileBytes, options);
  return layout && planRanges(file, layout, options);
}

const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b;

function planWhole(file: Pick<ModelSource, "store" | "path" | "cache">, stamp: Stamp, planBytes: number): ModelPlan {
  const source = { ...file, known: [], model: undefined };
  const { size } = stamp;
  return {
    status: "planned",
    way: "whole",
    bytes: size,
    fileBytes: size,
    modelBytes: undefined,
    planBytes,
    stamp,
    source,
  };
}

async function planRanges(file: PartialFile, layout: TorchLayout, options: PlanOptions): Promise<ModelPlan> {
  await file.load(pickleSpan(layout), options);
  const views = parseTorchPickle(entryBytes(file.parts, layout.pickle));
  const spans = planStorages(layout, views).filter((span) => sliceOf(file.parts, span) === undefined);
  const { store, path, stamp, parts, loadedBytes } = file;
  return {
    status: "planned",
    way: "ranges",
    bytes: spans.reduce((sum, { length }) => sum + length, 0),
    fileBytes: layout.fileSize,
    modelBytes: [...storagesOf(views)].reduce((sum, { count, dtype }) => sum + count * dtype.itemBytes, 0),
    planBytes: loadedBytes,
    stamp,
    source: { store, path, cache: options.cache, known: parts, model: { layout, views, spans } },
  };
}

/** Undefined: no directory at the end yet. */
async function readLayout(file: PartialFile, size: number, options: ListOptions): Promise<TorchLayout | undefined> {
  let tail = await readTail(file, size, END_BYTES, options);
  if (tail.status === "longer") tail = await readTail(file, size, tail.suffixLength, options);
  return tail.status === "complete" ? toTorchLayout(tail.entries, size) : undefined;
}

async function readTail(file: PartialFile, size: number, length: number, options: ListOptions): Promise<ZipTail> {
  const offset = Math.max(0, size - length);
  return parseZipTail(await file.load({ offset, length: size - offset }, options), size);
}

/** Parts of one version of a file. */
class PartialFile {
  readonly store: Store;
  readonly path: string;
  readonly stamp: Stamp;
  readonly parts: FilePart[];
  loadedBytes: number;

  constructor(
    store: Store,
    path: string,
    stamp: Stamp,
    parts: readonly FilePart[],
    loadedBytes = parts.reduce((sum, { bytes }) => sum + bytes.length, 0),
  ) {
    this.store = store;
    this.path = path;
    this.stamp = stamp;
    this.parts = [...parts];
    this.loadedBytes = loadedBytes;
  }

  /** The bytes of a span, fetched where they are not at hand. */
  async load(span: ByteSpan, options: ReadOptions): Promise<Uint8Array> {
    const known = sliceOf(this.parts, span);
    if (known) return known;
    const fetched = await this.store.readRange(this.path, span, { ...options, maxBytes: MAX_MODEL_BYTES });
    if (fetched.status !== "found" || fetched.bytes.length !== span.length || !this.#isSame(fetched.stamp))
      throw toChangedError(this.store.urlOf(this.path));
    this.parts.push({ offset: span.offset, bytes: fetched.bytes });
    this.loadedBytes += fetched.bytes.length;
    return fetched.bytes;
  }

  #isSame(stamp: Stamp): boolean {
    if (this.stamp.etag !== undefined && stamp.etag !== undefined) return isSameStamp(this.stamp, stamp);
    return this.stamp.size === stamp.size && this.stamp.lastModified === stamp.lastModified;
  }
}

/** What protobuf can hold, so that a larger network could not be run anyway. */
const MAX_MODEL_BYTES = 2 ** 31;

function toChangedError(subject: string): StorageError {
  const message = `${subject} changed while it was being read.`;
  return new StorageError({ tag: "short-read", subject, message, hint: "Open the checkpoint again." });
}

/** Fetches what was planned. `onProgress` counts bytes of this step; see `ModelPlan.bytes`. */
export function readModel(plan: ModelPlan, options: ReadOptions = {}): Promise<RetrievedModel | ModelAbsence> {
  const { model } = plan.source;
  return model ? readSpans(plan, model, options) : readWhole(plan, options);
}

async function readSpans(plan: ModelPlan, model: PlannedModel, options: ReadOptions): Promise<RetrievedModel> {
  const { store, path, known } = plan.source;
  const file = new PartialFile(store, path, plan.stamp, known);
  const total = plan.bytes;
  let done = 0;
  for (const span of model.spans) {
    const onProgress = (loaded: number) => options.onProgress?.(done + loaded, total);
    await file.load(span, { ...options, onProgress });
    done += span.length;
  }
  const weights = await inSteps(toModelWeights(model.layout, file.parts, model.views), options.signal);
  if (plan.planBytes + done > 0) keep(plan, file.parts, model.layout.fileSize);
  const fetchedBytes = plan.planBytes + done;
  return { status: "found", ...weights, stamp: plan.stamp, fetchedBytes, fileBytes: model.layout.fileSize };
}

async function readWhole(plan: ModelPlan, options: ReadOptions): Promise<RetrievedModel | ModelAbsence> {
  const { store, path } = plan.source;
  const fetched = await store.read(path, { maxBytes: MAX_MODEL_BYTES, ...options });
  if (fetched.status !== "found") return { status: "absent" };
  const { bytes, stamp } = fetched;
  const tail = parseZipTail(bytes, bytes.length);
  if (tail.status !== "complete") return { status: "incomplete" };
  const layout = toTorchLayout(tail.entries, bytes.length);
  const parts = [{ offset: 0, bytes }];
  const views = parseTorchPickle(entryBytes(parts, layout.pickle));
  planStorages(layout, views);
  keep({ ...plan, stamp }, parts, bytes.length);
  const weights = await inSteps(toModelWeights(layout, parts, views), options.signal);
  return { status: "found", ...weights, stamp, fetchedBytes: plan.planBytes + bytes.length, fileBytes: bytes.length };
}

async function inSteps<T>(steps: Generator<undefined, T>, signal: AbortSignal | undefined): Promise<T> {
  const turns = createTurns();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (!turns.isOver()) continue;
    await turns.next();
    signal?.throwIfAborted();
  }
}

/** For the next time; nobody waits for it. What a server does not date cannot be recognised. */
function keep({ source, stamp }: ModelPlan, parts: readonly FilePart[], fileBytes: number): void {
  const { store, path, cache } = source;
  if (cache === undefined || !isSameStamp(stamp, stamp)) return;
  cache.put(store.urlOf(path), { stamp, fileBytes, parts }).catch(() => undefined); // fetched again then
}
