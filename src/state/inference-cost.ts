// Whether a person is asked before a network is fetched.
import type { ModelPlan } from "#storage/model-weights.ts";
import type { DownloadCost } from "./app-state.ts";

const askAboveBytes = 200e6;
/** Of files of which most is of no use: the optimizer's part. */
const askAboveBytesWhole = 50e6;

/** What to ask about; undefined where it is little enough to be fetched without a question. */
export function toQuestion({
  bytes,
  fileBytes,
  way,
}: Pick<ModelPlan, "bytes" | "fileBytes" | "way">): DownloadCost | undefined {
  const whole = way === "whole";
  if (bytes !== undefined && bytes <= (whole ? askAboveBytesWhole : askAboveBytes)) return undefined;
  return { whole, ...(bytes !== undefined && { bytes }), ...(fileBytes !== undefined && { fileBytes }) };
}
