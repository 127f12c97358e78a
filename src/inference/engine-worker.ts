import type { Engine, EngineFacts, EngineModel, EngineOutput, GraphVariant } from "./engine.ts";
import { toVariantKey } from "./engine.ts";
import type { EngineOptions, EngineRequest, EngineResponse, EngineValue } from "./engine-messages.ts";
import { InferenceError } from "./inference-error.ts";
import { type ModelPiece, takeApart } from "./model-parts.ts";
import { createDeferred } from "./session-deferred.ts";

/** The part of a Worker that is used, so that tests can give their own. */
export type EngineWorker = {
  postMessage(request: EngineRequest, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<EngineResponse>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
};

/** How long an answer may take before the thread counts as hung, in milliseconds. */
export type EnginePatience = {
  /** Opening, loading and the first run of a graph, which compiles its shaders. */
  readonly first: number;
  /** Later runs: this at least, */
  readonly least: number;
  /** and this many times the slowest run of the same graph. */
  readonly times: number;
};

const PATIENCE: EnginePatience = { first: 300_000, least: 60_000, times: 20 };

export type WorkerEngineRequest = EngineOptions & {
  readonly startWorker?: () => EngineWorker;
  readonly patience?: EnginePatience;
  readonly signal?: AbortSignal;
};

function startInferenceWorker(): EngineWorker {
  return new Worker(new URL("./inference.worker.ts", import.meta.url), { type: "module" }) as EngineWorker;
}

/** An engine on a thread of its own. Throws InferenceError "unavailable" where the device is not offered, and as engines do. */
export async function openWorkerEngine(request: WorkerEngineRequest): Promise<Engine> {
  const { startWorker = startInferenceWorker, patience = PATIENCE, signal, ...options } = request;
  signal?.throwIfAborted();
  const link = new EngineLink(startWorker());
  try {
    const facts = await link.ask<EngineFacts>({ type: "open", options }, patience.first, { signal });
    return new WorkerEngine(link, facts, patience);
  } catch (error) {
    link.end(new InferenceError("disposed", "The engine was not opened."));
    throw error;
  }
}

type Body = EngineRequest extends infer R ? (R extends unknown ? Omit<R, "id"> : never) : never;

type Pending = {
  readonly id: number;
  readonly resolve: (value: EngineValue) => void;
  readonly reject: (error: unknown) => void;
};

type Message = { readonly body: Body; readonly transfer: Transferable[] };

type AskOptions = { readonly signal?: AbortSignal | undefined; readonly transfer?: Transferable[] };

/** One question at a time to one thread; the end of the thread answers whatever is open. */
class EngineLink {
  readonly #worker: EngineWorker;
  readonly #listeners = new Set<(error: InferenceError) => void>();
  #tail: Promise<unknown> = Promise.resolve();
  #pending: Pending | undefined;
  #ended: InferenceError | undefined;
  #nextId = 0;

  constructor(worker: EngineWorker) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      const text = event.message ? `: ${event.message}` : "";
      this.#fail(new InferenceError("crashed", `The thread that computes ended unexpectedly${text}.`));
    };
  }

  /** Resolves with the worker's answer. An aborted question lets its asker go, and holds the next until the worker is free. */
  ask<T extends EngineValue>(body: Body, patience: number, { transfer = [], ...options }: AskOptions = {}): Promise<T> {
    return this.askLater(() => ({ body, transfer }), patience, options);
  }

  /** The message is made when its turn comes. */
  askLater<T extends EngineValue>(
    make: () => Message,
    patience: number,
    { signal }: Pick<AskOptions, "signal">,
  ): Promise<T> {
    const answer = this.#tail.then(() => {
      signal?.throwIfAborted();
      const { body, transfer } = make();
      return this.#send(body, patience, transfer);
    });
    this.#tail = answer.catch(() => undefined);
    return untilAborted(answer, signal) as Promise<T>;
  }

  #send(body: Body, patience: number, transfer: Transferable[]): Promise<EngineValue> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    const seconds = Math.round(patience / 1000);
    const hung = new InferenceError("hang", `Nothing was heard of a block for ${seconds} seconds.`);
    const timer = setTimeout(() => this.#fail(hung), patience);
    const { promise, resolve, reject } = createDeferred<EngineValue>();
    this.#pending = { id, resolve, reject };
    this.#worker.postMessage({ ...body, id }, transfer);
    return promise.finally(() => clearTimeout(timer));
  }

  onLost(listener: (error: InferenceError) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  end(reason: InferenceError): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.#worker.terminate();
    this.#pending?.reject(reason);
    this.#pending = undefined;
  }

  #fail(error: InferenceError): void {
    if (this.#ended) return;
    const idle = this.#pending === undefined;
    this.end(error);
    if (idle) for (const listener of this.#listeners) listener(error);
  }

  #receive(response: EngineResponse): void {
    if (response.type === "lost") {
      this.#fail(new InferenceError(response.failure.tag, response.failure.message));
      return;
    }
    const pending = this.#pending;
    if (pending?.id !== response.id) return;
    this.#pending = undefined;
    if (response.type === "done") pending.resolve(response.value);
    else pending.reject(new InferenceError(response.failure.tag, response.failure.message));
  }
}

async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  const { promise, reject } = createDeferred<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function toPieceBody(piece: ModelPiece): Message {
  return { body: { type: "piece", piece }, transfer: [piece.bytes] };
}

class WorkerEngine implements Engine {
  readonly facts: EngineFacts;
  readonly #link: EngineLink;
  readonly #patience: EnginePatience;
  readonly #slowest = new Map<string, number>();

  constructor(link: EngineLink, facts: EngineFacts, patience: EnginePatience) {
    this.#link = link;
    this.facts = facts;
    this.#patience = patience;
  }

  async load(model: EngineModel, signal?: AbortSignal): Promise<void> {
    this.#slowest.clear();
    const { first } = this.#patience;
    const inParts = takeApart(model);
    const pieces = inParts.pieces.map((make) =>
      this.#link.askLater<undefined>(() => toPieceBody(make()), first, { signal }),
    );
    const loaded = this.#link.ask<undefined>({ type: "load", model: inParts.model }, first, { signal });
    await Promise.all([...pieces, loaded]);
  }

  prepare(variant: GraphVariant, signal?: AbortSignal): Promise<number> {
    return this.#link.ask<number>({ type: "prepare", variant }, this.#patience.first, { signal });
  }

  async run(variant: GraphVariant, input: Float32Array<ArrayBuffer>, signal?: AbortSignal): Promise<EngineOutput> {
    const key = toVariantKey(variant);
    const { first, least, times } = this.#patience;
    const slowest = this.#slowest.get(key);
    const patience = slowest === undefined ? first : Math.max(least, times * slowest);
    const options = { signal, transfer: [input.buffer] };
    const output = await this.#link.ask<EngineOutput>({ type: "run", variant, input }, patience, options);
    this.#slowest.set(key, Math.max(slowest ?? 0, output.milliseconds));
    return output;
  }

  onLost(listener: (error: InferenceError) => void): () => void {
    return this.#link.onLost(listener);
  }

  dispose(): void {
    this.#link.end(new InferenceError("disposed", "Computing was ended with the view that asked for it."));
  }
}
