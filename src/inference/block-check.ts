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

function countNonFinite(data: Float32Array): number {
  let count = 0;
  for (const value of data) if (!Number.isFinite(value)) count++;
  return count;
}

function isConstant(data: Float32Array): boolean {
  const first = data[0];
  for (const value of data) if (value !== first) return false;
  return true;
}

function countSaturated(data: Float32Array): number {
  let count = 0;
  for (const value of data) if (value === 0 || value === 1) count++;
  return count;
}

/** The flaws of a network's output, `activated` where it ends in a sigmoid. Looks at every value. */
export function checkBlock(input: Float32Array, output: Float32Array, activated: boolean): readonly BlockFinding[] {
  const total = output.length;
  if (total === 0) return [];
  const nonFinite = countNonFinite(output);
  if (nonFinite > 0) return [{ flaw: "not-a-number", count: nonFinite, total }];
  if (isConstant(output)) return isConstant(input) ? [] : [{ flaw: "constant", count: total, total }];
  const saturated = activated ? countSaturated(output) : 0;
  return saturated >= SATURATED_SHARE * total ? [{ flaw: "saturated", count: saturated, total }] : [];
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
