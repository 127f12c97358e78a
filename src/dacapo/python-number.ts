/**
 * `repr` of a Python float: shortest digits that read back the same, always with a point or an exponent
 * ("0.1", "127.0", "1e-05", "inf"). Python turns to exponents below 1e-4 and from 1e16, JavaScript at 1e-7 and 1e21.
 */
export function toPythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 16) return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  return withPoint(fixed(value, digits, power));
}

// toFixed is exact for the digits that the shortest form has.
function fixed(value: number, digits: string, power: number): string {
  const significant = digits.replace(/[-.]/g, "").length;
  return value.toFixed(Math.max(0, significant - 1 - power));
}

function withPoint(text: string): string {
  return text.includes(".") ? text : `${text}.0`;
}

const NUMBER = /^[+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NAMED = new Map([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);

/** Reads what Python prints for an int or a float; undefined for anything else. */
export function parsePythonNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) return Number(trimmed.replaceAll("_", ""));
  return NAMED.get(trimmed);
}
