import type { YamlScalar } from "./yaml-scalars.ts";

/** A record has no prototype: any key, `__proto__` too, is only a key. Tuples are lists. Aliases share one value. */
export type YamlValue = YamlScalar | readonly YamlValue[] | YamlRecord | OpaqueNode;
export type YamlRecord = { readonly [key: string]: YamlValue };

/** A Python object that is named but never built, such as `!!python/object/apply:numpy.float64`, with what was under it. */
export class OpaqueNode {
  readonly tag: string;
  readonly value: YamlValue;

  constructor(tag: string, value: YamlValue) {
    this.tag = tag;
    this.value = value;
  }
}

export function isRecord(value: unknown): value is YamlRecord {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
}
