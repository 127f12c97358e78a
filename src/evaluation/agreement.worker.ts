import { createObjectMatching } from "./agreement.ts";
import type { LabelData } from "./label-data.ts";

/** Parts of both segmentations: all of them are counted before the first is judged. One answer follows each, in order. */
export type AgreementRequest = {
  readonly type: "add" | "judge";
  readonly first: LabelData;
  readonly second: LabelData;
};

export type AgreementResponse =
  | { readonly type: "added" }
  | { readonly type: "judged"; readonly values: Float32Array<ArrayBuffer> }
  | { readonly type: "error"; readonly message: string };

const matching = createObjectMatching();

function respond({ type, first, second }: AgreementRequest): AgreementResponse {
  try {
    if (type === "judge") return { type: "judged", values: matching.toAgreement(first, second) };
    matching.add(first, second);
    return { type: "added" };
  } catch (error) {
    return { type: "error", message: String(error instanceof Error ? error.message : error) };
  }
}

self.addEventListener("message", (event: MessageEvent<AgreementRequest>) => {
  const response = respond(event.data);
  self.postMessage(response, { transfer: response.type === "judged" ? [response.values.buffer] : [] });
});
