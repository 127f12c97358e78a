import type { ErrorBlock, ErrorQuestion, ErrorReport } from "./error-analysis.ts";
import type { AnalysisRequest, AnalysisResponse } from "./error-analysis.worker.ts";
import { EvaluationError } from "./errors.ts";
import type { ScoringWorker } from "./order-resolver.ts";

/** As `ErrorAnalysis`, off the page's thread; blocks are taken over. All reject once it is disposed. */
export type ErrorAnalyser = {
  add(block: ErrorBlock): Promise<void>;
  finish(): Promise<ErrorReport>;
  paint(block: ErrorBlock): Promise<Float32Array<ArrayBuffer>>;
  dispose(): void;
};

const startWorker = (): ScoringWorker =>
  new Worker(new URL("./error-analysis.worker.ts", import.meta.url), { type: "module", name: "errors" });

type Waiting = { resolve(response: AnalysisResponse): void; reject(error: unknown): void };

export function createErrorAnalyser(question: ErrorQuestion, start = startWorker): ErrorAnalyser {
  const worker = start();
  const waiting: Waiting[] = [];
  const failAll = (error: unknown) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.addEventListener("message", (event) =>
    waiting.shift()?.resolve((event as MessageEvent<AnalysisResponse>).data),
  );
  worker.addEventListener("error", (event) => failAll(workerFailed((event as ErrorEvent).message)));

  async function ask<Type extends AnalysisResponse["type"]>(type: Type, request: AnalysisRequest) {
    const answer = new Promise<AnalysisResponse>((resolve, reject) => waiting.push({ resolve, reject }));
    worker.postMessage(request, "block" in request ? buffersOf(request.block) : []);
    const response = await answer;
    if (response.type === "error") throw new EvaluationError(response.tag, response.subject, response.message);
    if (response.type !== type) throw workerFailed(`it answered "${response.type}"`);
    return response as Extract<AnalysisResponse, { type: Type }>;
  }

  const begun = ask("done", { type: "begin", question });
  begun.catch(() => undefined); // the first block is told
  return {
    async add(block) {
      await ask("done", { type: "add", block });
    },
    finish: async () => (await ask("report", { type: "finish" })).report,
    paint: async (block) => (await ask("painted", { type: "paint", block })).values,
    dispose() {
      worker.terminate();
      failAll(new DOMException("The analysis of errors was ended.", "AbortError"));
    },
  };
}

const buffersOf = ({ output, gt }: ErrorBlock): Transferable[] =>
  [...new Set([output.data.buffer, gt.data.buffer])] as Transferable[];

function workerFailed(detail: string): EvaluationError {
  const message = `The worker that compares the output with the ground truth stopped (${detail}): try again, or reload the page.`;
  return new EvaluationError("worker", "errors", message);
}
