/**
 * What may be wrong with the values of one block. "not-a-number": NaN or infinite values. "constant": one value everywhere although the
 * raw varies. "saturated": nearly all values at the very ends of the activation.
 */
export type BlockFlaw = "not-a-number" | "constant" | "saturated";

export type BlockFinding = {
  readonly flaw: BlockFlaw;
  /** Values concerned. */
  readonly count: number;
  readonly total: number;
};

/** Of a sigmoid's values this share may be exactly 0 or 1. */
const SATURATED_SHARE = 0.999;

/** What is known of the values of one tensor. */
export type ValueSummary = {
  readonly count: number;
  /** NaN or infinite. */
  readonly nonFinite: number;
  /** Of the finite ones; infinite where there are none. */
  readonly least: number;
  readonly most: number;
  /** Exactly 0 or 1. */
  readonly atEnds: number;
};

/** Looks at every value: on the thread that computes, not on the page's. */
export function summarise(data: Float32Array): ValueSummary {
  let [nonFinite, atEnds] = [0, 0];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    if (value < least && value !== Number.NEGATIVE_INFINITY) least = value;
    if (value > most && value !== Number.POSITIVE_INFINITY) most = value;
    if (value === 0 || value === 1) atEnds++;
    else if (!Number.isFinite(value)) nonFinite++;
  }
  return { count: data.length, nonFinite, least, most, atEnds };
}

const isConstant = ({ nonFinite, least, most }: ValueSummary) => nonFinite === 0 && least === most;

/** The flaws of a network's output, `activated` where it ends in a sigmoid. */
export function findFlaws(input: ValueSummary, output: ValueSummary, activated: boolean): readonly BlockFinding[] {
  const { count: total, nonFinite, atEnds } = output;
  if (total === 0) return [];
  if (nonFinite > 0) return [{ flaw: "not-a-number", count: nonFinite, total }];
  if (isConstant(output)) return isConstant(input) ? [] : [{ flaw: "constant", count: total, total }];
  const saturated = activated && atEnds >= SATURATED_SHARE * total;
  return saturated ? [{ flaw: "saturated", count: atEnds, total }] : [];
}

const SENTENCES: Readonly<Record<BlockFlaw, (finding: BlockFinding) => string>> = {
  "not-a-number": ({ count, total }) => `${count} of ${total} values are no numbers (NaN or infinite)`,
  constant: () => "all values are the same although the raw varies",
  saturated: ({ count, total }) => `${count} of ${total} values lie at the very ends of the activation`,
};

/** For people: "In block 0, 1, 2 all values are the same although the raw varies; ...". */
export function describeFinding(finding: BlockFinding, tile: readonly number[]): string {
  const advice = "check the normalisation of the raw, or compute on the processor and compare";
  return `In block ${tile.join(", ")} ${SENTENCES[finding.flaw](finding)}; ${advice}.`;
}
