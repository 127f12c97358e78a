/** A score or loss as Python and NumPy write it: None is NaN, booleans 0 and 1; undefined when it is no number at all. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  return value === null ? Number.NaN : undefined;
}
