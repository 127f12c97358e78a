import { toPlainScalar, toYamlFloat, toYamlInteger } from "./yaml-scalars.ts";
import { isRecord, type YamlValue } from "./yaml-value.ts";

const python = "tag:yaml.org,2002:";

type Cast = (value: YamlValue) => YamlValue | undefined;
const asIs: Cast = (value) => value;
const textOr =
  (parse: (text: string) => YamlValue | undefined): Cast =>
  (value) =>
    typeof value === "string" ? parse(value) : undefined;
const listOnly: Cast = (value) => (Array.isArray(value) ? value : undefined);
const recordOnly: Cast = (value) => (isRecord(value) ? value : undefined);
const boolean = textOr((text) => (typeof toPlainScalar(text) === "boolean" ? toPlainScalar(text) : undefined));
const number = textOr(
  (text) =>
    toYamlFloat(text) ??
    toYamlInteger(text) ??
    (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined),
);

// Tags that name plain values; every other one names an object.
const casts: ReadonlyMap<string, Cast> = new Map<string, Cast>([
  ["str", textOr(asIs)],
  ["null", () => null],
  ["bool", boolean],
  ["int", textOr(toYamlInteger)],
  ["float", number],
  ["seq", listOnly],
  ["map", recordOnly],
  ["python/none", () => null],
  ["python/bool", boolean],
  ["python/int", textOr(toYamlInteger)],
  ["python/long", textOr(toYamlInteger)],
  ["python/float", number],
  ["python/str", textOr(asIs)],
  ["python/unicode", textOr(asIs)],
  ["python/list", listOnly],
  ["python/tuple", listOnly],
  ["python/dict", recordOnly],
]);

/** What PyYAML makes of a value under a tag: `!!int` of a text, `!!python/tuple` of a list; undefined for any object. */
export function toTagged(tag: string, value: YamlValue): YamlValue | undefined {
  return tag.startsWith(python) ? casts.get(tag.slice(python.length))?.(value) : undefined;
}

/** `!!python/tuple` for its full name, and other tags as they are; at most 500 characters. */
export function toShortTag(tag: string): string {
  return tag.replace(python, "!!").slice(0, 500);
}

export function toFullTag(tag: string): string {
  return tag.replace(/^!!/, python);
}
