import {
  createErrorAnalysis,
  type ErrorBlock,
  type ErrorPart,
  type ErrorQuestion,
  type ErrorReport,
} from "./error-analysis.ts";
import { EvaluationError, type EvaluationErrorTag } from "./errors.ts";
import type { LabelPair } from "./score-pair.ts";

/** The first begins the analysis; the buffers of volumes are transferred. One answer follows each request, in order. */
export type AnalysisRequest =
  | { readonly type: "begin"; readonly question: ErrorQuestion }
  | { readonly type: "add"; readonly block: ErrorBlock }
  | { readonly type: "finish" }
  | { readonly type: "paint"; readonly part: ErrorPart; readonly pair: LabelPair | undefined };

/** Before the answer. */
export type AnalysisProgress = { readonly type: "progress"; readonly done: number; readonly total: number };

export type AnalysisResponse =
  | { readonly type: "done" }
  | { readonly type: "report"; readonly report: ErrorReport }
  | { readonly type: "painted"; readonly values: Float32Array<ArrayBuffer> }
  | { readonly type: "error"; tag: EvaluationErrorTag; subject: string; message: string };

let analysis = createErrorAnalysis({ kind: "instance" });

function tell(done: number, total: number): void {
  self.postMessage({ type: "progress", done, total } satisfies AnalysisProgress);
}

function answer(request: AnalysisRequest): AnalysisResponse {
  switch (request.type) {
    case "begin":
      analysis = createErrorAnalysis(request.question);
      return { type: "done" };
    case "add":
      analysis.add(request.block);
      return { type: "done" };
    case "finish":
      return { type: "report", report: analysis.finish(tell) };
    case "paint":
      return { type: "painted", values: analysis.paint(request.part, request.pair) };
  }
}

function respond(request: AnalysisRequest): AnalysisResponse {
  try {
    return answer(request);
  } catch (error) {
    const { tag, subject } = error instanceof EvaluationError ? error : { tag: "worker" as const, subject: "errors" };
    return { type: "error", tag, subject, message: String(error instanceof Error ? error.message : error) };
  }
}

self.addEventListener("message", (event: MessageEvent<AnalysisRequest>) => {
  const response = respond(event.data);
  self.postMessage(response, { transfer: response.type === "painted" ? [response.values.buffer] : [] });
});
