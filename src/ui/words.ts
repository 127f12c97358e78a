// Numbers and times as the screen writes them.

const counts = new Intl.NumberFormat("en-US");

/** "1,240". */
export function toCount(value: number): string {
  return counts.format(value);
}

/** Four significant digits; DaCapo's NaN and infinities as such. */
export function toScore(score: number | undefined): string {
  if (score === undefined) return "–";
  if (Number.isNaN(score)) return "NaN";
  if (!Number.isFinite(score)) return score > 0 ? "∞" : "−∞";
  if (score === 0) return "0";
  const size = Math.abs(score);
  if (size >= 1e5 || size < 1e-4) return score.toExponential(2).replace("-", "−");
  return score.toPrecision(4).replace("-", "−");
}

/** Up to four significant digits, without zeros at the end: "9", "0.25". */
export function toShortNumber(value: number): string {
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

/** "↓" where lower is better. */
export function toArrow(higherIsBetter: boolean): string {
  return higherIsBetter ? "↑" : "↓";
}

const spans: readonly (readonly [seconds: number, unit: string])[] = [
  [365 * 86400, "year"],
  [30 * 86400, "month"],
  [86400, "day"],
  [3600, "h"],
  [60, "min"],
];

/** "3 min ago"; "just now" within ten seconds and for clocks that differ. */
export function toAgo(at: number, now: number): string {
  const seconds = (now - at) / 1000;
  if (seconds < 10) return "just now";
  return `${toSpan(seconds)} ago`;
}

/** "in 8 s". */
export function toIn(at: number, now: number): string {
  return `in ${toSpan(Math.max(0, Math.ceil((at - now) / 1000)))}`;
}

function toSpan(seconds: number): string {
  const fitting = spans.find(([length]) => seconds >= length);
  if (fitting === undefined) return `${Math.floor(seconds)} s`;
  const count = Math.floor(seconds / fitting[0]);
  const plural = fitting[1].length > 3 && count > 1 ? "s" : "";
  return `${count} ${fitting[1]}${plural}`;
}

/** "AffinitiesTaskConfig" → "AffinitiesTask". */
export function toKindName(type: string): string {
  return type.replace(/Config$/, "");
}
