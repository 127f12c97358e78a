import type { ValueHistogram } from "#volumes/volume-viewer.ts";

/** The values that the ends of a contrast control stand for. */
export type Span = readonly [begin: number, end: number];

/** All values that occur, and the present black and white, wherever they lie. */
export function toSpan(histogram: ValueHistogram | undefined, [black, white]: Span): Span {
  const begin = Math.min(black, white, histogram?.begin ?? black);
  const end = Math.max(black, white, histogram?.end ?? white);
  return end > begin ? [begin, end] : [begin, begin + 1];
}

export function toFraction(value: number, [begin, end]: Span): number {
  return Math.min(1, Math.max(0, (value - begin) / (end - begin)));
}

export function toValue(fraction: number, [begin, end]: Span): number {
  return begin + Math.min(1, Math.max(0, fraction)) * (end - begin);
}

/** Of the span: black and white never meet, or nothing but these two would be drawn. */
const LEAST_GAP = 0.005;

/** Black and white after one of them (0: black) was moved to `value`, kept within the span and on its side of the other. */
export function moveHandle(range: Span, handle: 0 | 1, value: number, span: Span): Span {
  const gap = LEAST_GAP * (span[1] - span[0]);
  const [black, white] = range;
  return handle === 0
    ? [Math.max(span[0], Math.min(value, white - gap)), white]
    : [black, Math.min(span[1], Math.max(value, black + gap))];
}

/** 1 % of the span for an arrow key, 10 % for a page key, its ends for Home and End; `undefined` for other keys. */
export function toKeyedValue(key: string, value: number, [begin, end]: Span): number | undefined {
  const step = (end - begin) / 100;
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return value - step;
    case "ArrowRight":
    case "ArrowUp":
      return value + step;
    case "PageDown":
      return value - 10 * step;
    case "PageUp":
      return value + 10 * step;
    case "Home":
      return begin;
    case "End":
      return end;
    default:
      return undefined;
  }
}

/** An area over `[0, 1]` by `[0, 1]`, highest bin at the top; roots, so that rare values are seen beside common ones. */
export function toHistogramPath({ begin, end, counts }: ValueHistogram, span: Span): string {
  const most = Math.sqrt(Math.max(1, ...counts));
  const width = (end - begin) / counts.length;
  const at = (bin: number) => toFraction(begin + bin * width, span).toFixed(4);
  const steps = counts.map((count, bin) => {
    const top = (1 - Math.sqrt(count) / most).toFixed(4);
    return `L${at(bin)} ${top}L${at(bin + 1)} ${top}`;
  });
  return `M${at(0)} 1${steps.join("")}L${at(counts.length)} 1Z`;
}
