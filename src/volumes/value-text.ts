/** Four figures of a number, ids whole, channels side by side; "" where there is nothing. */
export function toValueText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(toValueText).filter(Boolean).join(", ");
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  if (typeof value === "object") return toValueText((value as { readonly value?: unknown }).value);
  return String(value);
}
