import { toPlainScalar } from "./yaml-scalars.ts";
import { toFullTag, toTagged } from "./yaml-tags.ts";
import type { YamlRecord, YamlValue } from "./yaml-value.ts";

const maxLength = 2 ** 20;
const maxDepth = 60;
/** With aliases written out. */
const maxValues = 100_000;

/** What a line says from its first character that is no space on. */
type Line = { readonly column: number; readonly text: string };

type Reader = {
  /** The rest of a line that begins a list inside a list takes the line's place. */
  readonly lines: Line[];
  at: number;
  depth: number;
  values: number;
  readonly anchors: Map<string, { readonly value: YamlValue; readonly values: number }>;
};

/**
 * The part of YAML that PyYAML's `dump` writes for configs: one key or item a line, text on one line, `[]`, `{}`,
 * anchors, aliases and the tags of plain Python values.
 * Undefined for every text that uses, or may use, anything else: that is no error, but another reader's.
 */
export function parsePlainYaml(text: string): YamlValue | undefined {
  if (text.length > maxLength || /[^\n\x20-\x7e]|^\n|\n\n|[^\n]$|^$/.test(text)) return undefined;
  const reader = { lines: toLines(text), at: 0, depth: 0, values: 0, anchors: new Map() };
  const value = parseBlock(reader, 0);
  return reader.at === reader.lines.length ? value : undefined;
}

function toLines(text: string): Line[] {
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => {
      const trimmed = line.trimStart();
      return { column: line.length - trimmed.length, text: trimmed };
    });
}

const isItem = (text: string) => text === "-" || text.startsWith("- ");
const entry = /^([A-Za-z_][\w.-]*):(?: (\S.*))?$/;

function parseBlock(reader: Reader, column: number): YamlValue | undefined {
  const line = reader.lines[reader.at];
  if (line?.column !== column || reader.depth >= maxDepth) return undefined;
  reader.depth++;
  const value = isItem(line.text) ? parseList(reader, column) : parseRecord(reader, column);
  reader.depth--;
  return value;
}

/** The next line, where it belongs to the list or mapping at `column`. A deeper one would continue the value before. */
function nextAt({ lines, at }: Reader, column: number): Line | undefined {
  const line = lines[at];
  return line?.column === column ? line : undefined;
}

function parseList(reader: Reader, column: number): YamlValue[] | undefined {
  const items: YamlValue[] = [];
  for (let line = nextAt(reader, column); line !== undefined && isItem(line.text); line = nextAt(reader, column)) {
    const item = parseItem(reader, column, line.text.slice(2));
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function parseItem(reader: Reader, column: number, text: string): YamlValue | undefined {
  if (!isItem(text) && !entry.test(text)) return parseValue(reader, column, text, false);
  reader.lines[reader.at] = { column: column + 2, text };
  return parseBlock(reader, column + 2);
}

function parseRecord(reader: Reader, column: number): YamlRecord | undefined {
  const record = Object.create(null) as Record<string, YamlValue>;
  for (let line = nextAt(reader, column); line !== undefined && !isItem(line.text); line = nextAt(reader, column)) {
    const [, key, text = ""] = entry.exec(line.text) ?? [];
    const value = key === undefined ? undefined : parseValue(reader, column, text, true);
    if (key === undefined || value === undefined) return undefined;
    record[String(toPlainScalar(key))] = value;
  }
  return record;
}

const properties = /^(?:&([\w-]+)(?: |$))?(?:(!![\w./:]+)(?: |$))?(.*)$/;

/** What stands behind a key or a dash. A list may begin in the column of its key, not in that of its dash. */
function parseValue(reader: Reader, column: number, text: string, isKey: boolean): YamlValue | undefined {
  const [, anchor, tag, rest = ""] = properties.exec(text) ?? [];
  const before = reader.values++;
  reader.at++;
  const value = rest === "" ? parseBelow(reader, column, isKey, text === "") : parseInline(reader, rest, tag);
  if (value === undefined || reader.values > maxValues) return undefined;
  const tagged = tag === undefined ? value : toTagged(toFullTag(tag), value);
  if (tagged !== undefined && anchor !== undefined)
    reader.anchors.set(anchor, { value: tagged, values: reader.values - before });
  return tagged;
}

function parseBelow(reader: Reader, column: number, isKey: boolean, isBare: boolean): YamlValue | undefined {
  const next = reader.lines[reader.at];
  const isBelow = next !== undefined && next.column > column;
  if (isBelow || (isKey && next?.column === column && isItem(next.text))) return parseBlock(reader, next.column);
  return isBare ? null : undefined;
}

const alias = /^\*([\w-]+)$/;
const quoted = /^'((?:[^']|'')*)'$/;
const doubleQuoted = /^"([^"\\]*)"$/;
/** No indicator at its start; no ": ", " #", nor colon or space at its end. */
const plain = /^(?!\.\.\.$)-?[\w./~(+=<](?:[^:# ]|:(?=\S)| +(?=[^# ])|#)*$/;

function parseInline(reader: Reader, text: string, tag: string | undefined): YamlValue | undefined {
  if (text === "[]") return [];
  if (text === "{}") return Object.create(null) as YamlRecord;
  const [, name] = alias.exec(text) ?? [];
  if (name !== undefined) return tag === undefined ? resolve(reader, name) : undefined;
  const [, single] = quoted.exec(text) ?? [];
  if (single !== undefined) return single.replaceAll("''", "'");
  const [, double] = doubleQuoted.exec(text) ?? [];
  if (double !== undefined || !plain.test(text)) return double;
  return tag === undefined ? toPlainScalar(text) : text;
}

function resolve(reader: Reader, name: string): YamlValue | undefined {
  const known = reader.anchors.get(name);
  reader.values += known?.values ?? 0;
  return known?.value;
}
