import type { PlacedArray } from "./align.ts";
import { EvaluationError } from "./errors.ts";
import type { ScoringWorker } from "./order-resolver.ts";
import type { Recipe } from "./post-processing.ts";
import type { PostProcessingRequest, PostProcessingResponse } from "./post-processing.worker.ts";

/** As `PostProcessing`, off the page's thread, one output at a time. Rejects once it is disposed, which also ends the work. */
export type PostProcessor = {
  toOutput(recipe: Recipe, onProgress?: (part: number) => void): Promise<PlacedArray>;
  dispose(): void;
};

const startWorker = (): ScoringWorker =>
  new Worker(new URL("./post-processing.worker.ts", import.meta.url), { type: "module", name: "post-processing" });

/** The prediction is taken over. */
export function createPostProcessor(prediction: PlacedArray, start = startWorker): PostProcessor {
  const worker = start();
  const ended = new AbortController();
  const send = (request: PostProcessingRequest, transfer: Transferable[] = []) => worker.postMessage(request, transfer);
  send({ prediction }, [prediction.data.buffer as ArrayBuffer]);
  return {
    async toOutput(recipe, onProgress = () => undefined) {
      ended.signal.throwIfAborted();
      const heard = new AbortController();
      try {
        const output = hear(worker, onProgress, heard.signal, ended.signal);
        send({ recipe });
        return await output;
      } finally {
        heard.abort();
      }
    },
    dispose() {
      worker.terminate();
      ended.abort(new DOMException("The post-processing was ended.", "AbortError"));
    },
  };
}

/** The worker's next output; listens until `signal` aborts. */
function hear(
  worker: ScoringWorker,
  onProgress: (part: number) => void,
  signal: AbortSignal,
  ended: AbortSignal,
): Promise<PlacedArray> {
  return new Promise((resolve, reject) => {
    const listen = { signal };
    const onMessage = ({ data }: MessageEvent<PostProcessingResponse>) => {
      if (data.type === "progress") onProgress(data.part);
      else if (data.type === "output") resolve(data.output);
      else reject(new EvaluationError(data.tag, data.subject, data.message));
    };
    worker.addEventListener("message", (event) => onMessage(event as MessageEvent<PostProcessingResponse>), listen);
    worker.addEventListener("error", (event) => reject(workerFailed((event as ErrorEvent).message)), listen);
    ended.addEventListener("abort", () => reject(ended.reason), listen);
  });
}

function workerFailed(detail: string): EvaluationError {
  const message = `The worker that post-processes predictions stopped (${detail}): try again, or reload the page.`;
  return new EvaluationError("worker", "post-processing", message);
}
