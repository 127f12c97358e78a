import type { Coordinate } from "./coordinate.ts";

/** What a config lacked or had wrong. `path` is the place in the YAML ("task_config.channels"). */
export type ConfigProblem = { readonly path: string; readonly message: string };

/** A config and everything that could not be taken as it stood; the config is usable all the same. */
export type Read<T> = { readonly config: T; readonly problems: readonly ConfigProblem[] };

/** A config class that this reference does not know (or a value that is none): kept as it was read. */
export type UnknownConfig = { readonly type: "unknown"; readonly typeName: string; readonly raw: unknown };

export type Scope = { readonly path: string; readonly depth: number; readonly budget: Budget };
// Shared by a whole document: aliases let a small file stand for an exponentially large one.
type Budget = { remaining: number; readonly problems: ConfigProblem[] };

/** Reads one plain value; says in `scope` what was wrong and gives undefined then. */
export type Reader<T> = (value: unknown, scope: Scope) => T | undefined;
export type ConfigReader<T> = (value: unknown, scope: Scope) => T;

const MAX_DEPTH = 64;
const MAX_VALUES = 200_000;
const MAX_PROBLEMS = 100;

export function readConfig<T>(value: unknown, reader: ConfigReader<T>): Read<T> {
  const budget: Budget = { remaining: MAX_VALUES, problems: [] };
  const config = reader(value, { path: "", depth: 0, budget });
  return { config, problems: budget.problems };
}

export function complain(scope: Scope, message: string): undefined {
  const { problems } = scope.budget;
  if (problems.length < MAX_PROBLEMS) problems.push({ path: scope.path, message });
}

function spend(scope: Scope): boolean {
  scope.budget.remaining -= 1;
  if (scope.budget.remaining === 0)
    complain(scope, `The config holds more than ${MAX_VALUES} values; the rest is left out.`);
  if (scope.depth === MAX_DEPTH)
    complain(scope, `The config is nested deeper than ${MAX_DEPTH} levels here; the rest is left out.`);
  return scope.budget.remaining > 0 && scope.depth < MAX_DEPTH;
}

function inside(scope: Scope, key: string | number): Scope {
  return { ...scope, path: scope.path === "" ? String(key) : `${scope.path}.${key}`, depth: scope.depth + 1 };
}

export function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return `${typeof value} ${JSON.stringify(String(value).slice(0, 40))}`;
}

/** A reader of single values that complains about everything `accept` gives undefined for. */
function expecting<T>(what: string, accept: (value: unknown) => T | undefined): Reader<T> {
  return (value, scope) => {
    if (!spend(scope)) return undefined;
    return accept(value) ?? complain(scope, `Expected ${what}, found ${describe(value)}.`);
  };
}

export const text: Reader<string> = expecting("text", (value) => {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : undefined;
});

export const number: Reader<number> = expecting("a number", (value) => {
  if (typeof value === "number") return value;
  return typeof value === "bigint" ? Number(value) : undefined;
});

export const flag: Reader<boolean> = expecting("true or false", (value) =>
  typeof value === "boolean" ? value : undefined,
);

/** Tuples and lists alike. An item that cannot be read is left out. */
export function list<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, scope) => {
    if (!spend(scope)) return undefined;
    if (!Array.isArray(value)) return complain(scope, `Expected a list, found ${describe(value)}.`);
    const items: readonly unknown[] = value;
    const read = items.map((entry, index) => item(entry, inside(scope, index)));
    return read.filter((entry) => entry !== undefined);
  };
}

export const coordinate: Reader<Coordinate> = list(number);

export const interval: Reader<readonly [number, number]> = (value, scope) => {
  const [low, high] = coordinate(value, scope) ?? [];
  if (low === undefined || high === undefined) return complain(scope, "Expected two numbers, from and to.");
  return [low, high];
};

/** Name to value, in the order of the file. */
export function mapping<T>(item: Reader<T>): Reader<ReadonlyMap<string, T>> {
  return (value, scope) => {
    const record = toRecord(value);
    if (!record) return complain(scope, `Expected a mapping, found ${describe(value)}.`);
    const read = (key: string) => item(record[key], inside(scope, key));
    return new Map(Object.keys(record).flatMap((key) => pair(key, read(key))));
  };
}

function pair<T>(key: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[key, value]];
}

type PlainRecord = { readonly [key: string]: unknown };

export function isRecord(value: unknown): value is PlainRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function toRecord(value: unknown): PlainRecord | undefined {
  return isRecord(value) ? value : undefined;
}

/** The fields of one config under their YAML names. A leading underscore may be there or not: releases differ. */
export type Fields = {
  readonly has: (key: string) => boolean;
  /** Complains when the field is missing or wrong and gives `fallback` then. */
  readonly required: <T>(key: string, reader: Reader<T>, fallback: T) => T;
  /** Takes the class's default when the field is missing; complains when it is there and wrong. */
  readonly withDefault: <T>(key: string, reader: Reader<T>, fallback: T) => T;
  /** Missing and null are undefined. */
  readonly optional: <T>(key: string, reader: Reader<T>) => T | undefined;
  readonly raw: unknown;
};

export function toFields(value: unknown, scope: Scope): Fields {
  const record = toRecord(value) ?? {};
  const find = (key: string) =>
    [key, key.startsWith("_") ? key.slice(1) : `_${key}`].find((k) => Object.hasOwn(record, k));
  const read = <T>(key: string, reader: Reader<T>): T | undefined =>
    reader(record[find(key) ?? key], inside(scope, key));
  const given = (key: string) => (record[find(key) ?? key] ?? undefined) !== undefined;
  return {
    has: (key) => find(key) !== undefined,
    required: (key, reader, fallback) => read(key, reader) ?? fallback,
    withDefault: (key, reader, fallback) => (find(key) === undefined ? fallback : (read(key, reader) ?? fallback)),
    optional: (key, reader) => (given(key) ? read(key, reader) : undefined),
    raw: value,
  };
}

/** One of DaCapo's class hierarchies: the class's name in `__type__` decides which fields are read. */
export function configReader<T extends { readonly type: string }>(
  hierarchy: string,
  classes: { readonly [className: string]: (fields: Fields) => T },
): ConfigReader<T | UnknownConfig> {
  return (value, scope) => {
    const typeName = typeNameOf(value);
    if (!spend(scope)) return { type: "unknown", typeName, raw: value };
    const read = Object.hasOwn(classes, typeName) ? classes[typeName] : undefined;
    if (read) return read(toFields(value, scope));
    complain(scope, unknownMessage(hierarchy, value, typeName));
    return { type: "unknown", typeName, raw: value };
  };
}

function unknownMessage(hierarchy: string, value: unknown, typeName: string): string {
  if (!isRecord(value)) return `Expected ${hierarchy}, found ${describe(value)}.`;
  if (typeName === "") return `Expected ${hierarchy}, but it does not say which (no __type__).`;
  return `${JSON.stringify(typeName.slice(0, 80))} is not ${hierarchy} that this viewer knows; it is shown as it was read.`;
}

function typeNameOf(value: unknown): string {
  const name = toRecord(value)?.__type__;
  return typeof name === "string" ? name : "";
}
