import type { EvaluationKind } from "#dacapo/evaluation-scores.ts";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import { agrees, allCandidates, type Candidates, matches, narrow, openPairs, toUniqueOrder } from "./dataset-match.ts";
import { EvaluationError } from "./errors.ts";
import type { CriterionValues, LabelPair, ScoredKind } from "./score-pair.ts";

/** One stored output of every dataset: what DaCapo scored at this iteration with these parameters. */
export type Evidence = { readonly iteration: number; readonly parameterIndex: number };

export type OrderQuestion = {
  readonly kind: EvaluationKind;
  /** Candidate datasets, as many as the stored scores have. */
  readonly folders: readonly string[];
  /** The innermost axis of the stored scores. */
  readonly criteria: readonly string[];
  /** Their first axis is in the order that is sought. */
  readonly storedScores: readonly ValidationIterationScores[];
};

export type OrderEffects = {
  /** Reads output and gt of one dataset; undefined when they are not stored. Its arrays are given away. */
  readonly readPair: (folder: string, evidence: Evidence, signal?: AbortSignal) => Promise<LabelPair | undefined>;
  readonly score: (
    kind: ScoredKind,
    pair: LabelPair,
    criteria: readonly string[],
    signal?: AbortSignal,
  ) => Promise<CriterionValues>;
};

export type OrderOptions = {
  readonly signal?: AbortSignal;
  /** Called after each scored output; `total` grows when one iteration does not settle the order. */
  readonly onProgress?: (done: number, total: number) => void;
};

export type DatasetOrder =
  | { readonly status: "resolved"; readonly order: readonly string[]; readonly evidence: readonly Evidence[] }
  | { readonly status: "ambiguous" | "unmatched"; readonly reason: string };

/** Reading is the cost: beyond this many iterations or parameters the order is called ambiguous. */
const maxEvidence = 12;

/**
 * Finds which dataset each row of the stored scores belongs to, by scoring stored outputs again and comparing. Reads only
 * where the stored scores tell datasets apart, the newest iteration first. Evidence that contradicts (arrays rewritten
 * after a resume, or absent) is passed over. Rejects only when `signal` aborts or reading fails.
 */
export async function resolveDatasetOrder(
  question: OrderQuestion,
  effects: OrderEffects,
  options: OrderOptions = {},
): Promise<DatasetOrder> {
  const { kind, folders } = question;
  if (folders.length === 1) return { status: "resolved", order: folders, evidence: [] };
  if (kind === "dummy")
    return unmatched("The scores of this task are random numbers, so no output can be matched to them.");
  if (kind === "unknown")
    return unmatched("The criteria of these scores are not known, so no output can be scored again.");
  return search(question, kind, effects, options);
}

async function search(question: OrderQuestion, kind: ScoredKind, effects: OrderEffects, options: OrderOptions) {
  let candidates = allCandidates(question.folders.length);
  let untried = completeEvidence(question);
  if (untried.length === 0) return unmatched("No iteration has scores of every dataset, so there is nothing to match.");
  const used: Evidence[] = [];
  let tried = 0;
  for (; tried < maxEvidence; tried += 1) {
    const next = planEvidence(question, candidates, untried);
    if (next === undefined) break;
    untried = untried.filter((evidence) => evidence !== next);
    const scored = await scoreFolders(question, kind, next, effects, options, tried);
    const narrowed = narrow(candidates, toCandidates(question, next, scored));
    if (narrowed === undefined || scored.every((values) => values === undefined)) continue;
    candidates = narrowed;
    used.push(next);
    const order = toUniqueOrder(candidates);
    if (order !== undefined) return resolved(order, question, used);
  }
  return unresolved(tried, used.length);
}

const resolved = (
  order: readonly number[],
  { folders }: OrderQuestion,
  evidence: readonly Evidence[],
): DatasetOrder => ({
  status: "resolved",
  order: order.map((folder) => folders[folder] ?? ""),
  evidence,
});

const unmatched = (reason: string): DatasetOrder => ({ status: "unmatched", reason });

function unresolved(tried: number, matched: number): DatasetOrder {
  if (tried === 0) {
    const reason = "The stored scores of the datasets are the same at every iteration, so nothing tells them apart.";
    return { status: "ambiguous", reason };
  }
  if (matched === 0) {
    return unmatched(
      "None of the stored outputs gives the stored scores again: they may have been rewritten or removed.",
    );
  }
  return { status: "ambiguous", reason: "The stored outputs fit more than one order of the datasets." };
}

/** Every iteration and parameters with a whole row of scores for each dataset, newest first. */
function completeEvidence({ folders, criteria, storedScores }: OrderQuestion): readonly Evidence[] {
  const whole = (row: readonly number[] | undefined) => row !== undefined && row.length === criteria.length;
  return [...storedScores]
    .sort((a, b) => b.iteration - a.iteration)
    .filter(({ scores }) => scores.length === folders.length)
    .flatMap(({ iteration, scores }) =>
      [...(scores[0] ?? []).keys()]
        .filter((parameterIndex) => scores.every((dataset) => whole(dataset[parameterIndex])))
        .map((parameterIndex) => ({ iteration, parameterIndex })),
    );
}

/** The untried evidence whose stored scores separate the most datasets that are still open; undefined if none does. */
function planEvidence(
  question: OrderQuestion,
  candidates: Candidates,
  untried: readonly Evidence[],
): Evidence | undefined {
  const open = openPairs(candidates);
  let best: { readonly evidence: Evidence; readonly separated: number } | undefined;
  for (const evidence of untried) {
    const rows = storedRows(question, evidence);
    const separated = open.filter(([a, b]) => differ(rows[a] ?? [], rows[b] ?? [])).length;
    if (separated > (best?.separated ?? 0)) best = { evidence, separated };
    if (best?.separated === open.length) break;
  }
  return best?.evidence;
}

const differ = (a: readonly number[], b: readonly number[]): boolean =>
  a.some((value, criterion) => !agrees(value, b[criterion] ?? Number.NaN));

function storedRows({ storedScores }: OrderQuestion, { iteration, parameterIndex }: Evidence) {
  const entry = storedScores.findLast((scores) => scores.iteration === iteration);
  return (entry?.scores ?? []).map((dataset) => dataset[parameterIndex] ?? []);
}

async function scoreFolders(
  { folders, criteria }: OrderQuestion,
  kind: ScoredKind,
  evidence: Evidence,
  { readPair, score }: OrderEffects,
  { signal, onProgress }: OrderOptions,
  tried: number,
): Promise<readonly (CriterionValues | undefined)[]> {
  const scored: (CriterionValues | undefined)[] = [];
  for (const folder of folders) {
    signal?.throwIfAborted();
    const pair = await readPair(folder, evidence, signal);
    signal?.throwIfAborted();
    scored.push(pair && (await scoreOrSkip(() => score(kind, pair, criteria, signal))));
    onProgress?.(tried * folders.length + scored.length, (tried + 1) * folders.length);
  }
  return scored;
}

/** A pair that cannot be compared (no common region, other channels) is no evidence; anything else is a failure. */
async function scoreOrSkip(score: () => Promise<CriterionValues>): Promise<CriterionValues | undefined> {
  try {
    return await score();
  } catch (error) {
    if (error instanceof EvaluationError && error.tag !== "worker") return undefined;
    throw error;
  }
}

/** A folder whose output could not be scored may still have any slot. */
function toCandidates(question: OrderQuestion, evidence: Evidence, scored: readonly (CriterionValues | undefined)[]) {
  const rows = storedRows(question, evidence);
  return scored.map((values) => rows.map((row) => values === undefined || matches(values, row)));
}
