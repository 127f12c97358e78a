const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** An iteration, or a count, with separators: 1,240. */
export function formatCount(value: number): string {
  return WHOLE.format(value);
}

/** A value to about four digits as people read it: 0.8312, 12.3, 1.2e-7, NaN, +∞. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+∞" : "−∞";
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size < 1e-3 || size >= 1e6)
    return withMinus(
      value
        .toExponential(2)
        .replace(/\.?0+e/, "e")
        .replace("e+", "e"),
    );
  return withMinus(trimZeros(size >= 100 ? value.toFixed(1) : size >= 10 ? value.toFixed(2) : value.toPrecision(4)));
}

/** A tick of an axis: as short as it can be told. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size < 1e-3 || size >= 1e6) return withMinus(Number(value.toPrecision(4)).toExponential().replace("e+", "e"));
  return withMinus(String(Number(value.toPrecision(6))));
}

/** An iteration on an axis: 800, 12k, 1.5M. */
export function formatIterationTick(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(7))}M`;
  return value >= 1e4 && value % 100 === 0 ? `${value / 1e3}k` : formatCount(value);
}

/** 3 h 12 min, 45 s, 0.25 s. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return formatValue(seconds);
  if (seconds < 60) return `${formatValue(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function withMinus(text: string): string {
  return text.replace(/^-/, "−");
}
