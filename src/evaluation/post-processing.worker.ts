import type { PlacedArray } from "./align.ts";
import { EvaluationError, type EvaluationErrorTag } from "./errors.ts";
import { createPostProcessing, type PostProcessing, type Recipe } from "./post-processing.ts";

/** The first brings the prediction, whose buffer is transferred, and has no answer; one output or error follows each of the others. */
export type PostProcessingRequest = { readonly prediction: PlacedArray } | { readonly recipe: Recipe };

export type PostProcessingResponse =
  /** The part that is done, any number of times before the answer. */
  | { readonly type: "progress"; readonly part: number }
  | { readonly type: "output"; readonly output: PlacedArray }
  | { readonly type: "error"; tag: EvaluationErrorTag; subject: string; message: string };

let processing: PostProcessing | undefined;

function toError(error: unknown): PostProcessingResponse {
  const known = error instanceof EvaluationError ? error : undefined;
  // an allocation that fails is a RangeError
  const message =
    error instanceof RangeError
      ? "Post-processing the prediction takes more memory than the browser gives; try a smaller dataset."
      : String(error instanceof Error ? error.message : error);
  const tag = known?.tag ?? (error instanceof RangeError ? "too-large" : "worker");
  return { type: "error", tag, subject: known?.subject ?? "prediction", message };
}

function respond(recipe: Recipe): PostProcessingResponse {
  if (processing === undefined) return toError(new Error("no prediction was brought"));
  try {
    const onProgress = (part: number) => self.postMessage({ type: "progress", part } satisfies PostProcessingResponse);
    return { type: "output", output: processing.toOutput(recipe, onProgress) };
  } catch (error) {
    return toError(error);
  }
}

self.addEventListener("message", ({ data }: MessageEvent<PostProcessingRequest>) => {
  if ("prediction" in data) {
    processing = createPostProcessing(data.prediction);
    return;
  }
  const response = respond(data.recipe);
  self.postMessage(response, { transfer: response.type === "output" ? [response.output.data.buffer] : [] });
});
