import { FormatError } from "./formats/format-error.ts";
import type { StatsFormat, StatsKind } from "./run-layout.ts";
import type { StatsFailure, StatsRequest, StatsResponse } from "./stats-messages.ts";
import type { StatsByKind, StatsProgress, StatsReader } from "./stats-store.ts";

export type StatsReadOptions = {
  readonly signal?: AbortSignal;
  /** Bytes read so far and in all. */
  readonly onProgress?: StatsProgress;
  /** The bytes may be taken from the caller, who then finds them empty; otherwise they are copied. */
  readonly takeBytes?: boolean;
};

/** Throws FormatError (torn, refused, malformed, limit), StatsReaderError, or the signal's reason. */
export type WorkerStatsReader = StatsReader & {
  read<Kind extends StatsKind>(
    kind: Kind,
    format: StatsFormat,
    bytes: Uint8Array,
    options?: StatsReadOptions,
  ): Promise<StatsByKind[Kind]>;
  /** Ends what is under way; later reads are refused. */
  dispose(): void;
};

/** The thread that reads statistics could not be started, or ended by itself. */
export class StatsReaderError extends Error {
  readonly tag: "crashed" | "disposed";

  constructor(tag: "crashed" | "disposed", message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StatsReaderError";
    this.tag = tag;
  }
}

/** The part of a Worker that is used, so that tests can give their own. */
export type StatsWorker = {
  postMessage(request: StatsRequest, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<StatsResponse>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
};

function startStatsWorker(): StatsWorker {
  return new Worker(new URL("./stats.worker.ts", import.meta.url), { type: "module" }) as StatsWorker;
}

/**
 * Reads statistics on a thread of its own, one file at a time, in the order asked for. A read that is aborted while it runs ends the
 * thread, for the parse itself cannot be interrupted; the next read starts a new one.
 */
export function createStatsReader(startWorker: () => StatsWorker = startStatsWorker): WorkerStatsReader {
  const queue = new StatsQueue(startWorker);
  return {
    read: <Kind extends StatsKind>(
      kind: Kind,
      format: StatsFormat,
      bytes: Uint8Array,
      options: StatsReadOptions = {},
    ) => queue.read(kind, format, bytes, options) as Promise<StatsByKind[Kind]>,
    dispose: () => queue.dispose(),
  };
}

type Job = {
  readonly request: StatsRequest;
  readonly onProgress: StatsReadOptions["onProgress"];
  readonly resolve: (stats: StatsByKind[StatsKind]) => void;
  readonly reject: (reason: unknown) => void;
};

class StatsQueue {
  readonly #startWorker: () => StatsWorker;
  readonly #waiting: Job[] = [];
  #running: Job | undefined;
  #worker: StatsWorker | undefined;
  #nextId = 0;
  #disposed = false;

  constructor(startWorker: () => StatsWorker) {
    this.#startWorker = startWorker;
  }

  async read(
    kind: StatsKind,
    format: StatsFormat,
    bytes: Uint8Array,
    options: StatsReadOptions,
  ): Promise<StatsByKind[StatsKind]> {
    const { signal, onProgress } = options;
    signal?.throwIfAborted();
    if (this.#disposed) throw disposedError();
    const request = { id: this.#nextId++, kind, format, bytes: options.takeBytes === true ? bytes : bytes.slice() };
    const settled = new AbortController();
    try {
      return await new Promise((resolve, reject) => {
        const job = { request, onProgress, resolve, reject };
        signal?.addEventListener("abort", () => this.#cancel(job, signal.reason), { signal: settled.signal });
        this.#waiting.push(job);
        this.#advance();
      });
    } finally {
      settled.abort();
    }
  }

  dispose(): void {
    this.#disposed = true;
    const jobs = [this.#stop(), ...this.#waiting.splice(0)];
    for (const job of jobs) job?.reject(disposedError());
  }

  #advance(): void {
    const job = this.#running === undefined ? this.#waiting.shift() : undefined;
    if (job === undefined) return;
    this.#running = job;
    try {
      this.#worker ??= this.#listen(this.#startWorker());
      this.#worker.postMessage(job.request, toTransfer(job.request.bytes));
    } catch (cause) {
      this.#crash(cause);
    }
  }

  #listen(worker: StatsWorker): StatsWorker {
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => this.#crash(event);
    return worker;
  }

  #receive(response: StatsResponse): void {
    const job = this.#running;
    if (job?.request.id !== response.id) return;
    if (response.type === "progress") {
      job.onProgress?.(response.done, response.total);
      return;
    }
    this.#running = undefined;
    if (response.type === "result") job.resolve(response.stats);
    else job.reject(toError(response.error));
    this.#advance();
  }

  #cancel(job: Job, reason: unknown): void {
    const place = this.#waiting.indexOf(job);
    if (place >= 0) this.#waiting.splice(place, 1);
    else if (this.#running === job) this.#stop();
    job.reject(reason);
    this.#advance();
  }

  #crash(cause: unknown): void {
    const message =
      "The statistics could not be read, because the thread that reads them ended; reload the page and try again.";
    this.#stop()?.reject(new StatsReaderError("crashed", message, cause));
    this.#advance();
  }

  /** Ends the thread and gives up what it was doing. */
  #stop(): Job | undefined {
    const job = this.#running;
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#running = undefined;
    return job;
  }
}

function disposedError(): StatsReaderError {
  return new StatsReaderError("disposed", "Reading the statistics was ended with the view that asked for them.");
}

function toTransfer(bytes: Uint8Array): Transferable[] {
  return bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}

function toError(failure: StatsFailure): Error {
  if (failure.tag === "crashed")
    return new StatsReaderError("crashed", `The statistics could not be read: ${failure.message}.`);
  return new FormatError(failure);
}
