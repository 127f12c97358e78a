import type { Comparison } from "./parity-compare.ts";

/** ok: as PyTorch up to rounding. warn: shown, with a warning. refuse: not shown unless a person insists. */
export type ParityLevel = "ok" | "warn" | "refuse";

export const WARN_ABOVE = 1e-3;
export const REFUSE_ABOVE = 1e-2;

/** What a prediction made here was compared with. */
export type ParityReference = "processor" | "stored" | "sample";

export type ParityVerdict = {
  readonly level: ParityLevel;
  readonly reference: ParityReference;
  readonly comparison: Comparison;
  /** The two differ for a reason that is none of the device's: the level says nothing of how far. */
  readonly excused?: true;
  /** For people. */
  readonly sentence: string;
};

const REFERENCES: Readonly<Record<ParityReference, string>> = {
  processor: "the same block computed by the processor",
  stored: "the prediction that the run stored",
  sample: "the sample that came with the model",
};

/**
 * DaCapo's validation runs a network with batch norm in training mode for a moment, which changes its running statistics: all but
 * the first dataset's stored prediction come from other weights than the checkpoint holds.
 */
export const BATCH_NORM_SENTENCE =
  "This network uses batch norm, whose running statistics DaCapo changes while it validates: only the first dataset's stored prediction comes from exactly this checkpoint, so a difference to the others is expected and says nothing about this device.";

export type VerdictFacts = {
  readonly reference: ParityReference;
  readonly comparison: Comparison;
  /** The network has batch norm, and this may not be the first dataset that was validated. */
  readonly batchNorm?: boolean;
};

export function toVerdict({ reference, comparison, batchNorm = false }: VerdictFacts): ParityVerdict {
  const excused = batchNorm && reference === "stored" && comparison.maxDifference > WARN_ABOVE;
  const level = excused ? "ok" : toLevel(comparison.maxDifference);
  return {
    level,
    reference,
    comparison,
    ...(excused && { excused }),
    sentence: excused ? BATCH_NORM_SENTENCE : toSentence(level, reference, comparison),
  };
}

function toLevel(maxDifference: number): ParityLevel {
  if (!(maxDifference <= REFUSE_ABOVE)) return "refuse";
  return maxDifference > WARN_ABOVE ? "warn" : "ok";
}

function toSentence(level: ParityLevel, reference: ParityReference, { maxDifference, count }: Comparison): string {
  const with_ = REFERENCES[reference];
  if (count === 0) return `Nothing could be compared with ${with_}: the two have different sizes.`;
  const found = `The largest difference to ${with_} is ${toShort(maxDifference)}, over ${count} values`;
  if (level === "ok") return `${found}.`;
  if (level === "warn") return `${found}: more than rounding explains, so take these values with care.`;
  return `${found}: these values are not what the network gives, so they are not shown unless you insist.`;
}

/** "6.0e-6", "0.034". */
function toShort(difference: number): string {
  return difference < 1e-3 ? difference.toExponential(1) : difference.toPrecision(2);
}

/** The verdict that counts: the worst, and among equals the one with the largest difference; one that is excused only where it is alone. */
export function worstVerdict(verdicts: readonly ParityVerdict[]): ParityVerdict | undefined {
  const levels: readonly ParityLevel[] = ["refuse", "warn", "ok"];
  const rank = ({ excused, level }: ParityVerdict) => (excused ? levels.length : levels.indexOf(level));
  return verdicts.toSorted((a, b) => rank(a) - rank(b) || b.comparison.maxDifference - a.comparison.maxDifference)[0];
}
