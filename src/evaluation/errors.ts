export type EvaluationErrorTag = "no-overlap" | "channels" | "lengths" | "affinities" | "too-large" | "worker";

/** A score could not be computed; `subject` names the dataset or the quantity at fault. */
export class EvaluationError extends Error {
  override readonly name = "EvaluationError";
  readonly tag: EvaluationErrorTag;
  readonly subject: string;

  constructor(tag: EvaluationErrorTag, subject: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.tag = tag;
    this.subject = subject;
  }
}

export function unequalLengths(output: number, gt: number): EvaluationError {
  return new EvaluationError(
    "lengths",
    "voxels",
    `The output has ${output} voxels and the ground truth ${gt}: bring both to one grid before scoring.`,
  );
}
