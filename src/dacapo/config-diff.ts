import { isRecord } from "./config-reader.ts";

/** One setting over several configurations, in their order; `undefined` where a configuration has no such setting. */
export type ConfigField = {
  /** Keys from the outside in; a list item that has a name goes by it. */
  readonly path: readonly string[];
  readonly values: readonly (string | undefined)[];
  readonly differs: boolean;
};

const maxDepth = 64;
const maxFields = 20_000;

type Leaves = Map<string, { readonly path: readonly string[]; readonly text: string }>;

/**
 * Every setting of one or more configurations (plain YAML values, as read), in the order in which it first stands.
 * Lists of plain values are one setting; lists of mappings are told apart by their names, else by their places.
 * At most 20,000 settings a configuration: aliases let a small file stand for an exponentially large one.
 */
export function diffConfigs(configs: readonly unknown[]): readonly ConfigField[] {
  const all = configs.map(toLeaves);
  const paths = new Map(all.flatMap((leaves) => [...leaves].map(([key, { path }]) => [key, path] as const)));
  return [...paths].map(([key, path]) => {
    const values = all.map((leaves) => leaves.get(key)?.text);
    return { path, values, differs: values.some((value) => value !== values[0]) };
  });
}

function toLeaves(config: unknown): Leaves {
  const leaves: Leaves = new Map();
  collect(config, [], leaves);
  return leaves;
}

function collect(value: unknown, path: readonly string[], leaves: Leaves): void {
  if (leaves.size >= maxFields) return;
  const children = path.length < maxDepth ? toChildren(value) : undefined;
  if (children === undefined) leaves.set(JSON.stringify(path), { path, text: toText(value) });
  else for (const [key, child] of children) collect(child, [...path, key], leaves);
}

function toChildren(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (isRecord(value)) return Object.keys(value).length === 0 ? undefined : Object.entries(value);
  if (!Array.isArray(value) || !value.some(isRecord)) return undefined;
  const names = value.map(nameOf);
  const areNames = names.every((name) => name !== undefined) && new Set(names).size === names.length;
  return value.map((item, index) => [areNames ? (names[index] ?? "") : String(index), item]);
}

function nameOf(item: unknown): string | undefined {
  return isRecord(item) && typeof item.name === "string" ? item.name : undefined;
}

/** As in YAML's flow style, so that text and numbers that look alike stay apart. */
function toText(value: unknown, depth = 0): string {
  if (depth > maxDepth) return "…";
  if (Array.isArray(value)) return `[${value.map((item) => toText(item, depth + 1)).join(", ")}]`;
  if (typeof value === "string") return isPlain(value) ? value : JSON.stringify(value);
  if (typeof value === "object" && value !== null) return isRecord(value) ? "{}" : String(value);
  return String(value ?? null);
}

const isPlain = (text: string): boolean =>
  /^[A-Za-z_/][^\n"]*$/.test(text) && !/^(true|false|null|nan|inf)$/i.test(text);
