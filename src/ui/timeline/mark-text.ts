import { parseParametersString, toShortLabel } from "#dacapo/post-processor-parameters.ts";
import { toCount, toScore } from "../words.ts";
import type { Mark } from "./timeline-marks.ts";

export function toParametersLabel(parameters: string): string {
  return toShortLabel(parseParametersString(parameters));
}

/** "iteration 800, voi 0.8312 with bias 0.5, best". */
export function toMarkText(mark: Mark, criterion: string | undefined): string {
  const parts = [`iteration ${toCount(mark.iteration)}`];
  if (mark.score !== undefined && criterion !== undefined) {
    const parameters = mark.parameters === undefined ? "" : ` with ${toParametersLabel(mark.parameters)}`;
    parts.push(`${criterion} ${toScore(mark.score)}${parameters}`);
  }
  if (mark.best) parts.push("best");
  parts.push(...toRemarks(mark));
  return parts.join(", ");
}

/** What is odd about a mark. */
export function toRemarks(mark: Mark): readonly string[] {
  if (mark.snapshot) return ["training snapshot"];
  if (!mark.selectable) return ["checkpoint, not validated"];
  if (mark.volumes === "unsought") return ["its volumes are being looked for"];
  if (mark.volumes === "partial") return ["volumes still being written"];
  if (mark.volumes === "absent") return ["no volumes on disk for this dataset"];
  return mark.score === undefined ? ["volumes without scores"] : [];
}
