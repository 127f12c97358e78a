/** Little-endian two's complement, as LONG1 and LONG4 hold it; a number where it is exact. */
export function toInteger(bytes: Uint8Array): number | bigint {
  if (bytes.length === 0) return 0;
  let digits = "";
  for (const byte of bytes.toReversed()) digits += byte.toString(16).padStart(2, "0");
  return toSafe(BigInt.asIntN(8 * bytes.length, BigInt(`0x${digits}`)));
}

export function parseDecimalInteger(text: string, maxDigits: number): number | bigint | undefined {
  if (text.length > maxDigits + 1 || !/^[+-]?\d+$/.test(text)) return undefined;
  return toSafe(BigInt(text.replace(/^\+/, "")));
}

export function toSafe(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Python's float(): "0.5", "1e-05", "nan", "inf", "-inf". */
export function parsePythonFloat(text: string): number | undefined {
  if (/^[+-]?nan$/.test(text)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/.test(text))
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Python's raw-unicode-escape: only backslash-u and backslash-U are escapes. */
export function unescapeRawUnicode(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short?: string, long?: string) =>
    toCharacter(short ?? long ?? "", whole),
  );
}

function toCharacter(hexadecimal: string, otherwise: string): string {
  const code = Number.parseInt(hexadecimal, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}

/** The repr of a Python 2 string, quotes included; undefined when the quotes do not match. */
export function unescapeString(text: string): string | undefined {
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) return undefined;
  return text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_, code?: string, character?: string) =>
      code === undefined
        ? (escapes.get(character ?? "") ?? `\\${character}`)
        : String.fromCharCode(Number.parseInt(code, 16)),
    );
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
