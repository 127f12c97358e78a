import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
} from "yaml";
import { FormatError, type FormatErrorTag } from "./format-error.ts";
import { toPlainScalar, type YamlScalar } from "./yaml-scalars.ts";
import { toShortTag, toTagged } from "./yaml-tags.ts";
import { isRecord, OpaqueNode, type YamlRecord, type YamlValue } from "./yaml-value.ts";

export type YamlLimits = {
  /** Characters of text. */
  readonly length: number;
  readonly depth: number;
  /** Values when every alias is written out. */
  readonly values: number;
};

const defaultYamlLimits: YamlLimits = { length: 2 * 2 ** 20, depth: 64, values: 1_000_000 };

/**
 * Reads one YAML document as PyYAML's full loader does, but builds no Python object.
 * Throws FormatError: torn when the text is empty or stops inside a value (a text cut between two lines may look complete),
 * malformed, limit.
 */
export function parseYaml(text: string, limits: Partial<YamlLimits> = {}): YamlValue {
  const bounds = { ...defaultYamlLimits, ...limits };
  if (text.length > bounds.length)
    throw fail("limit", `The YAML has ${text.length} characters, more than the ${bounds.length} that are read.`);
  if (text.trim() === "")
    throw fail(
      "torn",
      "The YAML is empty: DaCapo may only just have opened the file for writing; read it again in a moment.",
    );
  const document = parse(text);
  if (document.contents === null) return null;
  return convert(document.contents as Node, {
    text,
    limits: bounds,
    anchors: new Map(),
    sizes: new WeakMap(),
    depth: 0,
  });
}

const options = {
  schema: "failsafe",
  version: "1.1",
  uniqueKeys: false,
  prettyErrors: false,
  strict: true,
} as const;

function parse(text: string): Document {
  try {
    const document = parseDocument(text, options);
    const error = document.errors[0];
    if (error !== undefined) throw toFormatError(error, text);
    return document as Document;
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    if (cause instanceof RangeError) throw tooDeep(cause);
    throw fail("malformed", "The YAML cannot be read; check that it is a text file that DaCapo wrote.", 0, cause);
  }
}

// An error that reaches to the end of the text is most likely one that more text would mend.
function toFormatError(error: YAMLParseError, text: string): FormatError {
  if (error.code === "RESOURCE_EXHAUSTION") return tooDeep(error);
  const isOpen = error.pos[1] >= text.trimEnd().length && error.code !== "MULTIPLE_DOCS";
  const tag = isOpen ? "torn" : "malformed";
  return fail(
    tag,
    `The YAML cannot be read at character ${error.pos[0]}: ${error.message.slice(0, 200)}.`,
    error.pos[0],
  );
}

function tooDeep(cause: unknown): FormatError {
  return fail("limit", "The YAML is nested too deep to be read.", undefined, cause);
}

function fail(tag: FormatErrorTag, message: string, offset?: number, cause?: unknown): FormatError {
  return new FormatError({ tag, format: "yaml", message, offset, cause });
}

type Conversion = {
  readonly text: string;
  readonly limits: YamlLimits;
  readonly anchors: Map<string, YamlValue>;
  /** Values inside a list, record or opaque node, with aliases written out. */
  readonly sizes: WeakMap<object, number>;
  depth: number;
};

function convert(node: Node | null, state: Conversion): YamlValue {
  if (node === null) return null;
  if (isAlias(node)) return resolve(node.source, state);
  if (++state.depth > state.limits.depth)
    throw fail("limit", `The YAML is nested deeper than ${state.limits.depth} levels.`);
  const value = applyTag(node, convertContents(node, state), state);
  state.depth--;
  const anchor = (node as { anchor?: string }).anchor;
  if (anchor !== undefined) state.anchors.set(anchor, value);
  return value;
}

function resolve(source: string, state: Conversion): YamlValue {
  const value = state.anchors.get(source);
  if (value !== undefined) return value;
  throw fail("malformed", `The YAML refers to ${JSON.stringify(source)}, which it does not define before that.`);
}

function convertContents(node: Node, state: Conversion): YamlValue {
  if (isScalar(node)) return toScalar(node);
  if (isSeq(node))
    return measured(
      node.items.map((item) => convert(item as Node | null, state)),
      state,
    );
  return isMap(node) ? toRecord(node, state) : null;
}

function toScalar(node: Scalar): YamlScalar {
  const text = typeof node.value === "string" ? node.value : "";
  return node.type === "PLAIN" && node.tag === undefined ? toPlainScalar(text) : text;
}

function toRecord(node: YAMLMap, state: Conversion): YamlRecord {
  const record = Object.create(null) as Record<string, YamlValue>;
  const merged: YamlValue[] = [];
  for (const pair of node.items as Pair<Node | null, Node | null>[]) {
    const value = () => convert(pair.value, state);
    if (isMergeKey(pair.key)) merged.push(value());
    else {
      const key = toKey(pair.key, state);
      record[key] = value();
    }
  }
  for (const source of merged.flat()) mergeInto(record, source);
  return measured(record, state);
}

function isMergeKey(key: Node | null): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.value === "<<";
}

function mergeInto(record: Record<string, YamlValue>, source: YamlValue | undefined): void {
  if (!isRecord(source)) throw fail("malformed", 'The YAML merges ("<<") something that is not a mapping.');
  for (const [key, value] of Object.entries(source)) if (!Object.hasOwn(record, key)) record[key] = value;
}

// A key that is itself a list or mapping is kept as it is written.
function toKey(key: Node | null, state: Conversion): string {
  const value = convert(key, state);
  if (typeof value !== "object" || value === null) return String(value);
  const [start, end] = key?.range ?? [0, 0];
  return state.text.slice(start, end).slice(0, 1000);
}

function measured<T extends object>(value: T, { sizes, limits }: Conversion): T {
  let size = 1;
  for (const item of Object.values(value))
    size += typeof item === "object" && item !== null ? (sizes.get(item) ?? 1) : 1;
  if (size > limits.values)
    throw fail("limit", `The YAML holds more than ${limits.values} values once its aliases are written out.`);
  sizes.set(value, size);
  return value;
}

function applyTag(node: Node, value: YamlValue, state: Conversion): YamlValue {
  const tag = (node as { tag?: string }).tag;
  if (tag === undefined || tag === "!") return value;
  const tagged = toTagged(tag, value);
  return tagged === undefined ? measured(new OpaqueNode(toShortTag(tag), value), state) : tagged;
}
