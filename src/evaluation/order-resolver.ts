import {
  type DatasetOrder,
  type OrderEffects,
  type OrderOptions,
  type OrderQuestion,
  resolveDatasetOrder,
} from "./dataset-order.ts";
import type { ScoreRequest, ScoreResponse } from "./dataset-order.worker.ts";
import { EvaluationError } from "./errors.ts";
import type { ScoreOptions } from "./mask-scores.ts";
import type { CriterionValues } from "./score-pair.ts";

export type OrderResolver = {
  /** As `resolveDatasetOrder`, scoring off the page's thread. Aborting stops a score that is being computed. */
  readonly resolve: (
    question: OrderQuestion,
    readPair: OrderEffects["readPair"],
    options?: OrderOptions,
  ) => Promise<DatasetOrder>;
  /** Aborts every search that is under way. */
  readonly dispose: () => void;
};

/** What is used of a Worker. */
export type ScoringWorker = Pick<Worker, "postMessage" | "addEventListener" | "terminate">;

const startWorker = (): ScoringWorker =>
  new Worker(new URL("./dataset-order.worker.ts", import.meta.url), { type: "module", name: "dataset order" });

/** Each search has a worker of its own, started at its first score and ended with the search. */
export function createOrderResolver(start: () => ScoringWorker = startWorker): OrderResolver {
  const closed = new AbortController();
  return {
    async resolve(question, readPair, options = {}) {
      const signal = options.signal ? AbortSignal.any([options.signal, closed.signal]) : closed.signal;
      const scorer = createScorer(start);
      try {
        return await resolveDatasetOrder(question, { readPair, score: scorer.score }, { ...options, signal });
      } finally {
        scorer.dispose();
      }
    },
    dispose: () => closed.abort(),
  };
}

/** Scores one pair at a time, whose buffers it takes over, off the page's thread. Rejects when `signal` aborts. */
export type Scorer = { readonly score: OrderEffects["score"]; readonly dispose: () => void };

/** `whole`: as for `scorePair`. The worker starts at the first score. */
export function createScorer(start: () => ScoringWorker = startWorker, whole?: ScoreOptions): Scorer {
  let worker: ScoringWorker | undefined;
  const score: OrderEffects["score"] = (kind, pair, criteria, signal) => {
    worker ??= start();
    const values = hear(worker, signal);
    const request: ScoreRequest = { kind, pair, criteria, whole };
    worker.postMessage(request, [...new Set([pair.output.data.buffer, pair.gt.data.buffer])] as Transferable[]);
    return values;
  };
  return { score, dispose: () => worker?.terminate() };
}

/** The worker's next answer; one is asked for at a time. */
async function hear(worker: ScoringWorker, signal: AbortSignal | undefined): Promise<CriterionValues> {
  const heard = new AbortController();
  const once = { once: true, signal: heard.signal };
  try {
    return await new Promise<CriterionValues>((resolve, reject) => {
      worker.addEventListener(
        "message",
        (event) => settle(event as MessageEvent<ScoreResponse>, resolve, reject),
        once,
      );
      worker.addEventListener("error", (event) => reject(workerFailed((event as ErrorEvent).message)), once);
      signal?.addEventListener("abort", () => reject(signal.reason), once);
    });
  } finally {
    heard.abort();
  }
}

function settle(
  { data }: MessageEvent<ScoreResponse>,
  resolve: (values: CriterionValues) => void,
  reject: (reason: EvaluationError) => void,
): void {
  if ("values" in data) resolve(data.values);
  else reject(new EvaluationError(data.error.tag, data.error.subject, data.error.message));
}

function workerFailed(detail: string): EvaluationError {
  const message = `The worker that scores stored outputs stopped (${detail}): reload the page to try again.`;
  return new EvaluationError("worker", "scoring", message);
}
