/** Parsed JSON of unknown make: only own keys are looked at, and only values of the expected shape are taken. */
export type Attributes = Readonly<Record<string, unknown>>;

const none: Attributes = Object.freeze(Object.create(null));

export function toAttributes(value: unknown): Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Attributes) : none;
}

export function own(attributes: Attributes, key: string): unknown {
  return Object.hasOwn(attributes, key) ? attributes[key] : undefined;
}

export function nested(attributes: Attributes, ...keys: readonly string[]): unknown {
  let value: unknown = attributes;
  for (const key of keys) value = own(toAttributes(value), key);
  return value;
}

/** Longest list looked at: far more axes than any array has. */
const maxItems = 64;

export function toNumbers(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxItems) return undefined;
  return value.every((item) => typeof item === "number" && Number.isFinite(item)) ? (value as number[]) : undefined;
}

/** Texts are cut at 100 characters; null stands for an empty one. */
export function toStrings(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxItems) return undefined;
  if (!value.every((item) => typeof item === "string" || item === null)) return undefined;
  return value.map((item: string | null) => (item ?? "").slice(0, 100));
}
