import type { ErrorBlock, ErrorPart, ErrorQuestion, ErrorReport, OnProgress } from "./error-analysis.ts";
import type { AnalysisProgress, AnalysisRequest, AnalysisResponse } from "./error-analysis.worker.ts";
import { EvaluationError } from "./errors.ts";
import type { ScoringWorker } from "./order-resolver.ts";
import type { LabelPair } from "./score-pair.ts";

/** As `ErrorAnalysis`, off the page's thread; volumes are taken over. All reject once it is disposed. */
export type ErrorAnalyser = {
  add(block: ErrorBlock): Promise<void>;
  finish(onProgress?: OnProgress): Promise<ErrorReport>;
  paint(part: ErrorPart, pair?: LabelPair): Promise<Float32Array<ArrayBuffer>>;
  dispose(): void;
};

const startWorker = (): ScoringWorker =>
  new Worker(new URL("./error-analysis.worker.ts", import.meta.url), { type: "module", name: "errors" });

type Waiting = {
  resolve(response: AnalysisResponse): void;
  reject(error: unknown): void;
  readonly onProgress: OnProgress | undefined;
};

export function createErrorAnalyser(question: ErrorQuestion, start = startWorker): ErrorAnalyser {
  const worker = start();
  const waiting: Waiting[] = [];
  const failAll = (error: unknown) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.addEventListener("message", (event) => {
    const { data } = event as MessageEvent<AnalysisResponse | AnalysisProgress>;
    if (data.type === "progress") waiting[0]?.onProgress?.(data.done, data.total);
    else waiting.shift()?.resolve(data);
  });
  worker.addEventListener("error", (event) => failAll(workerFailed((event as ErrorEvent).message)));

  async function ask<Type extends AnalysisResponse["type"]>(
    type: Type,
    request: AnalysisRequest,
    { pair, onProgress }: { readonly pair?: LabelPair | undefined; readonly onProgress?: OnProgress | undefined } = {},
  ) {
    const answer = new Promise<AnalysisResponse>((resolve, reject) => waiting.push({ resolve, reject, onProgress }));
    worker.postMessage(request, pair === undefined ? [] : buffersOf(pair));
    const response = await answer;
    if (response.type === "error") throw new EvaluationError(response.tag, response.subject, response.message);
    if (response.type !== type) throw workerFailed(`it answered "${response.type}"`);
    return response as Extract<AnalysisResponse, { type: Type }>;
  }

  const begun = ask("done", { type: "begin", question });
  begun.catch(() => undefined); // the first block is told
  return {
    async add(block) {
      await ask("done", { type: "add", block }, { pair: block });
    },
    finish: async (onProgress) => (await ask("report", { type: "finish" }, { onProgress })).report,
    paint: async (part, pair) => (await ask("painted", { type: "paint", part, pair }, { pair })).values,
    dispose() {
      worker.terminate();
      failAll(new DOMException("The analysis of errors was ended.", "AbortError"));
    },
  };
}

const buffersOf = ({ output, gt }: LabelPair): Transferable[] =>
  [...new Set([output.data.buffer, gt.data.buffer])] as Transferable[];

function workerFailed(detail: string): EvaluationError {
  const message = `The worker that compares the output with the ground truth stopped (${detail}): try again, or reload the page.`;
  return new EvaluationError("worker", "errors", message);
}
