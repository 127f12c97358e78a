import type { CriterionValues } from "./score-pair.ts";

/**
 * Scores computed again differ from the stored ones by the order of summation (1e-12 relative) and by float32 ratios
 * (6e-8); two datasets that agree to six digits in every criterion are, for all we know, the same. So: 1e-6 relative,
 * and 1e-9 absolute for the zeros that VOI leaves as 1e-17 or -0.
 */
const relativeTolerance = 1e-6;
const absoluteTolerance = 1e-9;

/** NaN equals NaN: DaCapo writes it by rule, for empty masks. */
export function agrees(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (a === b) return true;
  return Math.abs(a - b) <= absoluteTolerance + relativeTolerance * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether every recomputed criterion is what was stored; false when nothing can be compared. */
export function matches(scored: CriterionValues, stored: readonly number[]): boolean {
  const known = scored.flatMap((value, criterion) => (value === undefined ? [] : [{ value, criterion }]));
  return known.length > 0 && known.every(({ value, criterion }) => agrees(value, stored[criterion] ?? Number.NaN));
}

/** Which slots of the stored scores each dataset folder can still have: `candidates[folder][slot]`. */
export type Candidates = readonly (readonly boolean[])[];

export const allCandidates = (count: number): Candidates =>
  Array.from({ length: count }, () => new Array<boolean>(count).fill(true));

/** Candidates that stand under both; undefined when a folder or a slot is left without any. */
export function narrow(candidates: Candidates, evidence: Candidates): Candidates | undefined {
  const narrowed = candidates.map((row, folder) => row.map((can, slot) => can && evidence[folder]?.[slot] === true));
  const folderLost = narrowed.some((row) => !row.includes(true));
  const slotLost = narrowed.some((_, slot) => !narrowed.some((row) => row[slot]));
  return folderLost || slotLost ? undefined : narrowed;
}

/**
 * The folder of each slot if exactly one assignment is left, else undefined. A unique perfect matching always holds a
 * folder with a single slot; taking it away leaves a unique one again, so forced choices find it or it does not exist.
 */
export function toUniqueOrder(candidates: Candidates): readonly number[] | undefined {
  const order = new Map<number, number>();
  const slotsLeft = (row: readonly boolean[]) => row.flatMap((can, slot) => (can && !order.has(slot) ? [slot] : []));
  const folders = new Set(candidates.keys());
  while (folders.size > 0) {
    const forced = [...folders].find((folder) => slotsLeft(candidates[folder] ?? []).length === 1);
    if (forced === undefined) return undefined;
    order.set(slotsLeft(candidates[forced] ?? [])[0] ?? 0, forced);
    folders.delete(forced);
  }
  return candidates.map((_, slot) => order.get(slot) ?? 0);
}

/** Pairs of slots that some folder could still have either of. */
export function openPairs(candidates: Candidates): readonly (readonly [number, number])[] {
  const slots = [...candidates.keys()];
  return slots.flatMap((a) =>
    slots.slice(a + 1).flatMap((b) => (candidates.some((row) => row[a] && row[b]) ? [[a, b] as const] : [])),
  );
}
