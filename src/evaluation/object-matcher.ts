import type { AgreementRequest, AgreementResponse } from "./agreement.worker.ts";
import { EvaluationError } from "./errors.ts";
import type { LabelData } from "./label-data.ts";
import type { ScoringWorker } from "./order-resolver.ts";

/** As `ObjectMatching`, off the page's thread. All reject once it is disposed. */
export type ObjectMatcher = {
  add(first: LabelData, second: LabelData): Promise<void>;
  toAgreement(first: LabelData, second: LabelData): Promise<Float32Array<ArrayBuffer>>;
  dispose(): void;
};

const startWorker = (): ScoringWorker =>
  new Worker(new URL("./agreement.worker.ts", import.meta.url), { type: "module", name: "agreement" });

type Waiting = { resolve(response: AgreementResponse): void; reject(error: unknown): void };

export function createObjectMatcher(start = startWorker): ObjectMatcher {
  const worker = start();
  const waiting: Waiting[] = [];
  const failAll = (error: unknown) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.addEventListener("message", (event) =>
    waiting.shift()?.resolve((event as MessageEvent<AgreementResponse>).data),
  );
  worker.addEventListener("error", (event) => failAll(workerFailed((event as ErrorEvent).message)));

  async function ask(request: AgreementRequest): Promise<AgreementResponse> {
    const answer = new Promise<AgreementResponse>((resolve, reject) => waiting.push({ resolve, reject }));
    worker.postMessage(request, []); // copied: what was read may be a view of what others read
    const response = await answer;
    if (response.type === "error") throw workerFailed(response.message);
    return response;
  }

  return {
    async add(first, second) {
      await ask({ type: "add", first, second });
    },
    async toAgreement(first, second) {
      const response = await ask({ type: "judge", first, second });
      if (response.type === "judged") return response.values;
      throw workerFailed(`it answered "${response.type}"`);
    },
    dispose() {
      worker.terminate();
      failAll(new DOMException("The matching of objects was ended.", "AbortError"));
    },
  };
}

function workerFailed(detail: string): EvaluationError {
  const message = `The worker that matches the objects of both segmentations stopped (${detail}): try again, or reload the page.`;
  return new EvaluationError("worker", "agreement", message);
}
