import { toSafe } from "./pickle-text.ts";

export type YamlScalar = null | boolean | number | bigint | string;

/** What PyYAML makes of a plain (unquoted) scalar: its own forms of null, bool, int and float, else text ("1e5", "y"). */
export function toPlainScalar(text: string): YamlScalar {
  if (text.length > 400) return text;
  return words.get(text) ?? (isNull(text) ? null : (toYamlInteger(text) ?? toYamlFloat(text) ?? text));
}

function isNull(text: string): boolean {
  return text === "" || text === "~" || /^(null|Null|NULL)$/.test(text);
}

const words: ReadonlyMap<string, boolean> = new Map([
  ...["yes", "true", "on"].flatMap((word) => spellings(word).map((text) => [text, true] as const)),
  ...["no", "false", "off"].flatMap((word) => spellings(word).map((text) => [text, false] as const)),
]);

function spellings(word: string): string[] {
  return [word, word[0]?.toUpperCase() + word.slice(1), word.toUpperCase()];
}

/** PyYAML's int: decimal, 0b, 0x, 0-led octal, base 60 with colons, underscores between digits. */
export function toYamlInteger(text: string): number | bigint | undefined {
  const negative = text.startsWith("-");
  const digits = text.replace(/^[+-]/, "").replaceAll("_", "");
  const magnitude = toMagnitude(digits, text);
  return magnitude === undefined ? undefined : toSafe(negative ? -magnitude : magnitude);
}

function toMagnitude(digits: string, text: string): bigint | undefined {
  if (!/^[+-]?[0-9]/.test(text) || digits === "") return undefined;
  if (/^0b[01]+$|^0x[0-9a-fA-F]+$|^(0|[1-9]\d*)$/.test(digits)) return BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  return /^[1-9]\d*(:[0-5]?\d)+$/.test(digits)
    ? digits.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n)
    : undefined;
}

/** PyYAML's float: a point is needed, and a sign in the exponent; .inf, .nan; base 60 with colons. */
export function toYamlFloat(text: string): number | undefined {
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text))
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^\.(nan|NaN|NAN)$/.test(text)) return Number.NaN;
  if (/^([-+]?\d[\d_]*\.[\d_]*|\.\d[\d_]*)([eE][-+]\d+)?$/.test(text)) return Number(text.replaceAll("_", ""));
  if (!/^[-+]?\d[\d_]*(:[0-5]?\d)+\.[\d_]*$/.test(text)) return undefined;
  const parts = text.replace(/^[-+]/, "").replaceAll("_", "").split(":");
  const magnitude = parts.reduce((sum, part) => sum * 60 + Number(part), 0);
  return text.startsWith("-") ? -magnitude : magnitude;
}
