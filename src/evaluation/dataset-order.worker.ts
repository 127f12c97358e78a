import { EvaluationError, type EvaluationErrorTag } from "./errors.ts";
import type { ScoreOptions } from "./mask-scores.ts";
import { type CriterionValues, type LabelPair, type ScoredKind, scorePair } from "./score-pair.ts";

/** Asks for the scores of one pair, whose buffers are transferred. One answer follows each request, in order. */
export type ScoreRequest = {
  readonly kind: ScoredKind;
  readonly pair: LabelPair;
  readonly criteria: readonly string[];
  readonly whole?: ScoreOptions | undefined;
};

export type ScoreResponse =
  | { readonly values: CriterionValues }
  | { readonly error: { tag: EvaluationErrorTag; subject: string; message: string } };

function respond({ kind, pair, criteria, whole }: ScoreRequest): ScoreResponse {
  try {
    return { values: scorePair(kind, pair, criteria, whole) };
  } catch (error) {
    const { tag, subject } = error instanceof EvaluationError ? error : { tag: "worker" as const, subject: "scoring" };
    return { error: { tag, subject, message: String(error instanceof Error ? error.message : error) } };
  }
}

self.addEventListener("message", (event: MessageEvent<ScoreRequest>) => {
  self.postMessage(respond(event.data));
});
