import type { YamlRecord, YamlValue } from "#storage/formats/yaml-value.ts";
import { isRecord } from "#storage/formats/yaml-value.ts";

// Parts of a package's description, which may be anything.

export function toText(value: YamlValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, 4096) : undefined;
}

export function textAt(record: YamlRecord, key: string): string | undefined {
  return toText(record[key]);
}

export function recordAt(record: YamlRecord, key: string): YamlRecord | undefined {
  const value = record[key];
  return isRecord(value) ? value : undefined;
}

export function isList(value: YamlValue | undefined): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** YAML 1.1 takes "1e-6" for text. */
export function toNumber(value: YamlValue | undefined): number | undefined {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof found === "number" && !Number.isNaN(found) ? found : undefined;
}

/** One number or several; undefined where any is none. */
export function toNumberList(value: YamlValue | undefined): readonly number[] | undefined {
  if (!isList(value)) {
    const single = toNumber(value);
    return single === undefined ? undefined : [single];
  }
  const numbers = value.map(toNumber);
  return numbers.length > 0 && numbers.length <= 4096 && numbers.every((number) => number !== undefined)
    ? numbers
    : undefined;
}
