/** Round numbers (1, 2, 5 times a power of ten) inside a span, about `count` of them and at most half as many again, both ends included when they are round. */
export function toTicks(low: number, high: number, count: number, integers = false): readonly number[] {
  if (!(high > low) || !Number.isFinite(high - low)) return [low];
  const step = Math.max(integers ? 1 : 0, roundStep((high - low) / Math.max(1, count)));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => toPlain((first + i) * step));
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const fraction = rough / power;
  return power * (fraction < Math.SQRT2 ? 1 : fraction < Math.sqrt(10) ? 2 : fraction < Math.sqrt(50) ? 5 : 10);
}

/** Powers of ten inside a positive span, with 2 and 5 times them where they are few; at most about `count`. */
export function toLogTicks(low: number, high: number, count: number): readonly number[] {
  const decades = Math.log10(high) - Math.log10(low);
  if (decades < 1) return toTicks(low, high, count);
  const every = Math.ceil(decades / count);
  const multiples = decades * 3 <= count ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent++) {
    if (exponent % every === 0) for (const multiple of multiples) ticks.push(toPlain(multiple * 10 ** exponent));
  }
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

/** Drops the noise that multiplying a step leaves behind (0.30000000000000004). */
function toPlain(value: number): number {
  return Number(value.toPrecision(12));
}

/** The span of values with a little room; down to zero when that costs little of it. Positive spans grow by a factor. */
export function toValueDomain(low: number, high: number, log: boolean): readonly [number, number] {
  if (log) {
    const room = Math.max(1.05, (high / low) ** 0.04);
    return [low / room, high * room];
  }
  const room = high > low ? (high - low) * 0.05 : Math.abs(high) * 0.1 || 0.5;
  const bottom = low >= 0 && (low < high * 0.3 || low - room < 0) ? 0 : low - room;
  return [bottom, high + room];
}
