import { parseArrayMetadata } from "#storage/formats/array-metadata.ts";
import { FormatError } from "#storage/formats/format-error.ts";
import { parseJson } from "#storage/formats/json.ts";
import { numpyScalars } from "#storage/formats/numpy-pickle.ts";
import { readPickle } from "#storage/formats/pickle.ts";
import { parseTrainingStatsJson, parseValidationScoresJson } from "#storage/formats/stats-json.ts";
import { parseTrainingStats } from "#storage/formats/training-stats-pickle.ts";
import { parseValidationScores } from "#storage/formats/validation-scores-pickle.ts";
import { parseYaml } from "#storage/formats/yaml.ts";
import {
  createRandom,
  mutateSeed,
  type Random,
  randomAttributes,
  randomBytes,
  randomDocuments,
  randomPickle,
  randomYaml,
} from "./fuzz-inputs.ts";

export type FuzzKind = "pickle" | "yaml" | "attributes" | "stats json";

/** Small real files of each kind, from which most inputs are made. */
export type FuzzSeeds = Readonly<Record<FuzzKind, readonly Uint8Array[]>>;

export type FuzzFailure = {
  readonly kind: FuzzKind;
  readonly number: number;
  readonly problem: string;
  readonly bytes: Uint8Array;
};

export type FuzzReport = {
  /** How many inputs of each kind ended how: "read", "torn", "refused", "malformed", "limit". */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly failures: readonly FuzzFailure[];
  readonly slowestMs: number;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const makers: Readonly<Record<FuzzKind, (random: Random) => Uint8Array>> = {
  pickle: randomPickle,
  yaml: (random) => encoder.encode(randomYaml(random)),
  attributes: (random) => encoder.encode(randomAttributes(random)),
  "stats json": (random) => encoder.encode(randomDocuments(random)),
};

const readers: Readonly<Record<FuzzKind, readonly ((bytes: Uint8Array) => unknown)[]>> = {
  pickle: [
    parseTrainingStats,
    parseValidationScores,
    (bytes) => readPickle(bytes, { allow: numpyScalars(), persistentLoad: () => null }),
  ],
  yaml: [(bytes) => parseYaml(decoder.decode(bytes))],
  attributes: [readAttributes, readN5Attributes],
  "stats json": [parseTrainingStatsJson, parseValidationScoresJson],
};

function readAttributes(bytes: Uint8Array): unknown {
  const attributes = parseJson(bytes);
  return parseArrayMetadata({ shape: [2, 4, 4] }, attributes, [{ attributes, path: "s0" }]);
}

function readN5Attributes(bytes: Uint8Array): unknown {
  return parseArrayMetadata(parseJson(bytes));
}

function makeInput(kind: FuzzKind, random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  if (random.chance(0.05)) return randomBytes(random, random.below(64));
  return random.chance(0.2) ? makers[kind](random) : mutateSeed(random, seeds);
}

/** Far above what a small input may take, and below what would be called a hang. */
const maxMs = 5000;

/**
 * Feeds `count` hostile inputs to the readers. A failure is an error that is no FormatError, a touched prototype, or an input that takes
 * seconds. The same `seed` makes the same inputs.
 */
export function fuzzFormats(count: number, seed: number, seeds: FuzzSeeds): FuzzReport {
  const kinds = kindsInProportion();
  const outcomes = new Map<string, number>();
  const failures: FuzzFailure[] = [];
  let slowestMs = 0;
  for (let number = 0; number < count; number++) {
    const kind = kinds[number % kinds.length] ?? "pickle";
    const bytes = makeInput(kind, createRandom(seed + number), seeds[kind]);
    const begin = performance.now();
    const problem = readAll(kind, bytes, outcomes);
    const ms = performance.now() - begin;
    slowestMs = Math.max(slowestMs, ms);
    const found = problem ?? (ms > maxMs ? `took ${Math.round(ms)} ms` : undefined);
    if (found !== undefined) failures.push({ kind, number, problem: found, bytes });
  }
  return { outcomes, failures, slowestMs };
}

function kindsInProportion(): readonly FuzzKind[] {
  return ["pickle", "pickle", "yaml", "pickle", "attributes", "pickle", "stats json", "pickle", "yaml", "attributes"];
}

function readAll(kind: FuzzKind, bytes: Uint8Array, outcomes: Map<string, number>): string | undefined {
  const before = prototypeState();
  for (const read of readers[kind]) {
    const outcome = outcomeOf(() => read(bytes));
    if (outcome.problem !== undefined) return outcome.problem;
    const key = `${kind}: ${outcome.tag}`;
    outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
  }
  return prototypeState() === before ? undefined : "a prototype was touched";
}

function outcomeOf(read: () => unknown): { readonly tag: string; readonly problem?: string } {
  try {
    read();
    return { tag: "read" };
  } catch (error) {
    if (error instanceof FormatError && error.message.length > 10) return { tag: error.tag };
    return { tag: "crashed", problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const prototypes = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  Map.prototype,
  String.prototype,
  Uint8Array.prototype,
];

function prototypeState(): number {
  return prototypes.reduce((sum: number, prototype) => sum * 100 + Reflect.ownKeys(prototype).length, 0);
}
